import type { Actor } from './actor.ts';
import type { KindMask } from './demand.ts';
import type { Reason } from './requirement.ts';
import type { ScopeKey } from './scope.ts';
import type { Suspension } from './terms.ts';
import type { EnforcerName, EnrollmentTeller, Instant, Role } from './words.ts';

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
  /** When somebody who had been disabled was enabled again, the last time; null: never, as far as the store saw. */
  readonly reenabled: Instant | null;
  readonly breakGlass: boolean;
  readonly reason: Reason;
  readonly deadline: Instant | null;
  readonly exemptUntil: Instant | null;
  /** The exemption's document, when one is in force, and since when it is for this person. */
  readonly exemption: string | null;
  readonly exemptFrom: Instant | null;
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

/** A scope as the store knows it. */
export interface StoredScope {
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

/** A scope as lists and reports show it: with what its enforcer is able to do about it. */
export interface ScopeFacts extends StoredScope {
  /** The enforcer stops people at this scope's sign-in. */
  readonly enforceable: boolean;
  /** Who says who is enrolled. */
  readonly enrollment: EnrollmentTeller;
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
  /** Who brought the request in first. */
  readonly requestedBy: Actor;
  /** The address or id of whoever approved it; null: nobody, or none was asked for. */
  readonly approvedBy: string | null;
}

/** An exemption that is or was in force, as a report lists it beside the people whom it covers. */
export interface ExemptionRecord {
  readonly account: string;
  /** The document's name, as memberships have it. */
  readonly document: string;
  readonly reason: string;
  readonly ticket: string | null;
  /** Who put the document in force as it stands, and when; null where the audit log does not say. */
  readonly by: Actor | null;
  readonly at: Instant | null;
}

/** A user declared as emergency administrator, and the person found by that name; null: nobody is called so. */
export interface BreakGlassUser {
  readonly account: string;
  readonly called: string;
  /** The policy that declares it. */
  readonly document: string;
  readonly person: BreakGlassPerson | null;
}

export interface BreakGlassPerson {
  readonly userId: number;
  readonly externalId: string;
  readonly address: string | null;
  readonly name: string | null;
  readonly enabled: boolean;
  readonly localPassword: boolean;
  readonly kinds: KindMask | null;
  readonly lastSignIn: Instant | null;
}

/** People of an account with a membership that has not ended: held by the store, and met when memberships were judged. */
export interface PeopleCount {
  readonly account: string;
  readonly held: number;
  readonly considered: number;
}
