import { appendFileSync, chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signingKey } from '../../../src/adapters/signing/ed25519.ts';
import type { Check } from '../../../src/core/doctor/check.ts';
import { actorIn } from '../../../src/flows/authorize.ts';
import { doctorFlow } from '../../../src/flows/operating/doctor.ts';
import { rotateKeys } from '../../../src/flows/operating/keys.ts';
import { applyFlow } from '../../../src/flows/reconcile/apply.ts';
import type { OperatedWorld } from '../../../src/flows/world.ts';
import { contentOf, ENGINE } from '../../adapters/store/opened.ts';
import { documentsOf, examplePolicies, Northwind, START } from '../northwind.ts';
import { operated } from '../operated.ts';

let northwind: Northwind;
let world: OperatedWorld;
beforeEach(async () => {
  northwind = await Northwind.open();
  world = operated(northwind);
  await applyFlow(world, { documents: documentsOf(examplePolicies()), channel: 'file', names: 5 });
});
afterEach(() => northwind.close());

/** The world as another command finds it, which makes no key. */
const unsigned = (): OperatedWorld => ({ ...world, signing: signingKey(outside('signing.pem')) });
const outside = (name: string) => join(dirname(northwind.opened.path), 'outside', name);
const sql = (text: string) => northwind.opened.raw.exec(text);
/** What is not as it should be; the store is read, and not written. */
const wrong = async (as = world, options = {}): Promise<Check[]> => {
  const before = contentOf(northwind.opened.raw);
  const checks = await doctorFlow(as, options);
  expect(contentOf(northwind.opened.raw)).toBe(before);
  for (const check of checks) expect(check.fix === null, check.name).toBe(check.outcome === 'ok');
  return checks.filter((check) => check.outcome !== 'ok');
};

test('all is well: one line each', async () => {
  expect((await doctorFlow(world)).map((c) => [c.name, c.outcome])).toEqual(
    ['store', 'clock', 'files', 'rights', 'audit', 'heads', 'resets', 'keys', 'signing', 'factors', 'enrolled'].map((name) => [name, 'ok']),
  );
});

