import type { ScopeKey } from '../model/scope.ts';
import type { Trust } from '../model/terms.ts';
import type { Duration, EnforcerName, EnrollmentTeller, FactorKind, Instant, Json, Role } from '../model/words.ts';

/** What a policy may ask for beside the requirement itself, and not every enforcer can do. */
export type PolicyFeature = 'gracePeriod' | 'upstreamMfa' | 'localChallenge' | 'existingSessions' | 'enrollment';

/**
 * What an enforcer can do. A requirement that needs what it cannot is `Unenforceable`: shown and reported so, and never
 * counted as compliant. Constant for as long as a process runs: plans, lists and reports rest on it without asking anybody.
 */
export interface EnforcerCapabilities {
  readonly name: EnforcerName;
  /**
   * Where people sign in. `here`: at Padlock's portal, which reads the store; `elsewhere`: at a server that decides by a copy of its
   * own, so that whatever the store decides is pushed to it; `nowhere`: nothing decides, as far as Padlock sees.
   */
  readonly place: 'here' | 'elsewhere' | 'nowhere';
  /** Stops people at sign-in: of the account, of its MyGlue accounts. */
  readonly enforcesAccount: boolean;
  readonly enforcesMyGlue: boolean;
  /**
   * How it waits for a deadline. `prompt`: asks at each sign-in, and lets people postpone; `deadline`: asks nothing before, and only
   * once it has been pushed to after the deadline; `none`: asks at once.
   */
  readonly grace: 'prompt' | 'deadline' | 'none';
  /** Kinds that it can enroll at sign-in. */
  readonly enrolls: readonly FactorKind[];
  /** Removes factors on request. */
  readonly resets: boolean;
  /** Ends sessions: of somebody who is reset, of a scope whose policy revokes them. */
  readonly sessions: boolean;
  /** Who says who is enrolled. `enforcer`: {@link Enforcer.enrollment} lists them, and an import takes that in. */
  readonly enrollment: EnrollmentTeller;
  /** What of a policy it cannot do, and why or what it does instead, in words that follow its name. */
  readonly cannot: Readonly<Partial<Record<PolicyFeature, string>>>;
}

/** From a moment on, members of a role must have one of some kinds. */
export interface DemandStage {
  readonly role: Role;
  /** Any of them will do. */
  readonly kinds: readonly FactorKind[];
  /** The deadline of everybody who joined by then: grace is counted in. */
  readonly from: Instant;
}

/** Somebody as both sides know them: by the directory's id, else by the address, matched without regard to ASCII case. */
export interface PersonElsewhere {
  readonly externalId: string;
  readonly address: string | null;
}

/**
 * All that a scope asks, whatever it asked before: an enforcer brings itself to it. Asking nothing (no policy, turned off,
 * ReportOnly) is a demand without stages.
 */
export interface ScopeDemand {
  readonly scope: ScopeKey;
  /** By role, the earliest first; a later one of the same role asks for fewer kinds. */
  readonly stages: readonly DemandStage[];
  /** Whoever joins a scope after its stage began has so long from then. */
  readonly grace: Duration;
  readonly trust: readonly Trust[];
  /** Open sessions end when a stage begins. */
  readonly revokes: boolean;
  /** Whom an exemption covers now: it covers all of somebody's memberships, so every scope of an account has the same people. */
  readonly exempt: readonly PersonElsewhere[];
}

/** What became of one scope of a push. */
export type ScopePushed =
  /** The enforcer reads the store: there was nothing to push. */
  | { readonly scope: ScopeKey; readonly outcome: 'read-from-store' }
  /** It is in force there as well: whether it had to be changed or not. */
  | { readonly scope: ScopeKey; readonly outcome: 'pushed' }
  /** The enforcer cannot do what this scope asks. It has done what it can. */
  | { readonly scope: ScopeKey; readonly outcome: 'unenforceable'; readonly why: string }
  /** It could not be carried through, and is not in force there, or in part: the next push begins again. */
  | { readonly scope: ScopeKey; readonly outcome: 'failed'; readonly why: string; readonly fix: string };

/** A reset that Padlock's own store has executed already, exactly once. */
export interface ResetOrder {
  readonly requestId: string;
  readonly account: string;
  readonly person: PersonElsewhere;
  /** Factors confirmed from then on stay. */
  readonly requestedAt: Instant;
}

/**
 * What a reset must know to go on after it was interrupted, kept in Padlock's store: which factors it found, whether the person
 * was enabled.
 */
export interface ResetNotes {
  /**
   * Writes them down before anything is done there, once: where notes stand already, those are given and these are dropped, so
   * that two processes go on from the same. Throws `enforcer/unfinished` while an earlier reset of the same person is not done.
   */
  begin(notes: Json): Promise<Json>;
}

/** What became of a reset. */
export type ResetCarried =
  /** The factors are in the store, and went with it. */
  | { readonly outcome: 'in-store' }
  /** Every factor noted is gone, and every session ended. `factors`: how many were noted. */
  | { readonly outcome: 'done'; readonly factors: number }
  /** Nobody there is this person: nothing of theirs is alive. */
  | { readonly outcome: 'nobody' };

/** Something that is not as the store says, or a way around it. */
export interface EnforcerFinding {
  /** Null: of the account as a whole. */
  readonly scope: ScopeKey | null;
  /** What it is, in the enforcer's own words: `the roles of /account/Editor`, `direct grants of client legacy`. */
  readonly what: string;
  readonly is: Json;
  readonly shouldBe: Json;
  /** `push`: the next push of the scope mends it; `by-hand`: somebody with more rights must, there. */
  readonly mends: 'push' | 'by-hand';
}

/** Somebody's confirmed factors, as the enforcer has them. */
export interface Enrolled extends PersonElsewhere {
  readonly kinds: readonly FactorKind[];
}

/**
 * Where people sign in, and so where a requirement bites. Padlock's store decides first: an enforcer is pushed to after the commit,
 * and nothing it says changes what was decided. Every method may be called again, by any process, after any failure.
 *
 * Errors: `enforcer/unreachable` (not there, or it answered with part of what it holds: too few rights look empty),
 * `enforcer/cannot` (asked for what the capabilities deny), and `PadlockError` alone.
 */
export interface Enforcer {
  readonly capabilities: EnforcerCapabilities;
  /** Brings each scope to its demand at a moment; one answer for each, in their order. A scope that fails stops no other. */
  push(demands: readonly ScopeDemand[], now: Instant): Promise<readonly ScopePushed[]>;
  /**
   * Removes somebody's factors confirmed before the request, and ends their sessions. Done again, or resumed after being killed at
   * any moment, it removes nothing that was enrolled since. Throws where it did not come to its end.
   */
  reset(order: ResetOrder, notes: ResetNotes): Promise<ResetCarried>;
  /** How an account differs from the demands of all its scopes at a moment: reading alone. */
  drift(account: string, demands: readonly ScopeDemand[], now: Instant): Promise<readonly EnforcerFinding[]>;
  /** Everybody of an account with the factors they have, or a failure: never a part. `enforcer/cannot` unless `enrollment` says `enforcer`. */
  enrollment(account: string): AsyncIterable<Enrolled>;
}

/** Every enforcer that an account can have. */
export type Enforcers = Readonly<Record<EnforcerName, Enforcer>>;
