/**
 * Threat: whoever guesses learns who exists, who is disabled and whose password was right, by text, code or time. Here every refusal is the
 * same answer after the same work: one hash, the same statements' kinds, the same counts. So is what asks for a mail: as many statements, and as
 * many rows written, whether somebody gets one or not.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Mail } from '../../src/core/ports/notifier.ts';
import { askForMail } from '../../src/flows/sign-in/links.ts';
import { sendNotices } from '../../src/flows/sign-in/notices.ts';
import { tablesOf } from '../adapters/store/opened.ts';
import { ACCOUNT, PASSWORD, Portal } from '../flows/sign-in/portal.ts';

const [ADA, BEN, EMIL] = ['ada@northwind.example', 'ben@northwind.example', 'emil@northwind.example'];

let portal: Portal;
let statements: string[] = [];
beforeEach(async () => {
  portal = await Portal.open((statement) => statements.push(statement));
  await portal.enrolled(ADA);
  await portal.welcome(BEN);
  await portal.setEnabled(BEN, false);
});
afterEach(() => portal.close());

const REFUSED: readonly (readonly [string, string, string, string])[] = [
  ['nobody is called so', 'nobody@northwind.example', PASSWORD, ACCOUNT],
  ['it is no address', "' or 1=1 --", PASSWORD, ACCOUNT],
  ['a wrong password', ADA, 'wrong', ACCOUNT],
  ['no password', ADA, '', ACCOUNT],
  ['no password was ever set', EMIL, PASSWORD, ACCOUNT],
  ['somebody disabled, with the right password', BEN, PASSWORD, ACCOUNT],
  ['the right password at a door where the person is no member', ADA, PASSWORD, `${ACCOUNT}/bakery`],
  ['a door that there is not', ADA, PASSWORD, `${ACCOUNT}/nowhere`],
  ['an account that there is not', ADA, PASSWORD, 'elsewhere'],
];

test.each(REFUSED)('%s: refused, after one hash, and counted', async (_, address, password, scope) => {
  const verified = portal.hasher.verified;
  const rows = Number(portal.value('select coalesce(sum(count), 0) from failures'));
  expect(await portal.password(address, password, scope)).toEqual({ outcome: 'refused' });
  expect(portal.hasher.verified - verified).toBe(1);
  expect(Number(portal.value('select coalesce(sum(count), 0) from failures')) - rows).toBe(2);
});

test.each(REFUSED)('%s: slowed down after five alike, which tells nothing', async (_, address, password, scope) => {
  const outcomes: string[] = [];
  for (let i = 0; i < 6; i++) outcomes.push((await portal.password(address, password, scope)).outcome);
  expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'wait']);
  portal.later(1000);
  expect((await portal.password(address, password, scope)).outcome).toBe('refused');
  portal.later(1000);
  expect((await portal.password(address, password, scope)).outcome).toBe('wait');
});

/** Whom the mails with a link went to that were waiting. */
async function mailed(): Promise<string[]> {
  const to: string[] = [];
  const send = async (mail: Mail) => void (/https:/.test(mail.text) && to.push(mail.to));
  await sendNotices(portal.world, { send });
  return to;
}

test('asking for a mail gives the same whoever is asked for, and writes to those alone who can use it', async () => {
  const answers: unknown[] = [];
  for (const address of ['nobody@northwind.example', ADA, BEN, 'printer', ''])
    answers.push(await askForMail(portal.world, 'password-reset', { scope: ACCOUNT, address, from: '192.0.2.1' }));
  expect(new Set(answers)).toEqual(new Set([undefined]));
  expect(await mailed()).toEqual([ADA]);
  portal.later(1000);
  for (const address of ['nobody@northwind.example', ADA, BEN])
    await askForMail(portal.world, 'unlock', { scope: ACCOUNT, address, from: '192.0.2.1' });
  // Nobody is locked.
  expect(await mailed()).toEqual([]);
});

/** Every row of the store, as text: what is there afterwards and was not before was written. */
const rowsOf = () => {
  const { raw } = portal.northwind.opened;
  const tables = tablesOf(raw);
  return new Set(
    tables.flatMap((table) =>
      raw
        .prepare(`select * from "${table}"`)
        .all()
        .map((row) => `${table} ${JSON.stringify(row)}`),
    ),
  );
};

type Work = Awaited<ReturnType<typeof workOf>>;

/** How many statements a question took, and how many rows it wrote. */
async function workOf(about: 'password-reset' | 'unlock', address: string, from: string) {
  const before = rowsOf();
  statements = [];
  await askForMail(portal.world, about, { scope: ACCOUNT, address, from });
  const run = statements.length;
  return { statements: run, rows: [...rowsOf()].filter((row) => !before.has(row)).length };
}

test.each(['password-reset', 'unlock'] as const)(
  'asking for a mail (%s) is the same work whoever is asked for, the fourth time as well',
  async (about) => {
    const locked = 'carla@northwind.example';
    portal.northwind.opened.raw
      .prepare('insert into sign_in_state (user_id, code_failures, locked_at) values (?, 10, 1)')
      .run(await portal.idOf(locked));
    const asked = [locked, ADA, BEN, EMIL, 'nobody@northwind.example', 'printer', ''];
    for (let time = 1; time <= 4; time++) {
      const work: [string, Work][] = [];
      for (const [i, address] of asked.entries()) work.push([address, await workOf(about, address, `192.0.2.${i}`)]);
      expect(work).toEqual(asked.map((address) => [address, work[0]?.[1]]));
      portal.later(1000);
    }
    expect(await mailed()).toEqual(about === 'unlock' ? [locked, locked, locked] : expect.arrayContaining([locked, ADA, EMIL]));
    portal.later(60 * 60 * 1000);
    const later: Work[] = [];
    for (const [i, address] of asked.entries()) later.push(await workOf(about, address, `192.0.2.${i}`));
    expect(later).toEqual(later.map(() => later[0]));
  },
);
