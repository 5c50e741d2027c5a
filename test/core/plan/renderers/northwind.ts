import type { ImpactName, ImpactRow } from '../../../../src/core/model/applied.ts';
import { maskOf, packDemand } from '../../../../src/core/model/demand.ts';
import type { Reason } from '../../../../src/core/model/requirement.ts';
import { rolesOf, scopeOf } from '../../../../src/core/model/scope.ts';
import type { Terms } from '../../../../src/core/model/terms.ts';
import type { Verdict } from '../../../../src/core/model/verdict.ts';
import type { Impact, Plan, ResetChange, ScopeChange } from '../../../../src/core/plan/plan.ts';

/** Plans of the fictitious MSP, as values: what the renderers are shown. */

export const NOW = Date.parse('2026-11-20T08:00:00Z');
export const DAY = 86_400_000;
const DIGEST = '3f9c1b0d5a7e42c8b6d1f0e93a5c7b2840d6e8f1a2b3c4d5e6f708192a3b4c5d';

export function terms(scope: string, more: Partial<Terms> = {}): Terms {
  return {
    scope,
    requireMfa: true,
    reportOnly: false,
    demand: packDemand(rolesOf(scopeOf(scope)).map((role) => [role, maskOf(['totp', 'passkey'])])),
    enforceFrom: null,
    grace: 0,
    trust: [],
    rules: { requireMfa: true },
    origin: {
      document: scope.replace('/', '-'),
      via: 'own',
      file: 'policies/account.yaml',
      lines: { requireMfa: 8, roles: 5, factors: 5, sso: 5, mode: 5, enforceFrom: 5, gracePeriod: 12 },
    },
    ...more,
  };
}

export function impact(more: Partial<Impact> = {}): Impact {
  return {
    members: 0,
    enrolled: 0,
    notEnrolled: [],
    exempt: 0,
    exemptUntil: null,
    newlyRequired: 0,
    newlyRequiredNotEnrolled: 0,
    overdueAtOnce: 0,
    pending: 0,
    firstDeadline: null,
    lastDeadline: null,
    unknown: 0,
    wouldBeRequired: 0,
    names: [],
    rows: [],
    ...more,
  };
}

export function scopeChange(scope: string, more: Partial<ScopeChange> = {}): ScopeChange {
  return {
    scope,
    action: 'none',
    via: 'own',
    document: scope.replace('/', '-'),
    place: 'policies/account.yaml:5',
    edits: [],
    byHand: [],
    before: terms(scope),
    after: terms(scope),
    enforcer: 'portal',
    unenforceable: [],
    impact: impact(),
    verdicts: [],
    held: false,
    digest: DIGEST,
    ...more,
  };
}

export function verdict(more: Partial<Verdict>): Verdict {
  return {
    guard: 'administrators',
    scope: 'northwind',
    outcome: 'passed',
    message: '2 can sign in',
    remedy: '',
    data: null,
    digest: DIGEST,
    ...more,
  };
}

export function row(scope: string, after: Reason, count: number): ImpactRow {
  return {
    scope,
    role: 'Editor',
    kinds: 0,
    before: 'turned-off',
    after,
    count,
    firstDeadline: null,
    lastDeadline: null,
    exemptUntil: null,
  };
}

export function resetChange(more: Partial<ResetChange>): ResetChange {
  return {
    requestId: 'lost-phone-17',
    account: 'northwind',
    user: 'ada@northwind.example',
    userId: 1,
    outcome: 'Executed',
    reason: '',
    approved: false,
    approverId: null,
    settled: false,
    place: 'policies/resets.yaml:4',
    ...more,
  };
}

const named = (scope: string, group: ImpactName['group'], users: readonly string[]): ImpactName[] =>
  users.map((user, i) => ({
    scope,
    group,
    user: `${user}@${scope.split('/').at(-1)}.example`,
    role: i === 2 ? 'Lite' : 'Editor',
    deadline: null,
  }));

