// SGN-09: the key is gone, so nobody has MFA. Elsewhere decryption gave an empty secret, "enabled" became false, and the next
// save wrote the empty secret over the encrypted one. Here such a factor still counts as enrolled, is named, and stays as it is.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Keyring } from '../../src/adapters/store/envelope.ts';
import { plainStyle } from '../../src/core/layout/style.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { renderStatusText, statusJson } from '../../src/core/report/padlock-list.ts';
import { doctorFlow } from '../../src/flows/operating/doctor.ts';
import { rotateKeys } from '../../src/flows/operating/keys.ts';
import { statusFlow } from '../../src/flows/reporting/status.ts';
import { enterCode } from '../../src/flows/sign-in/challenge.ts';
import { enterPassword } from '../../src/flows/sign-in/password.ts';
import { contentOf, KEYRING } from '../adapters/store/opened.ts';
import { examplePolicies, Northwind } from '../flows/northwind.ts';
import { operated } from '../flows/operated.ts';
import { PASSWORD, Portal } from '../flows/sign-in/portal.ts';

let northwind: Northwind;
let store: Store | undefined;
beforeEach(async () => {
  northwind = await Northwind.open();
  await northwind.apply(examplePolicies());
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  await northwind.close();
});

/** The same world, started with other keys. */
async function startedWith(keyring: () => Keyring) {
  store = await northwind.opened.again({ keyring });
  return { ...operated(northwind), store, unwitnessed: store };
}
const another: Keyring = { active: 'k1', keys: new Map([['k1', Buffer.alloc(32, 9)]]) };
const gone = () => {
  throw Object.assign(new Error('no key file'), { code: 'keys/missing' });
};
const later: Keyring = { active: 'k2', keys: new Map([['k2', Buffer.alloc(32, 9)]]) };

describe.each([
  ['another key under the same name', () => another, 'not-opened'],
  ['a key under another name', () => later, 'no-key'],
] as const)('%s', (_, keyring, why) => {
  it('everybody still counts as enrolled, the list says unreadable, doctor names them, and no row is changed', async () => {
    const before = contentOf(northwind.opened.raw);
    const world = await startedWith(keyring);
    const list = await statusFlow(world, { names: 0 });
    const sound = await statusFlow(northwind.world(), { names: 0 });
    expect(list.summary).toEqual(sound.summary);
    const factors = Number(northwind.opened.raw.prepare('select count(*) from factors').pluck().get());
    expect(list.unreadable).toMatchObject({ factors, unreadable: factors });
    expect(sound.unreadable).toMatchObject({ factors, unreadable: 0 });
    expect(statusJson(list)['unreadable']).toMatchObject({ count: factors });
    expect([...renderStatusText(list, { width: 80, style: plainStyle })].join('\n')).toContain(
      `unreadable: ${factors} factors, still counted as enrolled`,
    );
    expect([...renderStatusText(sound, { width: 80, style: plainStyle })].join('\n')).not.toContain('unreadable');
    const check = (await doctorFlow(world)).find((c) => c.name === 'factors');
    expect(check).toMatchObject({
      outcome: 'fault',
      message: `${factors} of ${factors} cannot be opened; they still count as enrolled, and nothing was overwritten`,
    });
    expect(check?.details).toHaveLength(factors);
    expect(list.unreadable?.named.every((n) => n.why === why)).toBe(true);
    expect(contentOf(northwind.opened.raw)).toBe(before);
  });
});

it('rotating with the wrong key rewrites no record; with the right one back, everything opens unchanged', async () => {
  const rows = () => JSON.stringify(northwind.opened.raw.prepare('select * from factors order by id').all());
  const before = rows();
  const world = await startedWith(() => ({ ...later, keys: new Map([...another.keys, ...later.keys]) }));
  const { rewrapped, unreadable } = await rotateKeys(world, () => undefined);
  expect(rewrapped).toBe(0);
  expect(unreadable).toBeGreaterThan(0);
  expect(rows()).toBe(before);
  expect(await northwind.opened.store.read((reader) => reader.checkFactors(1000, 10))).toMatchObject({ unreadable: 0, named: [] });
  expect(KEYRING.keys.size).toBe(1);
});

it('without any key file, one unexpected failure is not taken for a missing key', async () => {
  const world = await startedWith(gone);
  await expect(statusFlow(world, { names: 0 })).rejects.toThrow('no key file');
});

it('signing in with another key: no code opens a session, a recovery code does, no factor changes; with the old key codes work', async () => {
  const portal = await Portal.open();
  const address = 'ada@northwind.example';
  try {
    const { codes } = await portal.enrolled(address);
    const rows = () => JSON.stringify(portal.northwind.opened.raw.prepare('select * from factors order by id').all());
    const before = rows();
    store = await portal.northwind.opened.again({ keyring: () => another });
    const world = portal.over(store);
    const entry = { scope: 'northwind', address, password: PASSWORD, from: '192.0.2.1', device: '' };
    const entered = await enterPassword(world, entry);
    if (entered.outcome !== 'in') throw new Error(entered.outcome);
    expect(entered.step).toEqual({ step: 'challenge', kinds: ['totp'] });
    for (const typed of [portal.codeOf(address), portal.codeOf(address, 30), '000000'])
      expect(await enterCode(world, entered.token, typed, '')).toEqual({ outcome: 'wrong', why: 'unreadable' });
    expect(await enterCode(world, entered.token, codes[0], '')).toMatchObject({ outcome: 'in', step: { step: 'session' } });
    expect(rows()).toBe(before);
    expect(await portal.signedIn(address)).toBeDefined();
  } finally {
    await store?.close();
    store = undefined;
    await portal.close();
  }
});
