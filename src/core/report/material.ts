import type { Comparison } from './comparison.ts';
import type { ReportHead } from './head.ts';
import type { Rows } from './rows.ts';

/** What a format is made of. Rows are read when they are asked for, and may be asked for again. */
export interface ReportMaterial {
  readonly head: ReportHead;
  /** How many memberships `everyone` gives. */
  readonly expected: number;
  /** Every membership, by scope and person. */
  everyone(): Rows;
  /** Those who are asked and not enrolled, at most so many of each scope and reason, by address. */
  named(perReason: number): Rows;
  /** Null where there is no earlier report to compare with. */
  comparison(): Promise<Comparison | null>;
}
