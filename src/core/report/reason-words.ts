import { formatInstant } from '../documents/values.ts';
import { printable } from '../layout/width.ts';
import type { JudgedMembership } from '../model/findings.ts';

/** Why somebody stands where they stand, in a few words for a list: `overdue since 2026-11-01T00:00:00Z`. */
export function reasonWords(row: Pick<JudgedMembership, 'reason' | 'deadline' | 'exemptUntil' | 'provenBy' | 'provenAt'>): string {
  const at = (instant: number | null, words: string) => (instant === null ? '' : ` ${words} ${formatInstant(instant)}`);
  switch (row.reason) {
    case 'disabled':
      return 'disabled';
    case 'no-policy':
      return 'no policy';
    case 'turned-off':
      return 'not required';
    case 'role-not-listed':
      return 'not required of the role';
    case 'enrolled':
      return 'enrolled';
    case 'proven-upstream':
      return `proven${row.provenBy === null ? ' upstream' : ` by ${printable(row.provenBy)}`}${at(row.provenAt, 'at')}`;
    case 'cannot-tell':
      return 'the enforcer cannot tell';
    case 'exempted':
      return `exempt${at(row.exemptUntil, 'until')}`;
    case 'report-only':
      return 'report only: would be locked out';
    case 'within-grace':
      return `to enroll${at(row.deadline, 'by')}`;
    case 'past-deadline':
      return `overdue${at(row.deadline, 'since')}`;
  }
}
