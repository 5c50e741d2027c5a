import type { Instant, Json } from '../model/words.ts';
import type { PersonElsewhere, ResetOrder } from './enforcer.ts';

/** A reset that was executed here, and is still to be carried out at an enforcer that keeps factors of its own. */
export interface UncarriedReset extends ResetOrder {
  readonly userId: number;
  /** What it wrote down when it was begun there; null: not begun. */
  readonly notes: Json;
}

/** What is to be carried to enforcers elsewhere. */
export interface StoreCarrying {
  /** Resets of an account (or of all) that are still to be carried out, in the order in which they were executed. */
  uncarriedResets(account?: string): Promise<readonly UncarriedReset[]>;
  /** People of an account whom an exemption covers at a moment, by external id. */
  exemptPeople(account: string, now: Instant): Promise<readonly PersonElsewhere[]>;
}

/** Writing about it, in the transaction of `Store.write`. */
export interface StoreCarryingWrites {
  /** Writes a reset's notes down, where none stand; gives those that do. `store/conflict` for one that is not to be carried out. */
  noteReset(account: string, requestId: string, notes: Json): Promise<Json>;
  /** It is carried out: its notes go. False: it was before. */
  carriedReset(account: string, requestId: string): Promise<boolean>;
}