/** Grace shortened in the account; `bakery` required at once, which its guard holds. */
export const shortenedAndHeld: Plan = plan({
  scopes: [
    scopeChange('northwind', {
      action: 'update',
      place: 'policies/account.yaml:12',
      edits: [{ field: 'gracePeriod', before: '30d', after: '7d', place: 'policies/account.yaml:12' }],
      impact: impact({
        members: 35,
        enrolled: 22,
        notEnrolled: [
          { role: 'Editor', count: 9 },
          { role: 'Lite', count: 3 },
          { role: 'Administrator', count: 1 },
        ],
        exempt: 2,
        exemptUntil: Date.parse('2027-02-01T00:00:00Z'),
        overdueAtOnce: 5,
        names: named('northwind', 'overdue', ['ada', 'ben', 'cleo', 'dina', 'eric']),
      }),
    }),
    scopeChange('northwind/bakery', {
      action: 'create',
      place: 'policies/myglue/bakery.yaml:5',
      before: null,
      impact: impact({
        members: 12,
        enrolled: 3,
        notEnrolled: [{ role: 'Editor', count: 9 }],
        newlyRequired: 12,
        newlyRequiredNotEnrolled: 9,
        overdueAtOnce: 9,
        names: named('northwind/bakery', 'overdue', ['al', 'bo', 'cy', 'di', 'ed', 'flo', 'gil', 'hal', 'ina']),
      }),
      verdicts: [
        verdict({
          guard: 'overdue-at-once',
          scope: 'northwind/bakery',
          outcome: 'refused',
          message: '9 of 12 members (75 %), limit 25 %',
          remedy: 'lift it with the GuardOverride that padlock plan --print-overrides writes, or give a gracePeriod',
        }),
      ],
      held: true,
    }),
    scopeChange('northwind/clinic', { verdicts: [verdict({ guard: 'weakened', scope: 'northwind/clinic' })] }),
    scopeChange('northwind/garage'),
  ],
  verdicts: [verdict({})],
  counts: { changes: 2, held: 1, unchanged: 2 },
});

/** Everything as declared. */
export const nothing: Plan = plan({
  scopes: ['northwind', 'northwind/bakery', 'northwind/clinic', 'northwind/garage'].map((scope) => scopeChange(scope)),
  verdicts: [verdict({})],
  counts: { changes: 0, held: 0, unchanged: 4 },
});