describe('each fault alone, named and with its remedy', () => {
  test('a clock behind the store', async () => {
    northwind.now = START - 61_000;
    expect(await wrong()).toMatchObject([{ name: 'clock', outcome: 'fault', message: expect.stringContaining('61 s behind') }]);
    northwind.now = START - 60_000;
    expect(await wrong()).toEqual([]);
  });

  test('an actor who is nobody, or not any more; nobody at all is only to be known', async () => {
    expect(await wrong(operated(northwind, 'nobody@northwind.example'))).toMatchObject([{ name: 'rights', outcome: 'fault' }]);
    const nobody = { ...operated(northwind, 'nobody@northwind.example'), actorUser: undefined };
    expect(await wrong(nobody)).toMatchObject([{ name: 'rights', outcome: 'warning' }]);
    sql(
      'update memberships set active = 0 where role = 0; update users set enabled = 0 where id in (select user_id from memberships where role = 0)',
    );
    expect(await wrong()).toMatchObject([{ name: 'rights', outcome: 'fault', message: 'northwind has no administrator who can sign in' }]);
  });

  test('a tampered audit log, and the entry', async () => {
    sql("update audit set body = replace(body, 'policy.create', 'policy.delete') where seq = 4");
    expect(await wrong()).toMatchObject([{ name: 'audit', outcome: 'fault', details: [expect.stringContaining('entry 4 changed')] }]);
  });

  test('a log that was cut short, or written anew', async () => {
    sql('delete from audit_words where seq = 9; delete from audit where seq = 9');
    expect(await wrong()).toMatchObject([{ name: 'heads', outcome: 'fault', message: expect.stringContaining('entry 8 of 9') }]);
  });

  test('a crash before it was told, a line of somebody else, and nothing known outside', async () => {
    await northwind.apply(examplePolicies());
    northwind.now += 1000;
    await northwind.opened.store.write(northwind.now, async (t) => {
      const actor = await actorIn(world, t, 'northwind');
      await t.audit([{ account: 'northwind', at: northwind.now, actor, act: 'x.y', target: 'x', detail: null }]);
    });
    expect(await wrong()).toMatchObject([{ name: 'heads', outcome: 'warning', message: expect.stringContaining('ahead') }]);
    // The next write tells it, whoever makes it.
    await world.store.write(northwind.now, async () => undefined);
    expect(await wrong()).toEqual([]);
    appendFileSync(outside('heads.jsonl'), 'not ours\n');
    expect(await wrong()).toMatchObject([{ name: 'heads', outcome: 'warning', message: expect.stringContaining('1 lines') }]);
    rmSync(outside('heads.jsonl'));
    expect(await wrong()).toMatchObject([{ name: 'heads', outcome: 'fault', message: expect.stringContaining('of northwind (entry 10)') }]);
  });

  test.skipIf(ENGINE !== 'sqlite')('a store, its log or the heads that others may read, with what to run', async () => {
    chmodSync(northwind.opened.path, 0o644);
    chmodSync(outside('heads.jsonl'), 0o660);
    const [check, ...more] = await wrong();
    expect(more).toEqual([]);
    expect(check).toMatchObject({ name: 'files', outcome: 'fault', message: '2 files are not for their owner alone' });
    expect(check?.details).toEqual([`${northwind.opened.path} (644)`, `${outside('heads.jsonl')} (660)`]);
    expect(check?.fix).toBe(`chmod 600 ${northwind.opened.path} ${outside('heads.jsonl')}`);
  });

  test('a key file that others read, that is gone, that is none', async () => {
    chmodSync(outside('keys.json'), 0o640);
    expect(await wrong()).toMatchObject([{ name: 'keys', outcome: 'fault', message: 'the key file can be read by others (640)' }]);
    writeFileSync(outside('keys.json'), '{"active":"PLANTED"}');
    chmodSync(outside('keys.json'), 0o600);
    const [invalid] = await wrong();
    expect(invalid).toMatchObject({ name: 'keys', outcome: 'fault' });
    expect(JSON.stringify(invalid)).not.toContain('PLANTED');
    rmSync(outside('keys.json'));
    expect(await wrong()).toMatchObject([{ name: 'keys', outcome: 'fault', message: expect.stringContaining('there is no key file') }]);
  });

  test('a key that signs reports and is gone, is none, cannot be read, or is read by others', async () => {
    const path = outside('signing.pem');
    chmodSync(path, 0o644);
    expect(await wrong()).toMatchObject([{ name: 'signing', outcome: 'fault', fix: expect.stringContaining(`chmod 600 ${path}`) }]);
    chmodSync(path, 0o600);
    expect(await wrong()).toEqual([]);
    // The key is read once for each look, as each command does.
    writeFileSync(path, 'PLANTED');
    const [invalid] = await wrong(unsigned());
    expect(invalid).toMatchObject({ name: 'signing', outcome: 'fault', message: expect.stringContaining('is not an Ed25519 key') });
    expect(JSON.stringify(invalid)).not.toContain('PLANTED');
    rmSync(path);
    expect(await wrong(unsigned())).toMatchObject([
      { name: 'signing', outcome: 'fault', fix: expect.stringContaining('report key --create') },
    ]);
    mkdirSync(path);
    expect(await wrong(unsigned())).toMatchObject([
      { name: 'signing', outcome: 'fault', message: expect.stringContaining('cannot be read (EISDIR)') },
    ]);
  });

  test('one factor among many that does not open, by person; beyond those that are tried, when each is asked for', async () => {
    sql("update factors set sealed = x'00' where id = 30");
    expect(await wrong()).toMatchObject([{ name: 'factors', outcome: 'fault', message: expect.stringMatching(/^1 of \d+ cannot/) }]);
    const few = await northwind.opened.store.read((reader) => reader.checkFactors(5, 10));
    expect(few).toMatchObject({ tried: 5, unreadable: 0 });
    const all = await northwind.opened.store.read((reader) => reader.checkFactors(Number.MAX_SAFE_INTEGER, 10));
    expect(all).toMatchObject({ unreadable: 1, named: [{ why: 'not-opened' }] });
  });

  test('a fault at the beginning makes it look at every one', async () => {
    sql("update factors set sealed = x'00' where id in (1, 30)");
    expect(await northwind.opened.store.read((reader) => reader.checkFactors(5, 10))).toMatchObject({ unreadable: 2 });
  });
});

test('no secret is ever told', async () => {
  sql("update factors set sealed = x'00' where id = 1");
  const key = Buffer.alloc(32, 7);
  const told = JSON.stringify(await doctorFlow(world));
  for (const form of [key.toString('base64'), key.toString('hex')]) expect(told).not.toContain(form.slice(0, 16));
});

test('a rotation that stopped half-way is no fault, and is carried on', async () => {
  // The keyring of this world is fixed: the new key is in the file, and the records name one that is not at hand.
  await expect(rotateKeys(world, () => undefined)).resolves.toMatchObject({ made: true, rewrapped: 0 });
  expect(await wrong()).toEqual([]);
});
