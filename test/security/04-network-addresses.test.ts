/**
 * Threat: whoever guesses has more addresses than anybody counts, or spells one in many ways. Elsewhere (better-auth CVE-2026-45364)
 * rotating IPv6 addresses beat the limit. Here IPv6 counts by its /64 and every spelling of an address is one.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PASSWORD, Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
  await portal.welcome(ADA);
});
afterEach(() => portal.close());

/** Guesses once at so many names each, so that no name is slowed down. */
async function guess(addresses: readonly string[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const [i, from] of addresses.entries())
    outcomes.push((await portal.password(`somebody-${i}@northwind.example`, 'guess', 'northwind', from)).outcome);
  return outcomes;
}

const spelt = (i: number) => {
  const last = (i + 1).toString(16);
  return [
    `2001:db8:1:2:${last}::1`,
    `2001:0DB8:0001:0002:${last}:0:0:1`,
    `2001:db8:1:2::${last}`,
    `2001:db8:1:2:0:0:${last}.1.1.1`.replace(`${last}.1.1.1`, `192.0.2.${i % 250}`),
    `2001:db8:1:2::${last}%eth0`,
  ][i % 5] as string;
};

test.each<[string, (i: number) => string, string, string]>([
  ['one IPv4 address', () => '192.0.2.7', '::ffff:192.0.2.7', '192.0.2.8'],
  [
    'one IPv4 address as IPv6 carries it',
    (i) => ['::ffff:192.0.2.7', '::FFFF:c000:207', '0:0:0:0:0:ffff:192.0.2.7'][i % 3] as string,
    '192.0.2.7',
    '::ffff:192.0.2.8',
  ],
  ['a /64, in every spelling', spelt, '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:3::1'],
  ['what is no address', (i) => `not an address ${i}`, '', '192.0.2.8'],
])('%s: a hundred guesses in an hour, then nothing is looked at, not even the right password', async (_, from, same, other) => {
  const outcomes = await guess(Array.from({ length: 105 }, (_unused, i) => from(i)));
  expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(100);
  expect(outcomes.slice(100)).toEqual(Array.from({ length: 5 }, () => 'wait'));
  const verified = portal.hasher.verified;
  expect(await portal.password(ADA, PASSWORD, 'northwind', same)).toEqual({ outcome: 'wait' });
  expect(portal.hasher.verified).toBe(verified);
  expect(await portal.password(ADA, PASSWORD, 'northwind', other)).toMatchObject({ outcome: 'in' });
  portal.later(3_600_000);
  expect(await portal.password(ADA, PASSWORD, 'northwind', same)).toMatchObject({ outcome: 'in' });
});

test('an office whose people all sign in rightly is never stopped', async () => {
  for (let i = 0; i < 150; i++) expect(await portal.password(ADA)).toMatchObject({ outcome: 'in' });
});

test('other addresses give no fresh guesses at one person', async () => {
  const outcomes: string[] = [];
  for (let i = 0; i < 20; i++) outcomes.push((await portal.password(ADA, `guess ${i}`, 'northwind', `2001:db8:${i}::1`)).outcome);
  expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(5);
});

test('nor do other spellings of the name', async () => {
  const names = [
    'ada@northwind.example',
    ' ADA@northwind.example',
    'Ada@Northwind.Example ',
    'ada@NORTHWIND.example',
    'aDa@northwind.example',
    'ADA@NORTHWIND.EXAMPLE',
  ];
  const outcomes: string[] = [];
  for (const [i, name] of names.entries()) outcomes.push((await portal.password(name, 'guess', 'northwind', `198.51.100.${i}`)).outcome);
  expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'wait']);
});
