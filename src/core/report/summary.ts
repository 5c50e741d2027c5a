import { PadlockError } from '../model/errors.ts';
import type { PeopleCount, ScopeFacts, StateCount } from '../model/findings.ts';
import { type ScopeKey, scopeOf } from '../model/scope.ts';
import { classify, FINDING_CLASSES, type FindingClass } from './classify.ts';

/** How many memberships stand where. `overdue`, `pending` and `wouldBeLockedOut` are parts of the class `missing`. */
export interface Figures {
  /** Memberships considered, which are all that the store holds. */
  readonly members: number;
  readonly classes: Readonly<Record<FindingClass, number>>;
  readonly overdue: number;
  readonly pending: number;
  /** ReportOnly: not enrolled, and locked out were the scope to enforce. */
  readonly wouldBeLockedOut: number;
  /** Break-glass members without a factor that the scope allows. */
  readonly breakGlassNotEnrolled: number;
}

/** One scope, judged. */
export interface ScopeSummary extends Figures {
  readonly facts: ScopeFacts;
  /** MFA is required, and something makes people enroll: not ReportOnly, and an enforcer that can. */
  readonly enforced: boolean;
  /** Null: not evaluated. */
  readonly compliant: boolean | null;
}

/** All scopes, an account before its MyGlue accounts, and their sums. */
export interface Summary {
  readonly scopes: readonly ScopeSummary[];
  readonly total: Figures;
  readonly enforcedScopes: number;
  /** All scopes compliant; null when none is not compliant but one could not be evaluated. */
  readonly compliant: boolean | null;
}

/**
 * Sums the store's counts to figures by scope. `held` is how many memberships the store holds in each scope, read apart from
 * the counts: where the two disagree, somebody was not considered.
 * Throws `report/incomplete` then, for a scope without facts, and for one whose total was not read.
 */
export function summarize(scopes: readonly ScopeFacts[], counts: readonly StateCount[], held: ReadonlyMap<ScopeKey, number>): Summary {
  const known = new Set(scopes.map((facts) => facts.scope));
  const stray = counts.find((count) => !known.has(count.scope));
  if (stray !== undefined) throw incomplete(`there are people in ${stray.scope}, which was not read`, stray.scope);
  const byScope = Map.groupBy(counts, (count) => count.scope);
  const summaries = [...scopes].sort(accountFirst).map((facts) => {
    const figures = figuresOf(facts, byScope.get(facts.scope) ?? []);
    const expected = held.get(facts.scope);
    if (figures.members !== expected) {
      throw incomplete(
        `${figures.members} members of ${facts.scope} were considered, of ${expected ?? 'an unknown number'} that the store holds`,
        facts.scope,
      );
    }
    const enforced = facts.requireMfa && !facts.reportOnly && facts.enforceable;
    return { facts, ...figures, enforced, compliant: isCompliant(figures, enforced) };
  });
  return {
    scopes: summaries,
    total: summaries.reduce<Figures>(add, NOBODY),
    enforcedScopes: summaries.filter((scope) => scope.enforced).length,
    compliant: allOf(summaries.map((scope) => scope.compliant)),
  };
}

/** Refuses (`report/incomplete`) where an account has people whom a judgement of all memberships does not meet, or meets more. */
export function agreePeople(counts: readonly PeopleCount[]): void {
  const stray = counts.find(({ held, considered }) => held !== considered);
  if (stray !== undefined) {
    throw incomplete(
      `${stray.considered} people of ${stray.account} were considered, of ${stray.held} that the store holds`,
      stray.account,
    );
  }
}

/**
 * | scope                                    | compliant     |
 * | nothing is enforced                      | no            | required nowhere is not protected; ReportOnly never counts
 * | somebody overdue                         | no            |
 * | somebody of whom it is not known         | not evaluated |
 * | everyone else, those within grace too    | yes           |
 */
function isCompliant(figures: Figures, enforced: boolean): boolean | null {
  if (!enforced || figures.overdue > 0) return false;
  return figures.classes.unknown > 0 ? null : true;
}

function allOf(verdicts: readonly (boolean | null)[]): boolean | null {
  if (verdicts.length === 0) return null;
  if (verdicts.includes(false)) return false;
  return verdicts.includes(null) ? null : true;
}

const NO_CLASSES = Object.fromEntries(FINDING_CLASSES.map((name) => [name, 0])) as Record<FindingClass, number>;
const NOBODY: Figures = { members: 0, classes: NO_CLASSES, overdue: 0, pending: 0, wouldBeLockedOut: 0, breakGlassNotEnrolled: 0 };

function figuresOf(facts: ScopeFacts, counts: readonly StateCount[]): Figures {
  return counts
    .map((row): Figures => {
      const found = classify(row, facts.enforceable);
      const missing = (reason: StateCount['reason']) => (found === 'missing' && row.reason === reason ? row.count : 0);
      return {
        members: row.count,
        classes: { ...NO_CLASSES, [found]: row.count },
        overdue: missing('past-deadline'),
        pending: missing('within-grace'),
        wouldBeLockedOut: missing('report-only'),
        breakGlassNotEnrolled: found === 'break-glass' && !row.enrolled ? row.count : 0,
      };
    })
    .reduce(add, NOBODY);
}

function add(a: Figures, b: Figures): Figures {
  const classes = Object.fromEntries(FINDING_CLASSES.map((name) => [name, a.classes[name] + b.classes[name]])) as Record<
    FindingClass,
    number
  >;
  return {
    members: a.members + b.members,
    classes,
    overdue: a.overdue + b.overdue,
    pending: a.pending + b.pending,
    wouldBeLockedOut: a.wouldBeLockedOut + b.wouldBeLockedOut,
    breakGlassNotEnrolled: a.breakGlassNotEnrolled + b.breakGlassNotEnrolled,
  };
}

function accountFirst(a: ScopeFacts, b: ScopeFacts): number {
  const key = ({ scope }: ScopeFacts) => `${scopeOf(scope).account}/${scopeOf(scope).myGlueAccount ?? ''}`;
  return key(a) < key(b) ? -1 : 1;
}

function incomplete(why: string, scope: ScopeKey): PadlockError {
  return new PadlockError('report/incomplete', `the figures are incomplete: ${why}`, {
    fix: 'run it again: no report is made of a part',
    data: { scope },
  });
}
