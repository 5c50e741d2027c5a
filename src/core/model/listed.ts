import type { JudgedMembership, ResetRecord } from './findings.ts';
import type { Instant } from './words.ts';

/** What a list of people may be narrowed to. `open`: whose padlock is; `unreadable`: whose factor cannot be checked at present. */
export const PEOPLE_FILTERS = ['all', 'open', 'overdue', 'pending', 'exempt', 'locked', 'unreadable'] as const;
export type PeopleFilter = (typeof PEOPLE_FILTERS)[number];

/** One membership of a list that administrators page through. */
export interface ListedPerson extends JudgedMembership {
  /** Wrong codes have locked the sign-in, since when. */
  readonly lockedAt: Instant | null;
}

/** A reset request of a list that administrators page through. */
export interface ListedReset extends ResetRecord {
  /** Why it was asked for, and when the request ends; null: recorded before that was kept. */
  readonly asked: string | null;
  readonly expiresAt: Instant | null;
  /** The person who asked, by the store's id and as they are called now. */
  readonly requesterId: number | null;
  readonly requester: string | null;
}
