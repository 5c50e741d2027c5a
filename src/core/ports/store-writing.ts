import type { AuditRecord, ResolvedActor } from '../model/actor.ts';
import type { ResetOutcome, StandingKind } from '../model/applied.ts';
import type { DirectoryChanges } from '../model/directory.ts';
import type { DocumentSource } from '../model/positions.ts';
import type { ScopeKey } from '../model/scope.ts';
import type { Obligation, Terms } from '../model/terms.ts';
import type { Channel, FactorKind, Instant, JsonObject } from '../model/words.ts';
import type { EnforcerCapabilities } from './enforcer.ts';

/** One document to put in force, to replace, or to let go (`spec` null). `version` is the one the change has seen; null: none. */
export interface DocumentWrite {
  readonly kind: StandingKind;
  readonly channel: Channel;
  readonly name: string;
  readonly account: string | null;
  readonly scope: ScopeKey | null;
  readonly spec: JsonObject | null;
  readonly source: DocumentSource | null;
  readonly version: number | null;
}

/** One scope's terms to put in force, or to let go (`terms` null). */
export interface TermsWrite {
  readonly scope: ScopeKey;
  readonly terms: Terms | null;
  readonly version: number | null;
}

/** An exemption's windows by bound user; replaces those of the same document. */
export interface ExemptionWrite {
  readonly account: string;
  readonly document: string;
  readonly channel: Channel;
  /** Empty: the exemption ends now. */
  readonly users: readonly { readonly called: string; readonly userId: number }[];
  readonly startsAt: Instant;
  readonly expiresAt: Instant;
}

/** A reset to record with its outcome; only `Executed` touches the person. */
export interface ResetWrite {
  readonly requestId: string;
  readonly account: string;
  readonly userId: number | null;
  readonly called: string;
  readonly outcome: ResetOutcome;
  readonly reason: string;
  /** Why it was asked for, whatever became of it, and when it ends: for whoever approves it later. */
  readonly asked: string;
  readonly expiresAt: Instant | null;
  readonly approved: boolean;
  readonly approverId: number | null;
  /** The earlier of the claim and the store's first sight: factors enrolled later stay. */
  readonly requestedAt: Instant;
  readonly actor: ResolvedActor;
  /** Executed, it is still to be carried out at the account's enforcer, which keeps factors of its own. */
  readonly elsewhere?: boolean;
  /**
   * It was executed before, and undone by a restore or by hand: any outcome but `Executed` gives way, and its own time is this one;
   * where that stands, what is there again is removed again.
   */
  readonly redone?: boolean;
}

/** A confirmed factor. `secret` is sealed by the store before it is written, and never leaves it in the clear. */
export interface FactorWrite {
  readonly userId: number;
  readonly kind: FactorKind;
  readonly label: string;
  readonly secret: Uint8Array;
  readonly enrolledAt: Instant;
  /** The time step or counter that confirmed it: used up with it. Absent: 0. */
  readonly lastStep?: number;
}

/** What an import must know of the account's enforcer: its name, and who says who is enrolled. */
export type ImportEnforcer = Pick<EnforcerCapabilities, 'name' | 'enrollment'>;

/**
 * Writing, inside the transaction of `Store.write` and at its moment. Every version given is compared: where another change came
 * in between, `store/conflict` is thrown and the whole transaction rolls back. No method writes a row for each user,
 * but those that change a person's own facts.
 */
export interface StoreWriting {
  putDocuments(writes: readonly DocumentWrite[]): Promise<void>;
  putTerms(writes: readonly TermsWrite[]): Promise<void>;
  /** Adds rows of (scope, demand); one that is there keeps its earlier `since`. */
  addObligations(rows: readonly Obligation[]): Promise<void>;
  putExemptions(writes: readonly ExemptionWrite[]): Promise<void>;
  /**
   * Records a request. Executed: claims its id, deletes factors and recovery codes enrolled before `requestedAt`, raises
   * the session epoch. Gives false, and does nothing, when the id was settled before.
   */
  putReset(write: ResetWrite): Promise<{ readonly done: boolean; readonly factorsRemoved: number }>;
  /** Carries out an import: people, memberships, scopes, organizations. Terms of new scopes are the flow's to put. */
  importDirectory(changes: DirectoryChanges, enforcer: ImportEnforcer, titles: ReadonlyMap<ScopeKey, string>): Promise<void>;
  /** Adds confirmed factors and the kinds beside their users and memberships. */
  enroll(factors: readonly FactorWrite[]): Promise<void>;
  /** Binds a channel's subject to a person. */
  bindIdentity(actor: ResolvedActor): Promise<void>;
  /** Appends to the accounts' chains, in order. */
  audit(records: readonly AuditRecord[]): Promise<void>;
}
