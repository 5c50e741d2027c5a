import type { Figures, ScopeSummary, Summary } from './summary.ts';

/** How many are protected, of how many who are asked. */
export interface Protection {
  readonly protected: number;
  /** Asked for MFA, or would be: everyone but those disabled, not required, and break-glass users, who are listed apart. */
  readonly asked: number;
  /** Of them, those of whom it is not known. */
  readonly unknown: number;
}

/** What of a scope protection is counted by: figures, and whether the scope enforces anything. */
export type Judged = Pick<Figures, 'members' | 'classes'> & Pick<ScopeSummary, 'enforced'>;

/**
 * The protection of some scopes together. Where nothing is enforced nobody is protected, whatever they have enrolled
 * (case DEC-01); who cannot be evaluated is neither protected nor left out.
 */
export function protectionOf(scopes: readonly Judged[]): Protection {
  let [covered, asked, unknown] = [0, 0, 0];
  for (const { members, classes, enforced } of scopes) {
    covered += enforced ? classes.enrolled + classes.upstream : 0;
    asked += members - classes['not-required'] - classes['not-applicable'] - classes['break-glass'];
    unknown += classes.unknown;
  }
  return { protected: covered, asked, unknown };
}

/** The share from 0 to 1; null where nobody is asked, or nobody could be evaluated: that is no zero. */
export function shareOf({ protected: covered, asked, unknown }: Protection): number | null {
  return asked === 0 || unknown === asked ? null : covered / asked;
}

/** The conditions that `--fail-on` takes, each with what meets it. A closed list: a word is never given another meaning. */
export const CONDITIONS = {
  'not-enforced': 'a scope enforces nothing: no policy, turned off, ReportOnly, or no enforcer that can',
  'not-compliant': 'a scope is not compliant, or could not be evaluated',
  overdue: 'somebody is past the deadline',
  missing: 'somebody who is asked is not enrolled, within grace or past it',
  unknown: 'somebody could not be evaluated',
  'break-glass': 'a break-glass user is missing, disabled, without a local password, or was used',
} as const;
export type Condition = keyof typeof CONDITIONS;

/** Those of the conditions asked for that are met, in the order of the list. */
export function metConditions(asked: readonly Condition[], summary: Summary, breakGlassFindings: number): Condition[] {
  const { total, scopes } = summary;
  const met: Readonly<Record<Condition, boolean>> = {
    'not-enforced': scopes.some((scope) => !scope.enforced),
    'not-compliant': summary.compliant !== true,
    overdue: total.overdue > 0,
    missing: total.classes.missing > 0,
    unknown: total.classes.unknown > 0,
    'break-glass': breakGlassFindings > 0,
  };
  return (Object.keys(CONDITIONS) as Condition[]).filter((condition) => asked.includes(condition) && met[condition]);
}
