import type { ListedPerson, ListedReset, PeopleFilter } from '../model/listed.ts';
import type { ScopeKey } from '../model/scope.ts';
import type { Instant } from '../model/words.ts';

/** A page of the people of one scope, by address. */
export interface PeopleQuestion {
  readonly scope: ScopeKey;
  readonly filter: PeopleFilter;
  /** What a name or an address holds, without regard to ASCII case; no pattern. Empty: anybody. */
  readonly search: string;
  /** These people alone. */
  readonly among?: readonly number[];
  /** The person whom the page follows. */
  readonly after?: number;
  readonly limit: number;
}

/** A page of an account's reset requests, newest first. */
export interface ResetsQuestion {
  readonly account: string;
  /** Those that wait (for approval, or since a guard holds them), or those that do not. */
  readonly waiting: boolean;
  /** Those for one person alone. */
  readonly userId?: number;
  /** The request that the page follows. */
  readonly after?: string;
  readonly limit: number;
}

/**
 * Reading for those who administer: pages, each beginning behind the last row of the one before, so that the last page costs no more than
 * the first; the same number of statements whatever the number of people.
 */
export interface StoreAdministering {
  peoplePage(now: Instant, question: PeopleQuestion): Promise<readonly ListedPerson[]>;
  resetsPage(question: ResetsQuestion): Promise<readonly ListedReset[]>;
  /** What people are called, by address, else by id. */
  namesOf(userIds: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** Ids of those factors of some people that cannot be opened, by a key that is missing or otherwise. They count as enrolled. */
  unreadableFactors(userIds: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>>;
}
