import { allowedFor } from '../../../src/core/model/demand.ts';
import type { Requirement } from '../../../src/core/model/requirement.ts';
import type { Instant } from '../../../src/core/model/words.ts';
import { type Applying, DAY, NOW, type RandomWorld, type WorldMember, type WorldScope } from './worlds.ts';

/** A member of whom a deadline was computed, with what became of it. */
export interface Dated {
  readonly world: RandomWorld;
  readonly scope: WorldScope;
  readonly member: WorldMember;
  readonly requirement: Requirement;
}

/** Whether this apply asked the member's role for kinds of which the person has none. */
function asks({ terms }: Applying, { role, user }: WorldMember): boolean {
  const asked = allowedFor(terms.demand, role);
  return enforces({ terms }) && asked !== 0 && (asked & (user.kinds ?? 0)) === 0;
}

function enforces({ terms }: Pick<Applying, 'terms'>): boolean {
  return terms.requireMfa && !terms.reportOnly;
}

/**
 * Since when the member is asked, told from the history alone: the first enforcing apply that asked the role for kinds of which
 * the person has none. Says nothing of rows, and so holds whatever the rows are.
 */
function askedSince({ scope, member }: Pick<Dated, 'scope' | 'member'>): Instant | undefined {
  return scope.history.find((one) => asks(one, member))?.at;
}

/** The deadline that the history gives, by the words of the design. */
export function deadlineByHistory(dated: Pick<Dated, 'scope' | 'member'>): Instant | undefined {
  const since = askedSince(dated);
  const terms = dated.scope.history.at(-1)?.terms;
  if (since === undefined || terms === undefined) return undefined;
  const starts = [since, dated.member.joined, ...(terms.enforceFrom === null ? [] : [terms.enforceFrom])];
  return Math.max(...starts) + terms.grace;
}

const first = ({ scope, member }: Dated) => scope.history.findIndex((one) => asks(one, member));

/** After the member was asked for the first time, something else than asking was in force, and now the scope asks again. */
function interrupted(dated: Dated, by: (one: Applying) => boolean): boolean {
  const { history } = dated.scope;
  return history.some((one, i) => i > first(dated) && by(one) && history.slice(i + 1).some((later) => asks(later, dated.member)));
}

function before(dated: Dated, by: (one: Applying) => boolean): boolean {
  return dated.scope.history.slice(0, first(dated)).some(by);
}

/** Asked while the past event happened: the event lies between the first apply and now. */
function happened(dated: Dated, past: WorldMember['user']['past']): boolean {
  return dated.member.user.past === past && (askedSince(dated) ?? NOW) < NOW - DAY;
}

/** The rows of the design's deadline table: which members, with a deadline and a scope with a history, are cases of them. */
export const DEADLINE_TABLE: Readonly<Record<string, (dated: Dated) => boolean>> = {
  'off and on again: the old deadline stands': (d) => interrupted(d, ({ terms }) => !terms.requireMfa),
  'Enforce, ReportOnly, Enforce: the old deadline stands': (d) => interrupted(d, ({ terms }) => terms.requireMfa && terms.reportOnly),
  'a reset: the old deadline stands': (d) => happened(d, 'reset'),
  'a re-enabled user: the old deadline stands': (d) => happened(d, 're-enabled'),
  'an exemption that ends: the old deadline stands': (d) => d.member.user.windows.some((w) => w.expiresAt <= NOW),
  'leaving and rejoining: the old deadline stands': (d) => happened(d, 'rejoined'),
  'a promotion into a role long obliged: the old deadline stands': (d) => happened(d, 'promoted'),
  'days in ReportOnly before the first enforcement use up no grace': (d) => before(d, ({ terms }) => terms.requireMfa && terms.reportOnly),
  'days off before the first enforcement use up no grace': (d) => before(d, ({ terms }) => !terms.requireMfa),
  'role added: whole grace from that apply': (d) => before(d, (one) => enforces(one) && allowedFor(one.terms.demand, d.member.role) === 0),
  'kinds narrowed, hit for the first time: whole grace from that apply': (d) =>
    before(d, (one) => enforces(one) && (allowedFor(one.terms.demand, d.member.role) & (d.member.user.kinds ?? 0)) !== 0),
  'asked by an earlier row: its deadline stands': (d) => d.scope.obligations.some((o) => o.since > (askedSince(d) ?? NOW)),
  'gracePeriod shortened: bites at once': (d) => shortened(d),
  'rows are per actual scope': (d) =>
    d.world.scopes.some(
      (s) => s !== d.scope && s.obligations.some((o) => o.since < (askedSince(d) ?? 0) && allowedFor(o.demand, d.member.role) !== 0),
    ),
};

/** Overdue now, and would still be pending under the grace of an apply before. */
function shortened({ scope, requirement }: Dated): boolean {
  const grace = scope.history.at(-1)?.terms.grace ?? 0;
  const { deadline } = requirement;
  if (deadline === null || deadline > NOW) return false;
  return scope.history.slice(0, -1).some((one) => enforces(one) && deadline - grace + one.terms.grace > NOW);
}
