import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail as a mail server gets it. */
export interface Posted {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly raw: string;
}

/** A real mail server on this machine. */
export interface PostOffice {
  readonly port: number;
  readonly mails: readonly Posted[];
  /** How often somebody tried to log in. */
  readonly logins: number;
  close(): Promise<void>;
}

/** Opens one that lets in one user. `tls`: it offers STARTTLS, by a certificate of its own. Addresses that begin with `refused` it does not take. */
export async function openPostOffice(options: {
  user: string;
  password: string;
  host?: string;
  tls?: boolean;
  port?: number;
}): Promise<PostOffice> {
  const mails: Posted[] = [];
  const office = { mails, logins: 0 };
  const server = new SMTPServer({
    disabledCommands: options.tls === true ? [] : ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: true,
    onAuth({ username, password }, _, done) {
      office.logins += 1;
      if (username === options.user && password === options.password) done(null, { user: username });
      else done(Object.assign(new Error(`no such login ${username} ${password}`), { responseCode: 535 }));
    },
    onRcptTo({ address }, _, done) {
      done(address.startsWith('refused') ? Object.assign(new Error(`no such user ${address}`), { responseCode: 550 }) : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const raw = Buffer.concat(chunks).toString('utf8');
        mails.push({ ...parsed(raw), raw, from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    mails,
    get logins() {
      return office.logins;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function parsed(raw: string): { subject: string; text: string } {
  const end = raw.indexOf('\r\n\r\n');
  const headers = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(headers)?.[1]?.trim() ?? '';
  const body = raw.slice(end + 4);
  const encoding = header('Content-Transfer-Encoding').toLowerCase();
  const text =
    encoding === 'base64' ? Buffer.from(body, 'base64').toString('utf8') : encoding === 'quoted-printable' ? unquoted(body) : body;
  return { subject: words(header('Subject')), text: text.replaceAll('\r\n', '\n') };
}

function unquoted(text: string): string {
  const bytes = text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Encoded words of a header (RFC 2047). */
function words(text: string): string {
  return text.replace(/\?=\s+=\?/g, '?==?').replace(/((?:=\?utf-8\?[qb]\?[^?]*\?=)+)/gi, (run) => {
    const parts = [...run.matchAll(/=\?utf-8\?([qb])\?([^?]*)\?=/gi)].map(([, kind, inner = '']) =>
      kind?.toLowerCase() === 'b'
        ? Buffer.from(inner, 'base64')
        : Buffer.from(
            inner.replaceAll('_', ' ').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          ),
    );
    return Buffer.concat(parts).toString('utf8');
  });
}
