import type { ImpactName, ImpactRow, ResetOutcome, StandingKind } from '../model/applied.ts';
import type { DocumentSource } from '../model/positions.ts';
import type { ScopeKey } from '../model/scope.ts';
import type { Terms } from '../model/terms.ts';
import type { Verdict } from '../model/verdict.ts';
import type { EnforcerName, Instant, Json, JsonObject, Role } from '../model/words.ts';
import type { Unenforceable } from './unenforceable.ts';

/** What happens to a scope's requirement, or to a document. See the decision table above `diffScopes`. */
export type Action = 'none' | 'create' | 'update' | 'delete' | 'orphan' | 'move' | 'repair';

/** One field that differs; absent on a side means the default. `place` is `file:line` of what is now declared. */
export interface Edit {
  readonly field: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly place: string | null;
}

/** The change of one document, whatever its kind. `spec` null: it goes. */
export interface DocumentChange {
  readonly kind: StandingKind;
  readonly name: string;
  /** The name under which it was in force, when it is another. */
  readonly previousName: string | null;
  readonly account: string | null;
  readonly scope: ScopeKey | null;
  readonly action: Action;
  readonly edits: readonly Edit[];
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly source: DocumentSource | null;
  /** The version that the change was computed from; null for a new document. */
  readonly version: number | null;
  readonly place: string;
}

/** What changes in one actual scope, whom it hits, and what the guards say. */
export interface ScopeChange {
  readonly scope: ScopeKey;
  readonly action: Action;
  /** Its own document, or the account's `myGlueDefault`. */
  readonly via: 'own' | 'default';
  readonly document: string;
  /** `file:line` of the edit, or of the document. */
  readonly place: string;
  readonly edits: readonly Edit[];
  /** Those of the edits that bring back what was changed in the store by hand. */
  readonly byHand: readonly Edit[];
  readonly before: Terms | null;
  readonly after: Terms | null;
  readonly enforcer: EnforcerName;
  /** What of it, as it will be, the enforcer cannot do. */
  readonly unenforceable: readonly Unenforceable[];
  readonly impact: Impact;
  readonly verdicts: readonly Verdict[];
  /** Held by a refused guard, or because the document that it comes from is. */
  readonly held: boolean;
  readonly digest: string;
}

/** Whom a change of one scope hits: counts of memberships, and names up to a cap. */
export interface Impact {
  /** Enabled members. */
  readonly members: number;
  /** With a kind that the scope allows after the change. */
  readonly enrolled: number;
  /** Enabled members without one, by role, largest first. */
  readonly notEnrolled: readonly { readonly role: Role; readonly count: number }[];
  readonly exempt: number;
  readonly exemptUntil: Instant | null;
  /** Not required before, required after. */
  readonly newlyRequired: number;
  readonly newlyRequiredNotEnrolled: number;
  /** Overdue after, and not before. */
  readonly overdueAtOnce: number;
  /** Pending after, with the first and last deadline. */
  readonly pending: number;
  readonly firstDeadline: Instant | null;
  readonly lastDeadline: Instant | null;
  readonly unknown: number;
  /** Report only: without an allowed kind, so locked out if it were enforced. */
  readonly wouldBeRequired: number;
  readonly names: readonly ImpactName[];
  readonly rows: readonly ImpactRow[];
}

/** Whom an exemption newly leaves unprotected, scope by scope: asked for a factor, without one, and exempt by it. */
export interface Exempted {
  readonly document: string;
  /** Everybody whom it names and somebody knows. */
  readonly people: number;
  readonly scopes: readonly {
    readonly scope: ScopeKey;
    readonly people: number;
    /** All members of the scope who are asked for a factor, have none, and are not exempt yet. */
    readonly open: number;
    /** Lite users and administrators among the people. */
    readonly apart: readonly { readonly role: Role; readonly count: number }[];
    readonly names: readonly Pick<ImpactName, 'user' | 'role'>[];
    /** The scope's `overdueAtOnce`, in percent; `warns`: they are a larger share of the open. */
    readonly limit: number;
    readonly warns: boolean;
  }[];
}

/** A reset request as the plan sees it: what would happen at apply. */
export interface ResetChange {
  readonly requestId: string;
  readonly account: string;
  /** As the document calls the person. */
  readonly user: string;
  readonly userId: number | null;
  readonly outcome: ResetOutcome;
  /** Why, in one line. */
  readonly reason: string;
  /** Whether it is seen as `approved`, and who turned it to true: a second person, or nobody. */
  readonly approved: boolean;
  readonly approverId: number | null;
  /** Nothing happens any more: executed or expired before, or it is another person's request. */
  readonly settled: boolean;
  readonly place: string;
}

/** The plan: a value. Computing it writes nothing, and rendering it decides nothing. */
export interface Plan {
  readonly now: Instant;
  readonly scopes: readonly ScopeChange[];
  readonly documents: readonly DocumentChange[];
  /** Accounts whose changes of exemptions are held by a guard. */
  readonly exemptionsHeld: ReadonlySet<string>;
  readonly exempted: readonly Exempted[];
  readonly resets: readonly ResetChange[];
  /** Verdicts on whole accounts: administrators, resets. Those on one scope stand with it. */
  readonly verdicts: readonly Verdict[];
  /** People whom exemptions or break-glass lists name and nobody knows: `file:line`, name. */
  readonly unknownUsers: readonly { readonly place: string; readonly called: string }[];
  /** People whom an exemption in force names and does not cover: not known when it was applied, or taken out by hand. */
  readonly unboundUsers: readonly { readonly place: string; readonly called: string }[];
  /** `unchanged`: scopes in force that stay as they are, those that only stand on another line among them. */
  readonly counts: { readonly changes: number; readonly held: number; readonly unchanged: number };
  /** Hex SHA-256 over the digests of the scopes, documents, people named and what overrides lift: what `apply --plan` compares. */
  readonly digest: string;
}
