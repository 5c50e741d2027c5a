import type { ResolvedActor } from '../model/actor.ts';
import type {
  Applied,
  BoundWindow,
  ExemptedName,
  ExemptionBinding,
  FoundUser,
  ImpactName,
  ImpactRow,
  KnownReset,
  MembershipOf,
  Stranded,
} from '../model/applied.ts';
import type { KindMask } from '../model/demand.ts';
import type { DirectoryFacts, DirectoryRow } from '../model/directory.ts';
import type {
  BreakGlassUser,
  ExemptionRecord,
  JudgedMembership,
  PeopleCount,
  ResetRecord,
  StateCount,
  StoredScope,
} from '../model/findings.ts';
import type { AdministratorQuestion } from '../model/keeping.ts';
import type { PersonFacts } from '../model/person.ts';
import type { ScopeKey } from '../model/scope.ts';
import type { Obligation, Terms } from '../model/terms.ts';
import type { Channel, Instant } from '../model/words.ts';
import type { StoreAdministering } from './store-administering.ts';
import type { StoreAuditing } from './store-auditing.ts';
import type { StoreCarrying, StoreCarryingWrites } from './store-carrying.ts';
import type { StoreKeeping, StoreKeepingWrites } from './store-keeping.ts';
import type { StoreSignIn, StoreSignInWrites } from './store-sign-in.ts';
import type { StoreWriting } from './store-writing.ts';

export type { AdministratorQuestion };

/**
 * Padlock's own store. Everything a flow reads together is read in one snapshot; everything it writes is one
 * transaction that either happens whole, with its audit entries, or not at all.
 * Errors: `store/unavailable`, `store/newer-schema`, `store/older-schema`, `store/clock-behind`, `store/conflict`.
 */
export interface Store {
  /** Runs over one snapshot; nothing can be written. */
  read<T>(work: (reader: StoreReader) => Promise<T>): Promise<T>;
  /**
   * As `read`, for what looks at everybody, however long it takes: in a process that serves it holds nobody else up. Surveys come one
   * after another where an engine has one thread for them.
   */
  survey<T>(work: (reader: StoreReader) => Promise<T>): Promise<T>;
  /**
   * Runs as one writing transaction at `now`. Refused (`store/clock-behind`) when the clock stands more than a minute
   * behind the store's highest reading. Whatever `work` throws rolls everything back.
   */
  write<T>(now: Instant, work: (transaction: StoreTransaction) => Promise<T>): Promise<T>;
  /** Leaves nothing behind of what was deleted, in its file or its log. False: another process still reads the log; try again. */
  scrub(): Promise<boolean>;
  close(): Promise<void>;
}

/** Everything that can be read in one snapshot. */
export type StoreReader = StoreReading & StoreAuditing & StoreKeeping & StoreSignIn & StoreAdministering & StoreCarrying;

/** Everything that can be read and written in one writing transaction. */
export type StoreTransaction = StoreReader & StoreWriting & StoreKeepingWrites & StoreSignInWrites & StoreCarryingWrites;

/** Terms before and after a change of one scope; null on a side where no policy covers it. */
export interface ProposedTerms {
  readonly scope: ScopeKey;
  readonly before: Terms | null;
  readonly after: Terms | null;
  /** The obligation that applying it adds; null when it adds none. */
  readonly obligation: Obligation | null;
}

/** What changes of the exemptions together with the terms, as far as it changes who is hit. */
export interface ProposedExemptions {
  readonly channel: Channel;
  /** Documents whose windows give way. */
  readonly documents: readonly string[];
  readonly windows: readonly { readonly userId: number; readonly startsAt: Instant; readonly expiresAt: Instant }[];
}

/** Somebody whom an exemption is to name. */
export interface ExemptionOf {
  readonly document: string;
  readonly userId: number;
}

/** Everything that a plan would change of who is asked what. */
export interface Proposal {
  readonly scopes: readonly ProposedTerms[];
  readonly exemptions: ProposedExemptions;
}

/** Which memberships a list holds. */
export interface MembershipFilter {
  readonly account?: string;
  readonly scope?: ScopeKey;
  /** Only those who are required, or would be, and have no allowed kind: Unknown, Exempt, WouldRequire, Pending, Overdue. */
  readonly openOnly?: boolean;
  /** At most so many of each scope. */
  readonly perScope?: number;
  /** At most so many of each scope and reason, break-glass users apart. */
  readonly perReason?: number;
}

