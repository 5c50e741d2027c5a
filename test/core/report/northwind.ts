import { maskOf } from '../../../src/core/model/demand.ts';
import type { JudgedMembership, ResetRecord, ScopeFacts, StateCount } from '../../../src/core/model/findings.ts';
import type { Reason } from '../../../src/core/model/requirement.ts';
import type { Role } from '../../../src/core/model/words.ts';

/** The people and scopes of the fictitious MSP, as a store answers: what reports and lists are made of. */

export const NOW = Date.parse('2026-11-20T08:00:00Z');
export const TOTP = maskOf(['totp']);

export function facts(scope: string, more: Partial<ScopeFacts> = {}): ScopeFacts {
  return {
    scope,
    title: '',
    enforcer: 'portal',
    enforceable: more.enforcer !== 'none',
    enrollment: more.enforcer === 'none' ? 'directory' : 'store',
    requireMfa: true,
    reportOnly: false,
    document: scope.replace('/', '-'),
    place: 'policies/account.yaml:5',
    ...more,
  };
}

export function count(scope: string, reason: Reason, n: number, more: Partial<StateCount> = {}): StateCount {
  return { scope, role: 'Editor', reason, breakGlass: false, enrolled: reason === 'enrolled', count: n, ...more };
}

export function member(scope: string, who: string, reason: Reason, more: Partial<JudgedMembership> = {}): JudgedMembership {
  return {
    scope,
    userId: 1,
    externalId: `x-${who}`,
    address: `${who}@northwind.example`,
    name: null,
    role: 'Editor' satisfies Role,
    enabled: reason !== 'disabled',
    kinds: reason === 'enrolled' ? TOTP : reason === 'cannot-tell' ? null : 0,
    joined: Date.parse('2026-01-01T00:00:00Z'),
    lastSignIn: null,
    reenabled: null,
    breakGlass: false,
    reason,
    deadline: null,
    exemptUntil: null,
    exemption: null,
    exemptFrom: null,
    provenBy: null,
    provenAt: null,
    ...more,
  };
}

export function reset(more: Partial<ResetRecord> = {}): ResetRecord {
  return {
    requestId: 'lost-phone-17',
    account: 'northwind',
    userId: 1,
    address: 'ada@northwind.example',
    outcome: 'Executed',
    reason: 'phone lost',
    firstSeen: NOW,
    executedAt: NOW,
    requestedBy: { channel: 'cli', subject: 'ops' },
    approvedBy: null,
    ...more,
  };
}

/** 62 memberships in 4 scopes: enforced, turned off, ReportOnly, and one that nobody can enforce. */
export const SCOPES: readonly ScopeFacts[] = [
  facts('northwind/garage', { title: 'Kern Garage', enforcer: 'none' }),
  facts('northwind/bakery', { title: 'Bread & Co', requireMfa: false }),
  facts('northwind', { title: 'Northwind IT' }),
  facts('northwind/clinic', { title: 'Hill Clinic, Hill Pharmacy', reportOnly: true }),
];

export const COUNTS: readonly StateCount[] = [
  count('northwind', 'enrolled', 20),
  count('northwind', 'enrolled', 1, { breakGlass: true, role: 'Administrator' }),
  count('northwind', 'past-deadline', 1, { breakGlass: true, role: 'Administrator' }),
  count('northwind', 'past-deadline', 5),
  count('northwind', 'within-grace', 3, { role: 'Lite' }),
  count('northwind', 'exempted', 2),
  count('northwind', 'proven-upstream', 2),
  count('northwind', 'disabled', 1),
  count('northwind/bakery', 'turned-off', 12),
  count('northwind/clinic', 'enrolled', 6),
  count('northwind/clinic', 'report-only', 4),
  count('northwind/garage', 'past-deadline', 3),
  count('northwind/garage', 'cannot-tell', 1),
  count('northwind/garage', 'enrolled', 1),
];

export const HELD: ReadonlyMap<string, number> = new Map([
  ['northwind', 35],
  ['northwind/bakery', 12],
  ['northwind/clinic', 10],
  ['northwind/garage', 5],
]);

export const OPEN: readonly JudgedMembership[] = [
  member('northwind', 'ada', 'past-deadline', { deadline: Date.parse('2026-11-01T00:00:00Z'), breakGlass: true, role: 'Administrator' }),
  member('northwind', 'ben', 'past-deadline', { deadline: Date.parse('2026-11-01T00:00:00Z') }),
  member('northwind', 'cleo', 'within-grace', { deadline: Date.parse('2026-12-01T00:00:00Z'), role: 'Lite' }),
  member('northwind', 'dina', 'exempted', { exemptUntil: Date.parse('2027-02-01T00:00:00Z') }),
  member('northwind', 'eve', 'proven-upstream', { provenBy: 'entra', provenAt: Date.parse('2026-11-19T17:00:00Z') }),
  member('northwind/clinic', 'finn', 'report-only'),
  member('northwind/garage', 'gus', 'cannot-tell'),
];

/** Every chunk of a stream. */
export async function gather(chunks: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}
