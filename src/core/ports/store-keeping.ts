import type {
  AdministratorQuestion,
  DepartedPerson,
  FactorCheck,
  KeyUse,
  Misfit,
  RevivedReset,
  StoreHealth,
  WordsPlace,
} from '../model/keeping.ts';
import type { EnforcerName } from '../model/words.ts';

/** Reading what those who keep the store look after. Opens secrets to see whether they open, and gives none of them. */
export interface StoreKeeping {
  health(): Promise<StoreHealth>;
  keyUse(): Promise<readonly KeyUse[]>;
  /**
   * Tries to open factors: at most `tries` of each key, all of them when one of those fails and another does not. Every one of
   * a key that is not at hand, or that opens none, is unreadable. Names at most `names`.
   */
  checkFactors(tries: number, names: number): Promise<FactorCheck>;
  /** How many administrators of each account are asked for a factor and have none that opens. */
  lockedOut(questions: readonly AdministratorQuestion[]): Promise<ReadonlyMap<string, number>>;
  /** Executed resets whose person has factors from before the request. */
  revivedResets(): Promise<readonly RevivedReset[]>;
  /** People whose factors the store keeps, by these enforcers, and whose kinds are not those of their factors; at most so many by name. */
  misfits(keepers: readonly EnforcerName[], names: number): Promise<{ readonly count: number; readonly named: readonly Misfit[] }>;
  /** People of an account by address or id, whether their memberships have ended or not. */
  departed(account: string, called: string): Promise<readonly DepartedPerson[]>;
  /** Places of an account's audit log whose words hold one of these fragments of JSON, or stand in an entry about the person. */
  wordsNaming(account: string, userId: number, fragments: readonly string[]): Promise<readonly WordsPlace[]>;
}

/** One batch of re-wrapped factors. */
export interface Rewrapped {
  /** The last one looked at; null: there are no more. */
  readonly last: number | null;
  /** By account. */
  readonly rewrapped: ReadonlyMap<string, number>;
  /** Left as they are, since they do not open. */
  readonly unreadable: number;
}

/** Writing, for the same. */
export interface StoreKeepingWrites {
  /** Wraps the next factors behind an id with the active key, each only if it is still as it was read. */
  rewrap(after: number, limit: number): Promise<Rewrapped>;
  /** Erases a person: names, addresses, ids of elsewhere, subjects, secrets, and the words at these places of the audit log. */
  erase(account: string, person: DepartedPerson, places: readonly WordsPlace[]): Promise<void>;
}
