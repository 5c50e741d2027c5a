import type { JudgedMembership } from '../model/findings.ts';

/** Where a membership stands, for reports: each is in exactly one class, and the sum of the classes is the total. */
export const FINDING_CLASSES = [
  'break-glass',
  'not-applicable',
  'not-required',
  'enrolled',
  'upstream',
  'exempt',
  'unknown',
  'missing',
] as const;
export type FindingClass = (typeof FINDING_CLASSES)[number];

/**
 * The class of one membership; the first row that fits decides.
 *
 * | membership                                     | class          |
 * | declared as break-glass                        | break-glass    |
 * | disabled, or cannot sign in                    | not-applicable |
 * | no policy, turned off, or role not listed      | not-required   |
 * | enrolled here                                  | enrolled       |
 * | proven upstream                                | upstream       |
 * | exemption in force                             | exempt         |
 * | the enforcer cannot tell                       | unknown        |
 * | asked, and the enforcer cannot enforce here    | unknown        | nothing could have made them enroll
 * | would be required, pending or overdue          | missing        |
 */
export function classify(membership: Pick<JudgedMembership, 'reason' | 'breakGlass'>, enforceable: boolean): FindingClass {
  if (membership.breakGlass) return 'break-glass';
  switch (membership.reason) {
    case 'disabled':
      return 'not-applicable';
    case 'no-policy':
    case 'turned-off':
    case 'role-not-listed':
      return 'not-required';
    case 'enrolled':
      return 'enrolled';
    case 'proven-upstream':
      return 'upstream';
    case 'exempted':
      return 'exempt';
    case 'cannot-tell':
      return 'unknown';
    case 'report-only':
    case 'within-grace':
    case 'past-deadline':
      return enforceable ? 'missing' : 'unknown';
  }
}
