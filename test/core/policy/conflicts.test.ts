import { describe, expect, it } from 'vitest';
import type { DocumentInForce } from '../../../src/core/model/applied.ts';
import type { Fault } from '../../../src/core/model/errors.ts';
import { conflictsAmong, conflictsWithStore, of, scopeFrom } from '../../../src/core/policy/conflicts.ts';
import { compileSet } from '../../../src/core/policy/policy-set.ts';
import { account, applied, inForceOf, policyText, read, setOf, text } from './world.ts';

const brief = ({ file, line, code, message, fix }: Fault) => `${file}:${line} ${code} ${message}; ${fix}`;
const reset = (name: string, requestId = 'lost-phone-1', in_ = 'northwind') =>
  text('MfaReset', name, { requestId, account: in_, user: 'ada', reason: 'lost', requestedAt: '2026-01-01', expiresAt: '2026-02-01' });
const store = (faults: readonly Fault[]) => faults.map(({ code }) => code);

describe('between documents', () => {
  it('two policies for one scope: each names the other', () => {
    const faults = conflictsAmong(read(policyText('northwind', {}), policyText('northwind', {}, 'again')));
    expect(faults.map(brief)).toEqual([
      'a.yaml:8 policy/duplicate-scope a second policy for this scope: the other is at b.yaml:8; keep one of them',
      'b.yaml:8 policy/duplicate-scope a second policy for this scope: the other is at a.yaml:8; keep one of them',
    ]);
  });

  it('three of them: each names both others', () => {
    const faults = conflictsAmong(read(...['x', 'y', 'z'].map((name) => policyText('northwind/bakery', {}, name))));
    expect(faults.map(({ message }) => message.split('at ')[1])).toEqual([
      'b.yaml:8, c.yaml:8',
      'a.yaml:8, c.yaml:8',
      'a.yaml:8, b.yaml:8',
    ]);
  });

  it('an account and its MyGlue account are two scopes', () => {
    expect(conflictsAmong(read(policyText('northwind', {}), policyText('northwind/bakery', {})))).toEqual([]);
  });

  it('a request id that is declared twice, in one account', () => {
    const faults = conflictsAmong(read(reset('one'), reset('two')));
    expect(faults.map(brief)).toEqual([
      'a.yaml:8 policy/duplicate-request this requestId is declared twice: the other is at b.yaml:8; keep one of them',
      'b.yaml:8 policy/duplicate-request this requestId is declared twice: the other is at a.yaml:8; keep one of them',
    ]);
    expect(conflictsAmong(read(reset('one'), reset('two', 'lost-phone-2')))).toEqual([]);
    expect(conflictsAmong(read(reset('one'), reset('two', 'lost-phone-1', 'other')))).toEqual([]);
  });
});

describe('against the store', () => {
  const faultsOf = (texts: readonly string[], against = applied()) => conflictsWithStore(read(...texts), against, 'file');

  it('an account that the directory does not know, whatever the kind', () => {
    const override = { account: 'northwnd', guard: 'weakened', digest: '0123456789abcdef'.repeat(4), reason: 'r', expiresAt: '2026-12-31' };
    const faults = faultsOf([
      policyText('northwnd', {}),
      text('MfaExemption', 'leave', { account: 'northwnd', users: ['ada'], reason: 'r', expiresAt: '2026-12-31' }),
      text('ComplianceReport', 'weekly', { accounts: ['northwind', 'northwnd'], schedule: '0 7 * * MON' }),
      reset('one', 'lost-phone-1', 'northwnd'),
      text('GuardOverride', 'once', override),
    ]);
    expect(store(faults)).toEqual(Array(5).fill('policy/unknown-account'));
    expect(faults[0]?.message).toBe('no account "northwnd" in the directory (known: northwind)');
    expect(faults[2]?.line).toBe(10);
  });

  it('before the first import', () => {
    const [fault] = faultsOf([policyText('northwind', {})], applied({ accounts: [] }));
    expect(fault?.message).toBe('no account "northwind" in the directory (the directory knows no account yet)');
  });

  it('a MyGlue account that the directory does not know: those that it knows are named, the first eight of many', () => {
    const [fault] = faultsOf([policyText('northwind/bakry', {})]);
    expect(fault).toMatchObject({ code: 'policy/unknown-myglue-account', line: 9 });
    expect(fault?.message).toBe('no MyGlue account "bakry" in northwind (known: bakery, cafe)');
    const many = account('northwind', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
    const other = account('other', ['bakry']);
    const [long] = faultsOf([policyText('northwind/bakry', {})], applied({ accounts: [many, other] }));
    expect(long?.message).toContain('(known: a, b, c, d, e, f, g, h, … 9 in all)');
    expect(faultsOf([policyText('other/bakry', {})], applied({ accounts: [many, other] }))).toEqual([]);
  });

  const inForce = (scope: string, more: Partial<DocumentInForce> = {}) =>
    inForceOf(setOf(read(policyText(scope, {})))).map((d) => ({ ...d, ...more }));

  it('a scope that another channel owns stays with it', () => {
    const documents = inForce('northwind', { channel: 'cluster', name: 'security/northwind' });
    expect(faultsOf([policyText('northwind', {})], applied({ documents })).map(brief)).toEqual([
      'a.yaml:8 policy/owned-elsewhere northwind is declared by cluster "security/northwind", which stays in force; "northwind" here is refused; remove it here, or let it go there first',
    ]);
    expect(faultsOf([policyText('northwind/cafe', {})], applied({ documents }))).toEqual([]);
    expect(faultsOf([policyText('northwind', {})], applied({ documents: inForce('northwind') }))).toEqual([]);
  });

  it('a document whose scope has become another', () => {
    const documents = inForce('northwind/bakery');
    const faults = faultsOf([policyText('northwind/cafe', {}, 'northwind-bakery')], applied({ documents }));
    expect(faults.map(brief)).toEqual([
      'a.yaml:5 policy/immutable-scope "northwind-bakery" is in force for northwind/bakery, and a document\'s scope never changes; give the policy for northwind/cafe another name',
    ]);
    expect(faultsOf([policyText('northwind/bakery', {}, 'renamed')], applied({ documents }))).toEqual([]);
    expect(
      faultsOf(
        [policyText('northwind/cafe', {}, 'northwind-bakery')],
        applied({ documents: inForce('northwind/bakery', { channel: 'git' }) }),
      ),
    ).toEqual([]);
  });
});

it('all faults at once, in the order in which a reader meets them', () => {
  const documents = read(
    reset('one', 'x', 'nobody'),
    policyText('northwind/bakry', {}),
    policyText('northwind', {}),
    policyText('northwind', {}, 'b'),
  );
  const { faults, set } = compileSet(documents, applied(), [], 'file');
  expect(faults.map(({ file, code }) => `${file} ${code}`)).toEqual([
    'a.yaml policy/unknown-account',
    'b.yaml policy/unknown-myglue-account',
    'c.yaml policy/duplicate-scope',
    'd.yaml policy/duplicate-scope',
  ]);
  expect(set.policies).toHaveLength(3);
});

it('the documents of one kind, and the scope that a spec names', () => {
  const documents = read(policyText('northwind/bakery', {}), reset('one'), policyText('northwind', {}));
  expect(of(documents, 'MfaPolicy').map((d) => scopeFrom(d.spec))).toEqual([
    { account: 'northwind', myGlueAccount: 'bakery' },
    { account: 'northwind' },
  ]);
  expect(of(documents, 'MfaReset')).toHaveLength(1);
});
