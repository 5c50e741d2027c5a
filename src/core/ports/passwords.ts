/** Passwords that nobody may choose: they are what is tried first. Errors: `sign-in/breached-unreadable`. */
export interface CommonPasswords {
  /** Whether a password is one of them. Takes no part of it anywhere outside. */
  has(password: string): boolean;
}
