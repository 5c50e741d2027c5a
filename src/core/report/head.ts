import type { ExemptionRecord, PeopleCount, ResetRecord } from '../model/findings.ts';
import type { Instant } from '../model/words.ts';
import type { JudgedBreakGlass } from './break-glass.ts';
import type { History } from './previous.ts';
import type { Summary } from './summary.ts';

/** Everything of a report but its people. */
export interface ReportHead {
  readonly generatedAt: Instant;
  /** The version of the program that made it. */
  readonly version: string;
  /** The account that it is on alone; null: all. */
  readonly account: string | null;
  readonly people: readonly PeopleCount[];
  readonly summary: Summary;
  /** How far back resets are listed, and uses of break-glass users where there is no earlier report. */
  readonly since: Instant;
  readonly resets: readonly ResetRecord[];
  readonly exemptions: readonly ExemptionRecord[];
  readonly breakGlass: readonly JudgedBreakGlass[];
  readonly history: History;
  /** The id of the key that signs it; null: it is not signed. */
  readonly signedBy: string | null;
  /** Names of the files of this run, by format. */
  readonly files: Readonly<Partial<Record<string, string>>>;
}
