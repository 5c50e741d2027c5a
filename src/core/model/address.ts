/** The form in which addresses are compared: ASCII letters in lower case, all else as it is, so that look-alikes stay different people. */
export function addressKey(address: string): string {
  return address.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
