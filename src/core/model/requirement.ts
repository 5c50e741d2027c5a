import type { KindMask } from './demand.ts';
import type { TermsField } from './terms.ts';
import type { Instant, Role } from './words.ts';

/**
 * Every reason a requirement can have, in the order of the rules; the first that speaks decides.
 * The index is what the store's SQL answers with, so the order is part of its contract.
 * `field` is the policy's field that decides, for the line that an answer carries.
 */
export const REASONS = [
  { reason: 'disabled', rule: 1, state: 'NotApplicable', field: null },
  { reason: 'no-policy', rule: 2, state: 'NotRequired', field: null },
  { reason: 'turned-off', rule: 2, state: 'NotRequired', field: 'requireMfa' },
  { reason: 'role-not-listed', rule: 3, state: 'NotRequired', field: 'roles' },
  { reason: 'enrolled', rule: 4, state: 'Satisfied', field: 'requireMfa' },
  { reason: 'proven-upstream', rule: 4, state: 'Satisfied', field: 'sso' },
  { reason: 'cannot-tell', rule: 5, state: 'Unknown', field: 'requireMfa' },
  { reason: 'exempted', rule: 6, state: 'Exempt', field: 'requireMfa' },
  { reason: 'report-only', rule: 7, state: 'WouldRequire', field: 'mode' },
  { reason: 'within-grace', rule: 8, state: 'Pending', field: 'gracePeriod' },
  { reason: 'past-deadline', rule: 9, state: 'Overdue', field: 'requireMfa' },
] as const satisfies readonly { reason: string; rule: number; state: string; field: TermsField | null }[];

export type Reason = (typeof REASONS)[number]['reason'];
export type RequirementState = (typeof REASONS)[number]['state'];

/** The place of a reason in {@link REASONS}. */
export function reasonIndex(reason: Reason): number {
  return REASONS.findIndex((row) => row.reason === reason);
}

/** The reason at a place that the store answered with. Throws a RangeError for a place that there is not. */
export function reasonAt(index: number): (typeof REASONS)[number] {
  const row = REASONS[index];
  if (row === undefined) throw new RangeError(`no reason ${index}`);
  return row;
}

/** A proof of MFA that an identity provider gave at a sign-in. */
export interface Proof {
  readonly provider: string;
  readonly claim: 'amr' | 'acr';
  readonly value: string;
  /** When the person authenticated there. */
  readonly at: Instant;
}

/** A window in which somebody is exempt, half-open, and the document that says so. */
export interface ExemptionWindow {
  readonly document: string;
  readonly startsAt: Instant;
  readonly expiresAt: Instant;
}

/** One membership as it is judged: facts only, whoever read them. */
export interface Standing {
  readonly role: Role;
  /** The person is enabled and can sign in at all. */
  readonly enabled: boolean;
  /** Confirmed kinds; null where the enforcer cannot tell. */
  readonly kinds: KindMask | null;
  /** First joined the scope; leaving and coming back does not move it. */
  readonly joined: Instant;
  readonly exemptions: readonly ExemptionWindow[];
  /** A session passes its own; lists pass the last recorded, and only for people without a local password. */
  readonly proofs: readonly Proof[];
}

/** What holds for one membership at one moment, with the reason. */
export interface Requirement {
  readonly state: RequirementState;
  readonly reason: Reason;
  /** The rule that decided, 1 to 9. */
  readonly rule: number;
  /** From when the deadline counts; null where no deadline is computed, or no obligation is recorded. */
  readonly obligedSince: Instant | null;
  /** Pending: until when it may be postponed; Overdue: since when it may not. */
  readonly deadline: Instant | null;
  /** Exempt: the end. */
  readonly exemptUntil: Instant | null;
  /** The document that decided; null where none does. */
  readonly document: string | null;
  readonly file: string | null;
  readonly line: number | null;
}
