import type { FactorKind, Instant } from './words.ts';

/** A clock may stand so far behind the store's highest reading, in milliseconds: a step of NTP. */
export const CLOCK_TOLERANCE = 60_000;

/** Whether a file's permission bits let its owner alone at it. */
export function isForOwnerAlone(mode: number): boolean {
  return (mode & 0o077) === 0;
}

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

/** An executed reset whose person has factors or recovery codes from before the request: the store never leaves it so. */
export interface RevivedReset {
  readonly account: string;
  readonly requestId: string;
  readonly userId: number;
  /** The request's own time: factors enrolled before it had gone. */
  readonly requestedAt: Instant;
  readonly executedAt: Instant;
  readonly factors: number;
}

/** Somebody of the portal whose kinds are said to be others than their factors are. */
export interface Misfit {
  readonly account: string;
  readonly userId: number;
  /** The address, or what else the person is called. */
  readonly called: string;
  /** A set of kinds, as it stands beside them or a membership of theirs; null: unknown. */
  readonly told: number | null;
  /** The set of kinds that their factors make. */
  readonly factors: number;
}

/** What a way in must be able to do for an administrator to count. */
export interface AdministratorQuestion {
  readonly account: string;
  /** Kinds that the account's terms will allow each role; 0: not asked. */
  readonly demand: number;
  /** The terms enforce, and the enforcer can. */
  readonly enforced: boolean;
  /** Kinds that somebody without one could still enroll at sign-in. */
  readonly enrollable: number;
  /** Ids of people whose factors are gone by then. */
  readonly without: readonly number[];
}

/** A file that is for its owner alone, as it stands. */
export interface KeptFile {
  readonly path: string;
  /** Who may read and write it, as permission bits. */
  readonly mode: number;
}

/** How the store itself is. */
export interface StoreHealth {
  readonly schemaVersion: number;
  /** What the engine finds wrong with its own pages; empty: nothing; null: they are a server's, which watches them itself. */
  readonly damage: readonly string[] | null;
  /** The highest reading of a clock in it. */
  readonly highest: Instant;
}

/** Somebody who may be erased, as the store holds them. */
export interface DepartedPerson {
  readonly id: number;
  readonly externalId: string;
  readonly address: string | null;
  readonly name: string | null;
  /** What else they were called where their id stands beside it, in exemptions and resets: earlier addresses among them. */
  readonly formerly: readonly string[];
  /** Memberships that have not ended. */
  readonly open: number;
}

/** A place of the audit log whose words may name somebody. */
export interface WordsPlace {
  readonly seq: number;
  readonly pointer: string;
}
