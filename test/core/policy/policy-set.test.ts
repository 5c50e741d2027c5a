import { expect, it } from 'vitest';
import { namedUsers, userKey } from '../../../src/core/policy/policy-set.ts';
import { applied, day, policyText, read, setOf, text } from './world.ts';

const exemption = (users: readonly string[], more: object = {}) =>
  text('MfaExemption', 'leave', { account: 'northwind', users, reason: 'leave', expiresAt: '2026-01-31', ...more });
const reset = text('MfaReset', 'lost', {
  requestId: 'lost-phone-1',
  account: 'northwind',
  user: 'ben@northwind.example',
  reason: 'phone lost',
  requestedAt: '2026-01-02',
  expiresAt: '2026-01-05',
});
const ben = { account: 'northwind', called: 'ben@northwind.example', id: 7, address: 'ben@northwind.example', name: 'Ben' };

it('everybody whom documents name, once', () => {
  const documents = read(policyText('northwind', { breakGlass: ['ada', 'eve'] }), exemption(['ada', 'ben@northwind.example']), reset);
  expect(namedUsers(documents)).toEqual(['ada', 'eve', 'ben@northwind.example'].map((called) => ({ account: 'northwind', called })));
  expect(namedUsers(read(policyText('northwind', {})))).toEqual([]);
  expect(userKey('a', 'b')).not.toBe(userKey('b', 'a'));
});

it('who does not exist is named with the line, and is no fault; a reset says so by its outcome', () => {
  const documents = read(
    policyText('northwind', { breakGlass: ['eve', 'ben@northwind.example'] }),
    exemption(['ben@northwind.example', 'mallory']),
    reset,
  );
  const set = setOf(documents, applied(), [ben]);
  const lines = ['eve', 'mallory'].map((who, i) => read2(i, who));
  expect(set.unknownUsers).toEqual(lines);
  expect(setOf(documents).unknownUsers).toHaveLength(4);

  function read2(index: number, called: string) {
    const source = documents[index]?.source;
    const pointer = index === 0 ? '/spec/breakGlass/0' : '/spec/users/1';
    return { place: `${source?.file}:${source?.at[pointer]?.line}`, called };
  }
});

it('a person found in one account is nobody in another', () => {
  const set = setOf(read(exemption(['ben@northwind.example'])), applied(), [{ ...ben, account: 'other' }]);
  expect(set.unknownUsers).toMatchObject([{ called: 'ben@northwind.example' }]);
});

it('a reset with its person, its instants, and where it stands', () => {
  const [one] = setOf(read(reset), applied(), [ben]).resets;
  expect(one).toMatchObject({
    requestId: 'lost-phone-1',
    found: ben,
    requestedAt: day(1),
    expiresAt: day(5),
    approved: false,
    place: 'a.yaml:8',
  });
  expect(setOf(read(reset)).resets[0]?.found).toBeUndefined();
  expect(setOf(read(reset.replace('"requestId"', '"approved": true, "requestId"'))).resets[0]?.approved).toBe(true);
});

it('an override for the scope that it names, which lapses after its last day', () => {
  const spec = { account: 'northwind', guard: 'weakened', digest: '0123456789abcdef'.repeat(4), reason: 'agreed', expiresAt: '2026-01-31' };
  const set = setOf(read(text('GuardOverride', 'once', spec), text('GuardOverride', 'cafe', { ...spec, myGlueAccount: 'cafe' })));
  expect(set.overrides).toEqual([
    { name: 'once', scope: 'northwind', guard: 'weakened', digest: '0123456789abcdef'.repeat(4), reason: 'agreed', expiresAt: day(31) },
    expect.objectContaining({ name: 'cafe', scope: 'northwind/cafe' }),
  ]);
});

it('standing documents are declared in canonical form; resets and overrides do not stand', () => {
  const report = text('ComplianceReport', 'weekly', { accounts: ['northwind'], schedule: '0 7 * * MON' });
  const set = setOf(
    read(policyText('northwind/cafe', { mode: 'Enforce' }), exemption(['b', 'a'], { startsAt: '2026-01-02' }), report, reset),
  );
  expect(set.declared.map(({ source: _source, ...d }) => d)).toEqual([
    {
      kind: 'MfaPolicy',
      name: 'northwind-cafe',
      account: 'northwind',
      scope: 'northwind/cafe',
      spec: { account: 'northwind', myGlueAccount: 'cafe', requireMfa: true },
    },
    {
      kind: 'MfaExemption',
      name: 'leave',
      account: 'northwind',
      scope: null,
      spec: {
        account: 'northwind',
        users: ['a', 'b'],
        reason: 'leave',
        startsAt: '2026-01-02T00:00:00Z',
        expiresAt: '2026-02-01T00:00:00Z',
      },
    },
    { kind: 'ComplianceReport', name: 'weekly', account: null, scope: null, spec: { accounts: ['northwind'], schedule: '0 7 * * MON' } },
  ]);
  expect(set.policies).toMatchObject([{ scope: 'northwind/cafe', name: 'northwind-cafe' }]);
});
