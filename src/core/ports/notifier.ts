/** One mail to one person: plain text, and nothing in it that only some readers show. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/**
 * Where mails leave. Handed over means: somebody else answers for it now, or it is on the disk.
 * Errors: `notify/failed`, whose words name neither the person nor what the mail says.
 */
export interface Notifier {
  send(mail: Mail): Promise<void>;
}
