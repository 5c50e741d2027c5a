import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PadlockError } from '../../../src/core/model/errors.ts';
import { NOTICES, type NoticeAbout } from '../../../src/core/model/sign-in.ts';
import type { Mail, Notifier } from '../../../src/core/ports/notifier.ts';
import { acceptInvitation, askForMail, viewLink } from '../../../src/flows/sign-in/links.ts';
import { sendNotices } from '../../../src/flows/sign-in/notices.ts';
import { changesOf } from '../../contract/store-world.ts';
import { examplePolicies } from '../northwind.ts';
import { ACCOUNT, PASSWORD, Portal } from './portal.ts';

const ADA = 'ada@northwind.example';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
  portal.northwind.opened.raw.exec('delete from notices');
});
afterEach(() => portal.close());

/** Keeps what it is given, or fails as a mail server does. */
class Postman implements Notifier {
  readonly mails: Mail[] = [];
  fails = false;

  async send(mail: Mail): Promise<void> {
    if (this.fails) throw new PadlockError('notify/failed', 'the mail server did not take a mail');
    this.mails.push(mail);
  }
}

async function notify(about: NoticeAbout, address = ADA, detail: Readonly<Record<string, string | number>> = {}): Promise<void> {
  const id = await portal.idOf(address);
  await portal.world.store.write(portal.northwind.now, (transaction) => transaction.notify(id, about, detail));
}

const waiting = async () => (await portal.world.store.read((reader) => reader.pulse())).mails;
const acts = () => portal.northwind.opened.raw.prepare('select act, body from audit order by seq').all() as { act: string; body: string }[];
const tokenIn = (mail: Mail | undefined, path: string) =>
  new RegExp(`${portal.site.origin}/${path}/([\\w-]{43})\n`).exec(mail?.text ?? '')?.[1] ?? '';

describe('what is due', () => {
  test.each(NOTICES)('%s is sent once to its person', async (about) => {
    const postman = new Postman();
    if (about === 'unlock') await portal.world.store.write(portal.northwind.now, async (t) => t.lock(await portal.idOf(ADA)));
    await notify(about);
    expect(await sendNotices(portal.world, postman)).toEqual({ sent: 1, failed: [], givenUp: 0, more: false });
    expect(postman.mails).toEqual([
      { to: ADA, subject: expect.stringContaining('Northwind IT'), text: expect.stringContaining('Ada Moreau') },
    ]);
    expect(await sendNotices(portal.world, postman)).toMatchObject({ sent: 0 });
    expect([postman.mails.length, await waiting()]).toEqual([1, 0]);
  });

  test('many, in the order in which they happened, and it is told that there are more', async () => {
    const postman = new Postman();
    for (let left = 0; left < 25; left += 1) {
      await notify('recovery-code-used', ADA, { left });
      portal.later(1);
    }
    expect(await sendNotices(portal.world, postman)).toMatchObject({ sent: 20, more: true });
    expect(await sendNotices(portal.world, postman)).toMatchObject({ sent: 5, more: false });
    expect(postman.mails.map(({ text }) => Number(/ (\d+|No) codes? (?:is|are) left/.exec(text)?.[1] ?? -1) || 0)).toEqual(
      Array.from({ length: 25 }, (_, left) => left),
    );
  });
});

