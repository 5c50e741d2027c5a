import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import { PadlockError } from '../../core/model/errors.ts';
import type { Mail, Notifier } from '../../core/ports/notifier.ts';
import { checkAddress, oneLine } from './address.ts';

/** What mails are sent with. */
export interface MailOptions {
  /** `smtps://USER@HOST:PORT`, or `smtp://` for STARTTLS. */
  readonly server: string;
  readonly from: string;
  /** The file with the password, read anew for each mail: it may be changed at any time. */
  readonly passwordFile: string | undefined;
  /** For tests: how long anything may take. */
  readonly patience?: number;
}

/** Longest wait for the server at each step. A mail as a whole is given four of them. */
const PATIENCE = 15_000;

/**
 * Sends mails by SMTP, over TLS with a certificate that holds; only on this machine without. What a server says goes no further than its
 * code: it may quote what it was given.
 */
export function mailNotifier({ server, from, passwordFile, patience = PATIENCE }: MailOptions): Notifier {
  const { protocol, hostname, port, username, password } = new URL(server);
  const secure = protocol === 'smtps:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const local = host === 'localhost' || host === '::1' || /^127[.]/.test(host);
  const auth = () =>
    username === ''
      ? {}
      : {
          auth: {
            user: decodeURIComponent(username),
            pass: passwordFile === undefined ? decodeURIComponent(password) : read(passwordFile),
          },
        };
  return {
    async send(mail) {
      checkAddress(mail.to);
      const transport = createTransport({
        host,
        ...(port !== '' && { port: Number(port) }),
        secure,
        ...(local && !secure ? { ignoreTLS: true } : { requireTLS: true }),
        tls: { minVersion: 'TLSv1.2' },
        connectionTimeout: patience,
        greetingTimeout: patience,
        socketTimeout: patience,
        disableFileAccess: true,
        disableUrlAccess: true,
        ...auth(),
      });
      const late = lateAfter(4 * patience);
      try {
        await Promise.race([transport.sendMail(messageOf(mail, from)), late.promise]);
      } catch (error) {
        throw notTaken(error);
      } finally {
        late.clear();
        transport.close();
      }
    },
  };
}

function messageOf({ to, subject, text }: Mail, from: string) {
  return {
    from,
    to: { name: '', address: to },
    subject: oneLine(subject),
    text,
    // No vacation notice answers, no list passes it on (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

/** A server that lets fall a byte now and then never runs into a timeout of its own. */
function lateAfter(milliseconds: number) {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })), milliseconds);
  });
  return { promise, clear: () => clearTimeout(timer) };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new PadlockError('notify/failed', `the password of the mail server cannot be read from ${file}${code}`, {
      fix: 'correct portal.mail.passwordFile',
    });
  }
}

function notTaken(error: unknown): PadlockError {
  const { code, responseCode } = error instanceof Error ? (error as Error & { code?: unknown; responseCode?: unknown }) : {};
  const told = [code, responseCode].filter((part) => /^[A-Z0-9_]{1,40}$/.test(String(part)) && part !== undefined).join(' ');
  return new PadlockError('notify/failed', `the mail server did not take a mail${told === '' ? '' : ` (${told})`}`, {
    fix: 'check portal.mail, and what the server has in its log; it is tried again',
  });
}
