import { describe, expect, test } from 'vitest';
import { maskOf, packDemand } from '../../../../src/core/model/demand.ts';
import type { Json } from '../../../../src/core/model/words.ts';
import type { DocumentChange } from '../../../../src/core/plan/plan.ts';
import { documentHeadlines, scopeHeadlines } from '../../../../src/core/plan/renderers/edits.ts';
import { DAY, scopeChange, terms } from './northwind.ts';

const edited = (field: string, before: Json | undefined, after: Json | undefined) =>
  scopeHeadlines(scopeChange('northwind', { action: 'update', edits: [{ field, before, after, place: 'p.yaml:3' }] })).map(
    ({ text }) => text,
  );

describe('an edit in words', () => {
  test.each<[string, Json | undefined, Json | undefined, string[]]>([
    ['gracePeriod', '30d', '7d', ['gracePeriod 30d → 7d']],
    ['gracePeriod', undefined, '7d', ['gracePeriod 0d → 7d']],
    ['gracePeriod', '7d', undefined, ['gracePeriod 7d → 0d']],
    ['requireMfa', true, false, ['requireMfa true → false']],
    ['mode', undefined, 'ReportOnly', ['mode Enforce → ReportOnly']],
    ['enforceFrom', undefined, '2026-12-01T00:00:00Z', ['enforceFrom the next sign-in → 2026-12-01T00:00:00Z']],
    ['roles', ['Manager', 'Lite'], ['Manager'], ['roles: Lite removed']],
    ['roles', undefined, ['Administrator'], ['roles every role → Administrator']],
    ['roles', ['Lite'], ['Manager', 'Editor'], ['roles: Manager, Editor added, Lite removed']],
    ['roles', ['Lite', 'Editor'], ['Editor', 'Lite'], ['roles: in another order']],
    ['factors', ['totp'], undefined, ['factors totp → every kind']],
    ['resets', undefined, { approvals: 1 }, ['resets.approvals 0 → 1']],
    [
      'guards',
      { overdueAtOnce: '25%' },
      { overdueAtOnce: '100%', resets: 3 },
      ['guards.overdueAtOnce 25% → 100%', 'guards.resets not set → 3'],
    ],
    ['factorsByRole', { Administrator: ['passkey'] }, { Administrator: ['passkey', 'totp'] }, ['factorsByRole.Administrator: totp added']],
    ['suspend', { reason: 'fair', until: '2026-12-01T00:00:00Z' }, undefined, ['suspend removed']],
    [
      'sso',
      [{ provider: 'entra' }, { provider: 'okta' }],
      [{ provider: 'entra', localChallenge: 'Never' }],
      ['sso: entra changed, okta removed'],
    ],
    ['suspend', { reason: 'a' }, { reason: 'é'.repeat(80) }, [`suspend.reason a → ${'é'.repeat(59)}…`]],
    ['breakGlass', [], ['1', '2', '3', '4', '5', '6', '7'], ['breakGlass: 1, 2, 3, 4, 5 and 2 more added']],
    ['note', 'a', 'b\u001b[31m', ['note a → b\uFFFD[31m']],
  ])('%s: %j to %j', (field, before, after, words) => {
    expect(edited(field, before, after)).toEqual(words);
  });

  test('stands where it is declared; an edit without a place where its document does', () => {
    const edits = [
      { field: 'mode', before: undefined, after: 'ReportOnly', place: 'p.yaml:9' },
      { field: 'suspend', before: {}, after: undefined, place: null },
    ];
    const lines = scopeHeadlines(scopeChange('northwind', { action: 'update', place: 'p.yaml:1', edits }));
    expect(lines.map(({ place }) => place)).toEqual(['p.yaml:9', 'p.yaml:1']);
  });
});

describe('a requirement in words', () => {
  const created = (more: Parameters<typeof terms>[1]) =>
    scopeHeadlines(scopeChange('northwind/bakery', { action: 'create', before: null, after: terms('northwind/bakery', more) })).map(
      ({ sign, text }) => `${sign} ${text}`,
    );

  test.each([
    ['at once', {}, '+ require MFA, from the next sign-in'],
    ['with a grace period', { grace: 14 * DAY }, '+ require MFA, from the next sign-in, grace 14d'],
    ['from a day', { enforceFrom: Date.parse('2026-12-01T00:00:00Z') }, '+ require MFA, from 2026-12-01T00:00:00Z'],
    ['report only', { reportOnly: true }, '+ require MFA, report only'],
    ['of some roles', { demand: packDemand([['Lite', maskOf(['totp'])]]) }, '+ require MFA of Lite, from the next sign-in'],
    ['turned off', { requireMfa: false }, '+ MFA not required'],
  ])('%s', (_, more, words) => {
    expect(created(more)).toEqual([words]);
  });

  test.each([
    ['none', '  as declared'],
    ['delete', '- require MFA'],
    ['orphan', '! document gone, requirement kept'],
    ['move', '~ declared by northwind now'],
    ['update', '~ declared by northwind now'],
  ] as const)('%s', (action, words) => {
    expect(scopeHeadlines(scopeChange('northwind', { action })).map(({ sign, text }) => `${sign} ${text}`)).toEqual([words]);
  });
});

describe('other documents in words', () => {
  const base: DocumentChange = {
    kind: 'MfaExemption',
    name: 'fire-drill',
    previousName: null,
    source: null,
    account: 'northwind',
    scope: null,
    action: 'create',
    edits: [],
    before: null,
    after: { users: ['a', 'b'], expiresAt: '2027-01-01T00:00:00Z', reason: 'drill' },
    version: null,
    place: 'e.yaml:1',
  };
  const said = (more: Partial<DocumentChange>) => documentHeadlines({ ...base, ...more }).map(({ sign, text }) => `${sign} ${text}`);

  test.each<[string, Partial<DocumentChange>, string[]]>([
    ['an exemption', {}, ['+ exempt 2 people until 2027-01-01T00:00:00Z: drill']],
    [
      'one that goes',
      { action: 'delete', before: { users: ['a'], expiresAt: '2027-01-01T00:00:00Z', reason: 'drill' }, after: null },
      ['- exempt 1 person until 2027-01-01T00:00:00Z: drill'],
    ],
    ['one of another file', { action: 'move' }, []],
    ['one whose document went', { action: 'orphan' }, ['! document gone, what it says is kept']],
    ['nothing', { action: 'none' }, []],
    [
      'a report',
      { kind: 'ComplianceReport', after: { accounts: ['northwind'], schedule: '0 7 * * MON' } },
      ['+ report on northwind, 0 7 * * MON UTC'],
    ],
    ['a policy for nobody', { kind: 'MfaPolicy', after: {} }, ['+ policy, with no effect on any scope']],
    ['an edit', { action: 'update', edits: [{ field: 'users', before: ['a'], after: ['a', 'c'], place: null }] }, ['~ users: c added']],
  ])('%s', (_, more, words) => {
    expect(said(more)).toEqual(words);
  });
});
