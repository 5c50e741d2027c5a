import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PadlockError } from '../../src/core/model/errors.ts';
import type { Mail, Notifier } from '../../src/core/ports/notifier.ts';

/** Where mails of one test arrive. */
export interface Inbox {
  readonly notifier: Notifier;
  /** What has arrived, oldest first. */
  mails(): Promise<readonly Mail[]>;
  /** From now on nothing can. */
  breakDown(): Promise<void>;
  close(): Promise<void>;
}

const MAIL: Mail = { to: 'ada@northwind.example', subject: 'Your invitation to Northwind IT', text: 'Hello Ada,\n\nchoose a password.\n' };

async function failureOf(work: Promise<void>): Promise<PadlockError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PadlockError) return error;
  throw new Error(`it did not fail as it should: ${String(error)}`);
}

/** What any way for mails must do. */
export function notifierContract(name: string, open: () => Promise<Inbox>): void {
  describe(name, () => {
    let inbox: Inbox;
    beforeEach(async () => {
      inbox = await open();
    });
    afterEach(() => inbox.close());

    test('hands a mail over: to one address, subject and text as they are', async () => {
      await inbox.notifier.send(MAIL);
      expect(await inbox.mails()).toEqual([MAIL]);
    });

    test('several, each by itself', async () => {
      for (const n of [1, 2, 3]) await inbox.notifier.send({ ...MAIL, subject: `mail ${n}` });
      expect((await inbox.mails()).map(({ subject }) => subject)).toEqual(['mail 1', 'mail 2', 'mail 3']);
    });

    test('words of any language arrive', async () => {
      const mail = { to: 'jörg@northwind.example', subject: 'Grüße aus Köln, 東京 🙂', text: 'Straße\n\n東京 🙂 end\n' };
      await inbox.notifier.send(mail);
      expect(await inbox.mails()).toEqual([mail]);
    });

    test.each([
      'nobody',
      'a@b.example, c@d.example',
      'a@b.example\r\nBcc: c@d.example',
      'Ada <a@b.example>',
      'a@b.example c@d.example',
      'a@b.example;c@d.example',
      '"a b"@c.example',
      '@b.example',
      'a@',
      '',
      'a@b@c.example',
      'group: a@b.example;',
    ])('what is no address goes nowhere: %j', async (to) => {
      const error = await failureOf(inbox.notifier.send({ ...MAIL, to }));
      expect(error.code).toBe('notify/failed');
      expect(await inbox.mails()).toEqual([]);
    });

    test('a subject of several lines begins no header', async () => {
      await inbox.notifier.send({ ...MAIL, subject: 'one\r\nBcc: all@northwind.example\r\n\r\ntwo' });
      const [mail] = await inbox.mails();
      expect(mail?.subject).toBe('one Bcc: all@northwind.example two');
      expect(mail?.text).toBe(MAIL.text);
    });

    test('where it cannot, it says so, and neither whom nor what', async () => {
      await inbox.breakDown();
      const error = await failureOf(inbox.notifier.send({ ...MAIL, text: 'https://mfa.northwind.example/invitation/SECRET' }));
      expect(error.code).toBe('notify/failed');
      expect(error.fix).not.toBe(undefined);
      expect(`${error.message} ${error.fix} ${JSON.stringify(error.cause)} ${error.stack}`).not.toMatch(/SECRET|ada@|hunter2/);
    });
  });
}
