/** Where in the run of a command the process ends itself. */
export interface KillPoint {
  /** The place of the point among those that the run passes, from 0. */
  readonly place: number;
  /** The name that the point must have: a run that goes another way than the recorded one is a fault of the harness. */
  readonly name: string;
  /** `inside`: another thread ends the process while the statement runs; a file that is being written is cut in half. */
  readonly when: 'before' | 'inside' | 'after';
  /** Nanoseconds from the beginning of the statement; of `inside` alone. */
  readonly delay: number;
}

/** What a child is told to do. */
export interface Order {
  /** What its clock reads. */
  readonly now: number;
  /** The command line, without `node` and the program's name. */
  readonly argv: readonly string[];
  /** What its randomness gives, byte for byte, so that the same act leaves the same bytes; absent: real randomness. */
  readonly random?: number;
  readonly kill?: KillPoint;
  /** Makes each statement a transaction of its own: what the harness must find. */
  readonly autocommit?: boolean;
  /** A folder for the points that the run passed, and for the store as it stood after each commit. */
  readonly record?: string;
}

/** One point of a recorded run. */
export interface RecordedPoint {
  readonly name: string;
  /** Transactions committed before it. */
  readonly commits: number;
  readonly nanoseconds: number;
}

/** Marks that a child leaves on its fourth descriptor: a commit has returned; the point to be killed at has returned. */
export const MARK = { committed: 'c', returned: 'r' } as const;
