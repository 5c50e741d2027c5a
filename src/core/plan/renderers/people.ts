import { formatInstant } from '../../documents/values.ts';
import { counted, flow } from '../../layout/flow.ts';
import { printable } from '../../layout/width.ts';
import type { ImpactName } from '../../model/applied.ts';
import type { Reason } from '../../model/requirement.ts';
import type { Role } from '../../model/words.ts';
import type { Impact, ScopeChange } from '../plan.ts';

/** Roles that a reader wants told apart: Lite users must enroll too, and administrators can lock everyone out. */
export const TOLD_APART: readonly Role[] = ['Lite', 'Administrator'];

/** Reasons after which somebody is asked for MFA, whether or not they have it already. */
const ASKED: readonly Reason[] = ['enrolled', 'proven-upstream', 'cannot-tell', 'exempted', 'report-only', 'within-grace', 'past-deadline'];

const INDENT = 4;

/**
 * The lines beneath a scope's change that tell whom it hits: the members, those newly required, those overdue at once
 * and those with a deadline, by name up to the cap. Every line at most `width` columns wide.
 */
export function peopleLines(change: ScopeChange, options: { width: number; names: number | 'all' }): string[] {
  const set = (parts: readonly string[]) => flow(parts, ' · ', { width: options.width, indent: INDENT, hang: INDENT + 2 });
  return [...peopleFacts(change).flatMap(set), ...group(change, 'overdue', options), ...group(change, 'pending', options)];
}

/** Counts of whom a change hits, in words and instants of our own: one list a line. */
export function peopleFacts(change: ScopeChange): string[][] {
  const { impact } = change;
  if (change.after?.reportOnly === true) return [memberParts(impact), [wouldRequire(impact)]];
  const newly = newlyParts(impact);
  const allAreNew = impact.newlyRequired > 0 && impact.newlyRequired === impact.members;
  return [allAreNew ? [...newly, ...exceptions(impact)] : memberParts(impact), allAreNew ? [] : newly].filter((parts) => parts.length > 0);
}

/** Those hit at once and those with a deadline: what they have in common, how many, and as many of them as are to be named. */
export function peopleGroups(
  change: ScopeChange,
  names: number | 'all',
): { readonly head: string; readonly count: number; readonly people: readonly ImpactName[] }[] {
  const { impact } = change;
  if (change.after?.reportOnly === true) return [];
  return (['overdue', 'pending'] as const).flatMap((which) => {
    const count = which === 'overdue' ? impact.overdueAtOnce : impact.pending;
    const people = impact.names.filter((name) => name.group === which);
    if (count === 0) return [];
    const head = which === 'overdue' ? 'overdue at once' : deadlines(impact);
    return [{ head, count, people: names === 'all' ? people : people.slice(0, names) }];
  });
}

function memberParts(impact: Impact): string[] {
  const missing = impact.notEnrolled.reduce((sum, row) => sum + row.count, 0);
  const apart = TOLD_APART.flatMap((role) => {
    const count = impact.notEnrolled.find((row) => row.role === role)?.count ?? 0;
    return count === 0 ? [] : [`${count} ${role}`];
  });
  return [
    counted(impact.members, 'person', 'people'),
    `${impact.enrolled} enrolled`,
    ...(missing === 0 ? [] : [`${missing} not${apart.length === 0 ? '' : `: ${apart.join(', ')}`}`]),
    ...exceptions(impact),
  ];
}

function newlyParts(impact: Impact): string[] {
  if (impact.newlyRequired === 0) return [];
  return [`${counted(impact.newlyRequired, 'person', 'people')} newly required`, `${impact.newlyRequiredNotEnrolled} not enrolled`];
}

function exceptions(impact: Impact): string[] {
  const until = impact.exemptUntil === null ? '' : ` until ${formatInstant(impact.exemptUntil)}`;
  return [
    ...(impact.exempt === 0 ? [] : [`${impact.exempt} exempt${until}`]),
    ...(impact.unknown === 0 ? [] : [`${impact.unknown} unknown: the enforcer cannot tell`]),
  ];
}

/** What ReportOnly is for: the effect of turning it to Enforce, known beforehand. */
function wouldRequire(impact: Impact): string {
  const asked = impact.rows.reduce((sum, row) => sum + (ASKED.includes(row.after) ? row.count : 0), 0);
  return `report only: would require MFA of ${counted(asked, 'person', 'people')}, ${impact.wouldBeRequired} would be locked out`;
}

/**
 * `overdue at once: 5   ada@…, ben@…, … (--names all)`. Where the guard `overdue-at-once` refuses, its own line has the
 * count already: the names come with `--names all`.
 */
function group(change: ScopeChange, which: ImpactName['group'], options: { width: number; names: number | 'all' }): string[] {
  const { impact } = change;
  if (change.after?.reportOnly === true) return [];
  const count = which === 'overdue' ? impact.overdueAtOnce : impact.pending;
  const told =
    which === 'overdue' && change.verdicts.some((verdict) => verdict.guard === 'overdue-at-once' && verdict.outcome === 'refused');
  if (count === 0 || (told && options.names !== 'all')) return [];
  const people = impact.names.filter((name) => name.group === which);
  const head = which === 'overdue' ? 'overdue at once' : deadlines(impact);
  return namesLine({ head, count, people: options.names === 'all' ? people : people.slice(0, options.names) }, options);
}

/** `overdue at once: 5   ada@…, ben@…, … (--names all)`: some of them by name, on as many lines as it takes. */
export function namesLine(
  { head, count, people }: { readonly head: string; readonly count: number; readonly people: readonly Pick<ImpactName, 'user' | 'role'>[] },
  options: { readonly width: number; readonly names: number | 'all' },
): string[] {
  const rest = count - people.length;
  const more = rest === 0 ? [] : [options.names === 'all' ? `… and ${rest} more` : '… (--names all)'];
  const [first, ...others] = [...people.map(nameWithRole), ...more];
  return flow([first === undefined ? `${head}: ${count}` : `${head}: ${count}   ${first}`, ...others], ', ', {
    width: options.width,
    indent: INDENT,
    hang: INDENT + 2,
  });
}

function deadlines(impact: Impact): string {
  if (impact.firstDeadline === null) return 'to enroll by the deadline';
  const first = `to enroll by ${formatInstant(impact.firstDeadline)}`;
  const last = impact.lastDeadline;
  return last === null || last === impact.firstDeadline ? first : `${first}, the last by ${formatInstant(last)}`;
}

function nameWithRole(name: Pick<ImpactName, 'user' | 'role'>): string {
  return TOLD_APART.includes(name.role) ? `${printable(name.user)} (${name.role})` : printable(name.user);
}
