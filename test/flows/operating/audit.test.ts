/** Who acted, and what became of resets: told by the chain, and held against the rows that say it too. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AUDIT_START, auditHash } from '../../../src/core/model/audit.ts';
import { canonical } from '../../../src/core/model/canonical.ts';
import { auditExportFlow, auditListFlow, auditVerifyFlow } from '../../../src/flows/operating/audit.ts';
import { doctorFlow } from '../../../src/flows/operating/doctor.ts';
import { eraseFlow } from '../../../src/flows/operating/erase.ts';
import { resetFlow } from '../../../src/flows/reconcile/reset.ts';
import { examplePolicies, Northwind } from '../northwind.ts';
import { operated } from '../operated.ts';

const DANA = 'admin.dana@northwind.example';
const CARLA = 'carla@northwind.example';
const ILSE = 'ilse@northwind.example';
const ELENA = 'elena@northwind.example';

let northwind: Northwind;
beforeEach(async () => {
  northwind = await Northwind.open();
  await northwind.apply(examplePolicies());
  await reset(ELENA, 'R-1', CARLA);
  await reset('nobody@northwind.example', 'R-2', CARLA);
});
afterEach(() => northwind.close());

const reset = (user: string, requestId: string, as: string) => {
  northwind.now += 1000;
  return resetFlow(northwind.world(as), { account: 'northwind', user, requestId, reason: 'lost phone' });
};
const sql = (text: string) => northwind.opened.raw.exec(text);
const verified = async () => (await auditVerifyFlow(operated(northwind)))[0]?.broken;
const idOf = (address: string) => Number(northwind.opened.raw.prepare('select id from users where address = ?').pluck().get(address));
const lastSeq = () => Number(northwind.opened.raw.prepare('select max(seq) from audit').pluck().get());

test('an entry says who acted: the channel, the person by id, and the subject as words that can be erased', async () => {
  const body = northwind.opened.raw
    .prepare("select body from audit where act = 'reset.executed' order by seq desc")
    .pluck()
    .get() as string;
  expect(JSON.parse(body)).toMatchObject({ actor: { channel: 'cli', person: idOf(CARLA), subject: { sha256: expect.any(String) } } });
  expect(body).not.toContain('carla');
  expect(await verified()).toBeNull();
});

describe('who acted, rewritten in the database', () => {
  test.each([
    ['another subject', "subject = 'ilse'", 'cli "ilse"'],
    ['another person', `user_id = (select id from users where address = '${ILSE}')`, 'user '],
    ['nobody', 'user_id = null', '(nobody)'],
    ['another channel', "channel = 'graph'", 'graph "'],
    ['erased, without an erasure', "subject = 'erased-' || id", 'erased-'],
  ])('%s is named with its entry, by verify and by doctor', async (_, change, said) => {
    sql(`update identities set ${change} where subject = '${CARLA}'`);
    expect(await verified()).toMatchObject({ seq: lastSeq() - 1, what: 'changed', why: expect.stringContaining(said) });
    const checks = await doctorFlow(operated(northwind));
    expect(checks.find((check) => check.name === 'audit')).toMatchObject({ outcome: 'fault' });
  });

  test('with the words of the entries gone: missing', async () => {
    sql(
      `update identities set subject = 'erased-' || id where subject = '${CARLA}'; delete from audit_words where pointer = 'actor/subject'`,
    );
    expect(await verified()).toMatchObject({ seq: 1, what: 'missing', why: expect.stringContaining('actor/subject') });
  });

  test('the list goes on to say what the entries say', async () => {
    sql(`update identities set subject = '${ILSE}', user_id = (select id from users where address = '${ILSE}'), channel = 'graph'
      where subject = '${CARLA}'`);
    const list = (user: string) => auditListFlow(northwind.world(), { act: 'reset', user, limit: 9 });
    const { entries } = await list(CARLA);
    expect(entries.map((e) => [e.channel, e.subject, e.userId, e.address])).toEqual(Array(2).fill(['cli', CARLA, idOf(CARLA), CARLA]));
    expect((await list(ILSE)).entries).toEqual([]);
  });

  test('entries of before it was told still verify, whoever the row says they are', async () => {
    // Without `actor`, an entry is what it was: the chain is written anew here, as an older version had it.
    const { raw } = northwind.opened;
    const deliver = async (chunks: AsyncIterable<string>) => (await Array.fromAsync(chunks)).join('');
    const lines = (await auditExportFlow(northwind.world(), { account: 'northwind', deliver })).trim().split('\n').slice(0, -1);
    let previous = AUDIT_START;
    for (const line of lines) {
      const { seq, body } = JSON.parse(line) as { seq: number; body: string };
      const { actor: _actor, ...before } = JSON.parse(body);
      const text = canonical(before);
      const hash = auditHash(previous, text);
      raw.prepare('update audit set body = ?, previous = ?, hash = ? where seq = ?').run(text, previous, hash, seq);
      previous = hash;
    }
    sql("delete from audit_words where pointer = 'actor/subject'");
    expect(await verified()).toBeNull();
    const { entries: listed } = await auditListFlow(northwind.world(), { act: 'reset', user: CARLA, limit: 9 });
    expect(listed.map((e) => [e.subject, e.address])).toEqual(Array(2).fill([CARLA, CARLA]));
    // And those that come tell it.
    await reset(ELENA, 'R-9', CARLA);
    expect(await verified()).toBeNull();
  });

  test('somebody erased who has acted: every subject of theirs is gone, and the chain holds', async () => {
    sql(`update memberships set ended_at = ${northwind.now} where user_id = ${idOf(CARLA)}`);
    const { places } = await eraseFlow(northwind.world(), { account: 'northwind', user: CARLA, reason: 'request of 12 May' });
    expect(places).toBeGreaterThanOrEqual(2);
    expect(await auditVerifyFlow(operated(northwind))).toMatchObject([{ broken: null, erased: places }]);
    const left = northwind.opened.raw.prepare("select value from audit_words where pointer = 'actor/subject'").pluck().all().join();
    expect(left).toContain(DANA);
    expect(left).not.toContain('carla');
    const { entries } = await auditListFlow(northwind.world(), { act: 'reset', account: 'northwind', limit: 2 });
    expect(entries.map((e) => e.subject)).toEqual(Array(2).fill(expect.stringMatching(/^erased-\d+$/)));
  });
});

describe('a reset, rewritten in the database', () => {
  test.each([
    ['another person', `user_id = (select id from users where address = '${ILSE}')`, 'another person'],
    ['nobody', 'user_id = null', 'another person (nobody)'],
    ['another reason', "reason = 'asked by mail'", 'another reason'],
    ['a reason that was erased, without an erasure', "reason = 'erased'", 'another reason'],
    ['another time', 'executed_at = executed_at + 1', 'another time'],
    ['another outcome', "outcome = 'Expired', executed_at = null", 'another outcome (Expired), another time'],
    ['another approver', 'approver_id = user_id', 'another approver'],
    ['another requester', 'identity_id = (select min(id) from identities)', 'another requester'],
  ])('%s is named with its entry', async (_, change, said) => {
    sql(`update resets set ${change} where request_id = 'R-1'`);
    const why = expect.stringContaining(`R-1 says ${said}`);
    expect(await verified()).toMatchObject({ seq: lastSeq() - 1, what: 'changed', why });
  });

  test('under another id, gone, or of nobody: missing', async () => {
    sql("update resets set request_id = 'R-8' where request_id = 'R-1'");
    expect(await verified()).toMatchObject({ seq: lastSeq() - 1, what: 'missing', why: expect.stringContaining('R-1') });
    sql("delete from resets where request_id = 'R-8'");
    expect(await verified()).toMatchObject({ seq: lastSeq() - 1, what: 'missing', why: expect.stringContaining('R-1') });
  });

  test('slipped in without an entry', async () => {
    sql(
      "insert into resets select account_id, 'R-7', user_id, called, outcome, reason, requested_at, first_seen, executed_at, factors_removed, identity_id, approved, approver_id, asked, expires_at, elsewhere, elsewhere_notes from resets where request_id = 'R-1'",
    );
    expect(await verified()).toMatchObject({ seq: lastSeq() + 1, what: 'missing', why: expect.stringContaining('R-7') });
  });
});
