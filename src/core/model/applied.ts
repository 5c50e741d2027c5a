import type { KindMask } from './demand.ts';
import type { DocumentSource } from './positions.ts';
import type { Reason } from './requirement.ts';
import type { ScopeKey } from './scope.ts';
import type { Obligation, TermsInForce } from './terms.ts';
import type { Channel, EnforcerName, Instant, JsonObject, Role } from './words.ts';

/** Kinds of document that stay in force until another takes their place. */
export type StandingKind = 'MfaPolicy' | 'MfaExemption' | 'ComplianceReport';

/** A document in force, as canonical JSON, with the owner of record (channel and name) and the version a change must have seen. */
export interface DocumentInForce {
  readonly kind: StandingKind;
  readonly channel: Channel;
  readonly name: string;
  /** Null for kinds that cover several accounts. */
  readonly account: string | null;
  /** Policies only. */
  readonly scope: ScopeKey | null;
  readonly spec: JsonObject;
  readonly source: DocumentSource;
  readonly version: number;
}

/** An account as the directory knows it. */
export interface AccountFacts {
  readonly account: string;
  readonly enforcer: EnforcerName;
  /** The account's scopes, its own first. */
  readonly scopes: readonly ScopeKey[];
  /** Raised by every change of an exemption: plans made before it are stale. */
  readonly exemptionsVersion: number;
  /** Administrators of the account, enabled or not: none means that it is still to be bootstrapped. */
  readonly administrators: number;
}

/** Everything in force, read in one snapshot. */
export interface Applied {
  readonly accounts: readonly AccountFacts[];
  readonly documents: readonly DocumentInForce[];
  readonly terms: readonly TermsInForce[];
  readonly obligations: readonly Obligation[];
}

/** A person found by what a document calls them: an address or an id. */
export interface FoundUser {
  readonly account: string;
  /** As the document wrote it. */
  readonly called: string;
  readonly id: number;
  readonly address: string | null;
  readonly name: string | null;
}

/** How many members of a scope stand where, before and after a change: one row for each combination that occurs. */
export interface ImpactRow {
  readonly scope: ScopeKey;
  readonly role: Role;
  readonly kinds: KindMask | null;
  readonly before: Reason;
  readonly after: Reason;
  readonly count: number;
  /** Earliest and latest deadline after the change, of those who have one. */
  readonly firstDeadline: Instant | null;
  readonly lastDeadline: Instant | null;
  /** Latest end of the exemptions in force. */
  readonly exemptUntil: Instant | null;
}

/** Members of a changed scope whom the change leaves without any kind to enroll: how many, and some names. */
export interface Stranded {
  readonly scope: ScopeKey;
  readonly people: number;
  readonly names: readonly string[];
}

/**
 * Somebody whom an exemption newly leaves unprotected in a scope: asked for a factor, without one, not exempt yet. With how many
 * of them there are by the document and scope, Lite users and administrators among them, and in the scope without any exemption.
 */
export interface ExemptedName {
  readonly document: string;
  readonly scope: ScopeKey;
  readonly user: string;
  readonly role: Role;
  readonly people: number;
  readonly lite: number;
  readonly administrators: number;
  readonly open: number;
}

/** One person whom a change hits, for the names of a plan. */
export interface ImpactName {
  readonly scope: ScopeKey;
  readonly group: 'overdue' | 'pending';
  readonly user: string;
  readonly role: Role;
  readonly deadline: Instant | null;
}

/** A reset request that the store knows. */
export interface KnownReset {
  readonly requestId: string;
  readonly account: string;
  /** Null while no user was found. */
  readonly userId: number | null;
  /** As the request called the person when it was first seen. */
  readonly called: string;
  readonly outcome: ResetOutcome;
  readonly reason: string;
  /** Why it was asked for, and when it ends, as the request said when it was last recorded; null: recorded before that was kept. */
  readonly asked: string | null;
  readonly expiresAt: Instant | null;
  /** Who asked: the person behind the identity that brought it in first. */
  readonly requesterId: number | null;
  /** Whether it said `approved` when it was last seen. */
  readonly approved: boolean;
  /** The second person who turned it to true. */
  readonly approverId: number | null;
  readonly firstSeen: Instant;
  readonly executedAt: Instant | null;
}

/** What became of a reset request. */
export const RESET_OUTCOMES = ['AwaitingApproval', 'Held', 'Executed', 'Expired', 'Refused', 'UserChanged', 'NoSuchUser'] as const;
export type ResetOutcome = (typeof RESET_OUTCOMES)[number];

/**
 * Outcomes after which a request is never looked at again. Refused and NoSuchUser are no end: they are told at every
 * apply until their cause is mended or the request expires, so that no request is used up unseen.
 */
export const SETTLED_OUTCOMES: readonly ResetOutcome[] = ['Executed', 'Expired', 'UserChanged'];

/** A membership of somebody whom a request names. */
export interface MembershipOf {
  readonly userId: number;
  readonly scope: ScopeKey;
  readonly role: Role;
}

/** A window of an exemption, and whom it was bound to. */
export interface BoundWindow extends ExemptionBinding {
  readonly channel: Channel;
  readonly account: string;
  readonly startsAt: Instant;
  readonly expiresAt: Instant;
}

/** Whom an exemption was bound to when it was applied. */
export interface ExemptionBinding {
  readonly document: string;
  readonly called: string;
  readonly userId: number;
}