/** One of each thing that a plan can tell, of two accounts. */
export const everything: Plan = plan({
  scopes: [
    scopeChange('northwind'),
    scopeChange('northwind/bakery', {
      action: 'orphan',
      place: 'policies/myglue/bakery.yaml:1',
      after: null,
      impact: impact({ members: 12, enrolled: 12 }),
    }),
    scopeChange('northwind/clinic', {
      action: 'create',
      place: 'policies/myglue/clinic.yaml:8',
      before: null,
      after: terms('northwind/clinic', { reportOnly: true }),
      impact: impact({
        members: 10,
        enrolled: 6,
        notEnrolled: [{ role: 'Editor', count: 4 }],
        wouldBeRequired: 4,
        rows: [row('northwind/clinic', 'enrolled', 6), row('northwind/clinic', 'report-only', 4)],
      }),
    }),
    scopeChange('northwind/garage', {
      action: 'create',
      via: 'default',
      before: null,
      place: 'policies/account.yaml:20',
      after: terms('northwind/garage', {
        enforceFrom: Date.parse('2026-12-01T00:00:00Z'),
        grace: 14 * DAY,
        demand: packDemand([
          ['Editor', 3],
          ['Lite', 2],
        ]),
      }),
      impact: impact({
        members: 5,
        enrolled: 2,
        notEnrolled: [
          { role: 'Lite', count: 2 },
          { role: 'Editor', count: 1 },
        ],
        newlyRequired: 4,
        newlyRequiredNotEnrolled: 3,
        pending: 3,
        firstDeadline: Date.parse('2026-12-15T00:00:00Z'),
        lastDeadline: Date.parse('2026-12-20T09:30:00Z'),
        names: named('northwind/garage', 'pending', ['ann', 'bob', 'cid']),
      }),
    }),
    scopeChange('southwind', {
      action: 'update',
      place: 'policies/southwind.yaml:7',
      enforcer: 'none',
      unenforceable: [{ field: 'requireMfa', enforcer: 'none', why: '' }],
      edits: [
        { field: 'requireMfa', before: true, after: false, place: 'policies/southwind.yaml:7' },
        { field: 'roles', before: ['Manager', 'Lite'], after: ['Administrator', 'Manager'], place: 'policies/southwind.yaml:9' },
        {
          field: 'guards',
          before: { overdueAtOnce: '25%', resets: 3 },
          after: { overdueAtOnce: '100%' },
          place: 'policies/southwind.yaml:11',
        },
        { field: 'suspend', before: { reason: 'fair', until: '2026-12-01T00:00:00Z' }, after: undefined, place: null },
      ],
      after: terms('southwind'),
      impact: impact({ members: 1, enrolled: 0, notEnrolled: [{ role: 'Manager', count: 1 }], unknown: 1 }),
      verdicts: [
        verdict({
          guard: 'weakened',
          scope: 'southwind',
          outcome: 'overridden',
          message: 'MFA no longer required, 1 person (0 enrolled)',
          remedy: 'overridden by fair: agreed with the board',
        }),
        verdict({
          guard: 'orphaned',
          scope: 'southwind',
          outcome: 'note',
          message: 'its document is gone; the requirement of "southwind" stays in force',
        }),
      ],
    }),
    scopeChange('southwind/dairy', {
      action: 'delete',
      after: null,
      place: 'policies/myglue/dairy.yaml:1',
      held: true,
      impact: impact({ members: 3 }),
    }),
  ],
  documents: [
    {
      kind: 'MfaExemption',
      name: 'fire-drill',
      previousName: null,
      source: null,
      account: 'northwind',
      scope: null,
      action: 'create',
      edits: [],
      before: null,
      version: null,
      after: {
        account: 'northwind',
        users: ['a@northwind.example', '17'],
        reason: 'phones are collected',
        expiresAt: '2027-02-01T00:00:00Z',
      },
      place: 'policies/exemptions.yaml:3',
    },
    {
      kind: 'ComplianceReport',
      name: 'weekly',
      previousName: null,
      source: null,
      account: null,
      scope: null,
      action: 'update',
      before: {},
      after: {},
      version: 1,
      edits: [{ field: 'schedule', before: '0 7 * * MON', after: '0 6 * * MON', place: 'policies/report.yaml:9' }],
      place: 'policies/report.yaml:1',
    },
    {
      kind: 'MfaPolicy',
      name: 'northwind',
      previousName: null,
      source: null,
      account: 'northwind',
      scope: 'northwind',
      action: 'update',
      before: {},
      after: {},
      version: 2,
      edits: [
        {
          field: 'breakGlass',
          before: ['ada@northwind.example'],
          after: ['ada@northwind.example', 'ben@northwind.example'],
          place: 'policies/account.yaml:30',
        },
      ],
      place: 'policies/account.yaml:1',
    },
  ],
  exempted: [
    {
      document: 'fire-drill',
      people: 2,
      scopes: [
        {
          scope: 'northwind',
          people: 2,
          open: 3,
          apart: [{ role: 'Lite', count: 1 }],
          names: [
            { user: 'a@northwind.example', role: 'Editor' },
            { user: 'bo@northwind.example', role: 'Lite' },
          ],
          limit: 25,
          warns: true,
        },
      ],
    },
  ],
  resets: [
    resetChange({}),
    resetChange({
      requestId: 'stolen-4',
      outcome: 'Held',
      reason: 'the resets guard holds it',
      user: 'ben@northwind.example',
      place: 'policies/resets.yaml:20',
    }),
    resetChange({ requestId: 'old-1', settled: true }),
  ],
  verdicts: [
    verdict({ message: '2 can sign in' }),
    verdict({ guard: 'resets', outcome: 'refused', message: '11 in 24 h, limit 10', remedy: 'the rest is held until tomorrow' }),
    verdict({ scope: 'southwind', message: '1 can sign in' }),
  ],
  unknownUsers: [{ place: 'policies/exemptions.yaml:9', called: 'eve@northwind.example' }],
  counts: { changes: 9, held: 2, unchanged: 1 },
});

export function plan(more: Partial<Plan>): Plan {
  return {
    now: NOW,
    scopes: [],
    documents: [],
    resets: [],
    verdicts: [],
    unknownUsers: [],
    unboundUsers: [],
    exempted: [],
    exemptionsHeld: new Set(),
    counts: { changes: 0, held: 0, unchanged: 0 },
    digest: DIGEST,
    ...more,
  };
}
