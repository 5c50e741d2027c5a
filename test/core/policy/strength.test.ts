import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MfaPolicyRules } from '../../../src/core/documents/schema.ts';
import { allowedFor } from '../../../src/core/model/demand.ts';
import type { Obligation, Terms } from '../../../src/core/model/terms.ts';
import { MYGLUE_ROLES, ROLES } from '../../../src/core/model/words.ts';
import { addsObligation } from '../../../src/core/policy/deadline.ts';
import { judge } from '../../../src/core/policy/requirement.ts';
import { weakenings } from '../../../src/core/policy/strength.ts';
import { day, standing, termsOf } from './world.ts';

const bare: MfaPolicyRules = { requireMfa: true };
const said = (before: MfaPolicyRules, after: MfaPolicyRules, scope?: string) =>
  weakenings(termsOf(before, scope), termsOf(after, scope)).map(({ field, what }) => `${field}: ${what}`);
const trust = { provider: 'entra', upstreamMfa: 'Trust', amr: ['mfa'], maxAge: '8h' } as const;
const sso = (more: object = {}): MfaPolicyRules => ({ ...bare, sso: [{ ...trust, amr: ['mfa'], ...more }] });

/** What is stronger, what is weaker, and what the weakening says; the other direction is none. */
const FIELDS: [string, MfaPolicyRules, MfaPolicyRules, string][] = [
  ['requireMfa', bare, { requireMfa: false }, 'requireMfa: MFA no longer required'],
  ['mode', bare, { ...bare, mode: 'ReportOnly' }, 'mode: report only, no longer enforced'],
  ['enforceFrom, absent is earliest', bare, { ...bare, enforceFrom: '1960-01-01' }, 'enforceFrom: begins later: 1960-01-01T00:00:00Z'],
  [
    'enforceFrom',
    { ...bare, enforceFrom: '2026-12-01' },
    { ...bare, enforceFrom: '2026-12-02' },
    'enforceFrom: begins later: 2026-12-02T00:00:00Z',
  ],
  ['gracePeriod, from none', bare, { ...bare, gracePeriod: '1s' }, 'gracePeriod: grace period longer: 0 → 1s'],
  ['gracePeriod', { ...bare, gracePeriod: '7d' }, { ...bare, gracePeriod: '169h' }, 'gracePeriod: grace period longer: 7d → 169h'],
  ['roles', bare, { ...bare, roles: ['Administrator', 'Manager', 'Editor', 'Creator', 'ReadOnly'] }, 'roles: Lite no longer required'],
  ['factors', { ...bare, factors: ['passkey'], roles: ['Lite'] }, { ...bare, roles: ['Lite'] }, 'factors: totp now accepted for Lite'],
  ['factorsByRole', { ...bare, factorsByRole: { Administrator: ['passkey'] } }, bare, 'factors: totp now accepted for Administrator'],
  ['sso: a provider trusted', bare, sso(), 'sso: MFA at entra now trusted'],
  ['sso: trusted instead of additional', { ...bare, sso: [{ provider: 'entra' }] }, sso(), 'sso: MFA at entra now trusted'],
  ['sso: a value of amr', sso(), sso({ amr: ['mfa', 'otp'] }), 'sso: entra: otp now accepted'],
  ['sso: a value of acr', sso(), sso({ acr: ['gold'] }), 'sso: entra: gold now accepted'],
  ['sso: an older proof', sso(), sso({ maxAge: '9h' }), 'sso: entra: proofs up to 9h old'],
  ['sso: the local code', sso(), sso({ localChallenge: 'Never' }), 'sso: the local code is no longer asked after entra'],
  ['existingSessions', { ...bare, existingSessions: 'Revoke' }, bare, 'existingSessions: existing sessions kept'],
  ['enrollment', { ...bare, enrollment: 'Token' }, bare, 'enrollment: first set-up no longer needs a token'],
  ['resets', { ...bare, resets: { approvals: 1 } }, bare, 'resets: resets no longer need approval'],
  ['guards.administrators', { ...bare, guards: { administrators: 2 } }, bare, 'guards: guard limit administrators looser: 2 → 1'],
  ['guards.overdueAtOnce', bare, { ...bare, guards: { overdueAtOnce: '26%' } }, 'guards: guard limit overdueAtOnce looser: 25 → 26'],
  ['guards.cannotEnroll', bare, { ...bare, guards: { cannotEnroll: 1 } }, 'guards: guard limit cannotEnroll looser: 0 → 1'],
  ['guards.resets', bare, { ...bare, guards: { resets: 11 } }, 'guards: guard limit resets looser: 10 → 11'],
  ['guards.directory', bare, { ...bare, guards: { directory: '26%' } }, 'guards: guard limit directory looser: 25 → 26'],
];

describe('by field, weaker in one direction and in that alone', () => {
  it.each(FIELDS)('%s', (_, strong, weak, text) => {
    expect(said(strong, weak)).toEqual([text]);
    expect(said(weak, strong)).toEqual([]);
    expect(said(strong, strong)).toEqual([]);
  });

  it('a suspension and what happens when the document goes are no weakening', () => {
    expect(said(bare, { ...bare, suspend: { reason: 'audit', until: '2026-12-31' }, deletionPolicy: 'Delete' })).toEqual([]);
  });
});