describe('links', () => {
  test('an invitation lets its holder in, and was in no table before', async () => {
    await portal.northwind.apply(examplePolicies());
    const postman = new Postman();
    await notify('invitation');
    expect(portal.northwind.opened.raw.prepare('select count(*) from links').pluck().get()).toBe(0);
    await sendNotices(portal.world, postman);
    const token = tokenIn(
      postman.mails.find(({ to }) => to === ADA),
      'invitation',
    );
    expect(JSON.stringify(portal.northwind.opened.raw.prepare('select * from links').all())).not.toContain(token);
    expect(await acceptInvitation(portal.world, token, PASSWORD, 'a browser')).toMatchObject({ is: 'in' });
  });

  test.each(['unlock', 'password-reset'] as const)('%s, as a door asks for it', async (about) => {
    await portal.enrolled(ADA);
    portal.northwind.opened.raw.exec('delete from notices');
    if (about === 'unlock') await portal.world.store.write(portal.northwind.now, async (t) => void (await t.lock(await portal.idOf(ADA))));
    await askForMail(portal.world, about, { scope: ACCOUNT, address: ADA, from: '192.0.2.1' });
    const postman = new Postman();
    await sendNotices(portal.world, postman);
    expect(await viewLink(portal.world, tokenIn(postman.mails[0], about), about)).toMatchObject({ is: 'open' });
    portal.later(HOUR);
    expect(await viewLink(portal.world, tokenIn(postman.mails[0], about), about)).toMatchObject({ is: 'expired' });
  });

  test('tried again, a mail has a link of its own, and the one before works no more', async () => {
    const postman = new Postman();
    const lost: Mail[] = [];
    await notify('password-reset');
    const losing: Notifier = {
      async send(mail) {
        lost.push(mail);
        throw new PadlockError('notify/failed', 'it took it, and hung up');
      },
    };
    await sendNotices(portal.world, losing);
    portal.later(MINUTE);
    await sendNotices(portal.world, postman);
    expect(await viewLink(portal.world, tokenIn(lost[0], 'password-reset'), 'password-reset')).toMatchObject({ is: 'replaced' });
    expect(await viewLink(portal.world, tokenIn(postman.mails[0], 'password-reset'), 'password-reset')).toMatchObject({ is: 'open' });
  });

  test.each([
    [
      'whose address is another by now',
      (id: number) => changesOf({ updated: [{ id, attributes: { address: 'ada2@northwind.example' } }] }),
    ],
    ['who may not sign in by now', (id: number) => changesOf({ updated: [{ id, attributes: { enabled: false } }] })],
  ])('go to nobody %s; other mails do', async (_, changes) => {
    await notify('password-reset');
    await notify('locked');
    const id = await portal.idOf(ADA);
    const { now } = portal.northwind;
    await portal.world.store.write(now, (t) =>
      t.importDirectory({ ...changes(id), account: ACCOUNT }, { name: 'portal', enrollment: 'store' }, new Map()),
    );
    const postman = new Postman();
    expect(await sendNotices(portal.world, postman)).toMatchObject({ sent: 1, failed: [] });
    expect(postman.mails.map(({ to, subject }) => [to, subject.includes('locked')])).toEqual([[ADA, true]]);
    expect(acts().at(-1)).toMatchObject({ act: 'mail.dropped', body: expect.stringContaining('password-reset') });
    expect(await waiting()).toBe(0);
  });
});

describe('what cannot be sent', () => {
  test('is tried after 1, 2, 4 … minutes, at most an hour apart, given up after a day, and that is audited', async () => {
    const postman = new Postman();
    postman.fails = true;
    await notify('locked');
    const began = portal.northwind.now;
    const tries: number[] = [];
    while ((await waiting()) > 0) {
      const { failed } = await sendNotices(portal.world, postman);
      if (failed.length > 0) tries.push((portal.northwind.now - began) / MINUTE);
      portal.later(MINUTE);
      if (portal.northwind.now - began > 48 * HOUR) break;
    }
    expect(tries.slice(0, 9)).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
    expect(tries.at(-1)).toBeGreaterThanOrEqual(24 * 60);
    expect(tries.at(-1)).toBeLessThan(25 * 60);
    expect(acts().filter(({ act }) => act.startsWith('mail.'))).toHaveLength(1);
    expect(acts().at(-1)).toMatchObject({ act: 'mail.given-up', body: expect.stringContaining('locked') });
    expect(acts().at(-1)?.body).not.toContain(ADA);
  });

  test('holds no other up', async () => {
    const sent: string[] = [];
    await notify('locked', ADA);
    await notify('locked', 'ben@northwind.example');
    const picky: Notifier = {
      async send({ to }) {
        if (to === ADA) throw new PadlockError('notify/failed', 'refused');
        sent.push(to);
      },
    };
    expect(await sendNotices(portal.world, picky)).toMatchObject({ sent: 1, failed: [{ code: 'notify/failed' }] });
    expect(sent).toEqual(['ben@northwind.example']);
  });
});

describe('several processes', () => {
  test('at once: each mail once', async () => {
    const postman = new Postman();
    for (const address of [ADA, 'ben@northwind.example', 'carla@northwind.example']) await notify('locked', address);
    await Promise.all([1, 2, 3, 4].map(() => sendNotices(portal.world, postman)));
    expect(postman.mails.map(({ to }) => to).sort()).toEqual([ADA, 'ben@northwind.example', 'carla@northwind.example']);
  });

  test('one that is killed between taking and sending loses nothing: another sends it later', async () => {
    const postman = new Postman();
    await notify('locked');
    const killed: Notifier = { send: () => new Promise(() => undefined) };
    void sendNotices(portal.world, killed);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await sendNotices(portal.world, postman)).toMatchObject({ sent: 0 });
    portal.later(2 * MINUTE);
    expect(await sendNotices(portal.world, postman)).toMatchObject({ sent: 1 });
    expect([postman.mails.length, await waiting()]).toEqual([1, 0]);
  });

  test('one that fails on the way out, not by the mail server, leaves the mail to be sent later', async () => {
    const postman = new Postman();
    await notify('locked');
    await expect(sendNotices(portal.world, { send: () => Promise.reject(new TypeError('a fault of ours')) })).rejects.toThrow(TypeError);
    portal.later(2 * MINUTE);
    expect(await sendNotices(portal.world, postman)).toMatchObject({ sent: 1 });
  });
});
