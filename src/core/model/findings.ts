import type { KindMask } from './demand.ts';
import type { Reason } from './requirement.ts';
import type { ScopeKey } from './scope.ts';
import type { Suspension } from './terms.ts';
import type { EnforcerName, Instant, Role } from './words.ts';

/** One membership as the store judged it at one moment: a row of the padlock list and of a report. */
export interface JudgedMembership {
  readonly scope: ScopeKey;
  readonly userId: number;
  readonly externalId: string;
  readonly address: string | null;
  readonly name: string | null;
  readonly role: Role;
  readonly enabled: boolean;
  /** Null: the enforcer cannot tell. */
  readonly kinds: KindMask | null;
  readonly joined: Instant;
  readonly lastSignIn: Instant | null;
  readonly breakGlass: boolean;
  readonly reason: Reason;
  readonly deadline: Instant | null;
  readonly exemptUntil: Instant | null;
  /** The exemption's document, when one is in force. */
  readonly exemption: string | null;
  /** The last proof recorded upstream that the scope trusts. */
  readonly provenBy: string | null;
  readonly provenAt: Instant | null;
}

/** How many memberships of a scope have one reason; `breakGlass` ones are counted apart. */
export interface StateCount {
  readonly scope: ScopeKey;
  readonly role: Role;
  readonly reason: Reason;
  readonly breakGlass: boolean;
  /** With a kind that the scope allows; all kinds where nothing is asked. */
  readonly enrolled: boolean;
  readonly count: number;
}

/** A scope as lists and reports show it. */
export interface ScopeFacts {
  readonly scope: ScopeKey;
  /** `Northwind IT`, or the organizations' names of a MyGlue account. */
  readonly title: string;
  readonly enforcer: EnforcerName;
  readonly requireMfa: boolean;
  readonly reportOnly: boolean;
  /** The document in force, `file:line`; null without one. */
  readonly document: string | null;
  readonly place: string | null;
  /** Changes are held, as the rules in force say; whether that has ended is the reader's to see. */
  readonly suspension?: Suspension;
}

/** A reset request as a report lists it. */
export interface ResetRecord {
  readonly requestId: string;
  readonly account: string;
  readonly userId: number | null;
  readonly address: string | null;
  readonly outcome: string;
  readonly reason: string;
  readonly firstSeen: Instant;
  readonly executedAt: Instant | null;
}