describe('edges', () => {
  it('terms that enforce nothing cannot be weakened', () => {
    const after = termsOf({ requireMfa: false });
    expect(weakenings(undefined, after)).toEqual([]);
    expect(weakenings(termsOf({ requireMfa: false }), undefined)).toEqual([]);
    expect(weakenings(termsOf({ ...bare, mode: 'ReportOnly' }), after)).toEqual([]);
  });

  it('no policy any more is the requirement turned off, for the roles that it asked', () => {
    expect(weakenings(termsOf({ ...bare, roles: ['Lite', 'Manager'] }), undefined)).toEqual([
      { field: 'requireMfa', what: 'MFA no longer required', roles: ['Manager', 'Lite'] },
    ]);
    expect(weakenings(termsOf(bare, 'northwind/bakery'), undefined)[0]?.roles).toEqual(MYGLUE_ROLES);
  });

  it('turned off, the other fields say nothing more', () => {
    expect(said({ ...bare, enrollment: 'Token' }, { requireMfa: false, gracePeriod: '9d' })).toEqual([
      'requireMfa: MFA no longer required',
    ]);
  });

  it('several at once are all named, each with the roles that it concerns', () => {
    const before = termsOf({ ...bare, factorsByRole: { Editor: ['passkey'], Lite: ['passkey'] } });
    const after = termsOf({ ...bare, gracePeriod: '1d', roles: ['Administrator', 'Manager', 'Editor', 'Creator', 'ReadOnly'] });
    expect(weakenings(before, after).map(({ field, roles }) => [field, roles])).toEqual([
      ['gracePeriod', ROLES],
      ['roles', ['Lite']],
      ['factors', ['Editor']],
    ]);
  });

  it('a role asked for the first time may be asked for any kind', () => {
    expect(said({ ...bare, roles: ['Lite'], factors: ['passkey'] }, { ...bare, factorsByRole: { Lite: ['passkey'] } })).toEqual([]);
  });
});

describe('against brute force: every role, set of kinds and time of joining, at many moments', () => {
  const DAYS = [0, 3, 5, 8, 10, 13, 15, 18, 20, 23, 30];
  const BITE = { Satisfied: 0, NotRequired: 0, WouldRequire: 0, Pending: 1, Overdue: 2 } as Record<string, number>;

  /** Whether somebody, whatever the scope has asked before and since when, is asked less or later. */
  function asksLess(before: Terms, after: Terms): boolean {
    return [-100, 4, 12].some((obliged) => {
      const rows: Obligation[] = [];
      if (addsObligation(before, rows)) rows.push({ scope: 'northwind', demand: before.demand, since: day(obliged) });
      const next = addsObligation(after, rows) ? [...rows, { scope: 'northwind', demand: after.demand, since: day(obliged) }] : rows;
      return ROLES.some((role) =>
        [0, 1, 2, 3].some((kinds) =>
          [-100, 6, 14].some((joined) =>
            DAYS.some((n) => {
              const who = standing({ role, kinds, joined: day(joined) });
              const [old, now] = [judge(who, before, rows, day(n)), judge(who, after, next, day(n))];
              return (BITE[now.state] ?? 0) < (BITE[old.state] ?? 0);
            }),
          ),
        ),
      );
    });
  }

  const part = {
    requireMfa: fc.boolean(),
    mode: fc.constantFrom('Enforce' as const, 'ReportOnly' as const),
    enforceFrom: fc.constantFrom(undefined, '2026-01-06', '2026-01-11'),
    gracePeriod: fc.constantFrom(undefined, '5d', '10d'),
    roles: fc.option(fc.shuffledSubarray(['Administrator', 'Editor', 'Lite'] as const, { minLength: 1 }), { nil: undefined }),
    factors: fc.constantFrom(undefined, ['totp'] as const, ['passkey'] as const),
    factorsByRole: fc.constantFrom(undefined, { Administrator: ['passkey'] } as const),
  };
  const clean = (rules: object) => Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined)) as MfaPolicyRules;
  const sound = (rules: { factors?: readonly string[] | undefined; factorsByRole?: unknown }) =>
    rules.factorsByRole === undefined || rules.factors === undefined || rules.factors.includes('passkey');
  const any = fc.record({ ...part, requireMfa: fc.constant(true), mode: fc.constant('Enforce' as const) }).filter(sound);

  it('nobody is ever asked less or later without a weakening that says so', () => {
    fc.assert(
      fc.property(fc.record(part).filter(sound), fc.record(part).filter(sound), (a, b) => {
        const [before, after] = [termsOf(clean(a)), termsOf(clean(b))];
        if (asksLess(before, after)) expect(weakenings(before, after)).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('the edit of one field is a weakening if, and only if, somebody is asked less or later', () => {
    const one = fc
      .constantFrom(...(Object.keys(part) as (keyof typeof part)[]))
      .chain((field) => part[field].map((value) => ({ [field]: value })));
    fc.assert(
      fc.property(any, one, (a, edit) => {
        const edited = { ...a, ...edit };
        fc.pre(sound(edited));
        const [before, after] = [termsOf(clean(a)), termsOf(clean(edited))];
        expect(weakenings(before, after).length > 0).toBe(asksLess(before, after));
      }),
      { numRuns: 300 },
    );
  });

  it('named roles are those whose people are asked less or weaker', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        const [before, after] = [termsOf(clean(a)), termsOf(clean(b))];
        const found = weakenings(before, after).filter(({ field }) => field === 'roles' || field === 'factors');
        const weaker = ROLES.filter((role) => {
          const [old, next] = [allowedFor(before.demand, role), allowedFor(after.demand, role)];
          return old !== 0 && (next === 0 || (next & ~old) !== 0);
        });
        expect(ROLES.filter((role) => found.some(({ roles }) => roles.includes(role)))).toEqual(weaker);
      }),
    );
  });
});
