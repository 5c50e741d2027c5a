import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PadlockError } from '../../core/model/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Mail, Notifier } from '../../core/ports/notifier.ts';
import type { Random } from '../../core/ports/random.ts';
import { checkAddress, oneLine } from './address.ts';

/** What a folder of mails is made with. */
export interface FolderOptions {
  readonly folder: string;
  readonly from: string;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Writes each mail as a file for its owner alone, whole or not at all: to try things out, where links may lie on a disk. The names are in
 * the order of time.
 */
export function folderNotifier({ folder, from, clock, random }: FolderOptions): Notifier {
  return {
    async send(mail) {
      checkAddress(mail.to);
      const at = new Date(clock.now());
      const name = `${at.toISOString().replaceAll(':', '-')}-${Buffer.from(random.bytes(4)).toString('hex')}.eml`;
      const temporary = join(folder, `.${name}.part`);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const file = await open(temporary, 'wx', 0o600);
        try {
          await file.writeFile(textOf(mail, from, at));
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, join(folder, name));
      } catch (cause) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw notWritten(folder, cause);
      }
    },
  };
}

function textOf({ to, subject, text }: Mail, from: string, at: Date): string {
  const headers = [`From: ${from}`, `To: ${to}`, `Subject: ${oneLine(subject)}`, `Date: ${at.toUTCString()}`];
  return `${headers.join('\n')}\n\n${text}`;
}

function notWritten(folder: string, cause: unknown): PadlockError {
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new PadlockError('notify/failed', `mails cannot be written to ${folder}${code}`, {
    fix: 'set portal.mail.folder to one that is writable and has room',
  });
}
