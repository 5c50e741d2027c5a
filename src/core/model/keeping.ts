import type { FactorKind, Instant } from './words.ts';

/** A clock may stand so far behind the store's highest reading, in milliseconds: a step of NTP. */
export const CLOCK_TOLERANCE = 60_000;

/** How many factors of an account a key seals. */
export interface KeyUse {
  readonly account: string;
  readonly keyId: string;
  readonly factors: number;
}

/** A factor whose secret cannot be opened. It still counts as enrolled. */
export interface UnreadableFactor {
  readonly account: string;
  readonly userId: number;
  /** The address, or what else the person is called. */
  readonly called: string;
  readonly kind: FactorKind;
  readonly keyId: string;
  /** `no-key`: the key is not at hand. `not-opened`: it is, and does not open the record: changed, moved, or another key. */
  readonly why: 'no-key' | 'not-opened';
}

/** What opening factors found. */
export interface FactorCheck {
  readonly factors: number;
  /** Of those, how many were tried. */
  readonly tried: number;
  readonly unreadable: number;
  /** Those that cannot be opened, at most so many as were asked for. */
  readonly named: readonly UnreadableFactor[];
}

/** How the store itself is. */
export interface StoreHealth {
  readonly schemaVersion: number;
  /** What the engine finds wrong with its own pages; empty: nothing. */
  readonly damage: readonly string[];
  /** The highest reading of a clock in it. */
  readonly highest: Instant;
}

/** Somebody who may be erased, as the store holds them. */
export interface DepartedPerson {
  readonly id: number;
  readonly externalId: string;
  readonly address: string | null;
  readonly name: string | null;
  /** Memberships that have not ended. */
  readonly open: number;
}

/** A place of the audit log whose words may name somebody. */
export interface WordsPlace {
  readonly seq: number;
  readonly pointer: string;
}