/** Reading: no method writes a row, and none needs more statements for more people. */
export interface StoreReading {
  /** Everything in force. */
  applied(): Promise<Applied>;
  /** People by address or id, those with a membership that has not ended. */
  findUsers(named: readonly { readonly account: string; readonly called: string }[]): Promise<FoundUser[]>;
  /** Before and after of the changed scopes' members, judged in SQL by the terms given in the place of the stored ones. */
  impact(proposal: Proposal, now: Instant): Promise<ImpactRow[]>;
  /** Names of whom it hits, at most `cap` of each scope and group; all of them when `cap` is null. */
  impactNames(proposal: Proposal, now: Instant, cap: number | null): Promise<ImpactName[]>;
  /** Whom it leaves, by changed scope, without any kind to enroll that all their scopes allow; in accounts with `enrollable` kinds alone. */
  stranded(proposal: Proposal, enrollable: ReadonlyMap<string, KindMask>, now: Instant): Promise<Stranded[]>;
  /** Whom exemptions newly leave unprotected, by document and scope, at most `cap` names of each, and never none of them. */
  exempted(scopes: readonly ProposedTerms[], named: readonly ExemptionOf[], now: Instant, cap: number | null): Promise<ExemptedName[]>;
  /** Administrators who will be able to sign in, by account. */
  administrators(questions: readonly AdministratorQuestion[]): Promise<ReadonlyMap<string, number>>;
  /** What is known of reset requests. */
  knownResets(requests: readonly { readonly account: string; readonly requestId: string }[]): Promise<KnownReset[]>;
  /** Whom exemptions are bound to, by document. */
  exemptionBindings(channel: Channel, documents: readonly string[]): Promise<ExemptionBinding[]>;
  /** Every window of an exemption, ended ones too, by document and name. */
  exemptionWindows(): Promise<BoundWindow[]>;
  /** Memberships, not ended, of some people. */
  membershipsOf(userIds: readonly number[]): Promise<MembershipOf[]>;
  /** Whether somebody of an account joined any of its scopes at an instant or before: not another person whose id was used again. */
  joinedBefore(account: string, userId: number, at: Instant): Promise<boolean>;
  /** Resets executed since an instant, by account. */
  resetsSince(since: Instant): Promise<ReadonlyMap<string, number>>;
  /** Every scope of an account (or of all), with what is in force. */
  scopes(account?: string): Promise<StoredScope[]>;
  /** All memberships by scope, role and reason. The counts add up to `membershipCounts`. */
  stateCounts(now: Instant, account?: string): Promise<StateCount[]>;
  /** Memberships that have not ended by scope, counted apart from any judgement. */
  membershipCounts(account?: string): Promise<ReadonlyMap<ScopeKey, number>>;
  /** People by account: how many there are, and how many are met by a judgement of all memberships. */
  peopleCounts(account?: string): Promise<PeopleCount[]>;
  /** Memberships as judged, by scope and address; streamed, whatever their number. */
  memberships(now: Instant, filter: MembershipFilter): AsyncIterable<JudgedMembership>;
  /** One person, by address or id, with the facts of every membership; undefined when nobody is called so. */
  person(account: string | undefined, called: string): Promise<PersonFacts | undefined>;
  /** Reset requests since an instant, newest first. */
  resets(since: Instant, account?: string): Promise<ResetRecord[]>;
  /** Exemptions declared, whether in force or not, by account and document. */
  exemptions(account?: string): Promise<ExemptionRecord[]>;
  /** Users declared as break-glass by the policies in force, found as they are called now. */
  breakGlass(account?: string): Promise<BreakGlassUser[]>;
  /** What the store holds of an account's people, for the comparison with a directory. */
  directory(account: string): Promise<Omit<DirectoryFacts, 'terms'>>;
  /** Whose ids the external ids of an account's people are: every origin, by name. */
  origins(account: string): Promise<readonly string[]>;
  /** An account's people of one origin as directory rows, nothing left unsaid; streamed. */
  directoryRows(account: string, origin: string): AsyncIterable<Required<Omit<DirectoryRow, 'place'>>>;
  /** The person that a channel's subject stands for in an account: by the identity recorded, else by what the configuration says. */
  resolveActor(account: string, actor: ResolvedActor['channel'], subject: string, user: string | undefined): Promise<ResolvedActor>;
}
