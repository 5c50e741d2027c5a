import { isInstant } from '../documents/values.ts';
import type { ScopeKey } from '../model/scope.ts';
import type { Instant } from '../model/words.ts';
import { FINDING_CLASSES } from './classify.ts';
import type { Figures } from './summary.ts';

/** What tells a report as JSON from any other file. */
export const REPORT_KIND = 'Report';

/** The figures of one scope in an earlier report. */
export interface PreviousScope extends Figures {
  readonly enforced: boolean;
  readonly compliant: boolean | null;
}

/** An earlier report, without its people. */
export interface PreviousReport {
  readonly file: string;
  /** Its signature holds. Else it may be anybody's: only a report that is not signed itself is compared with it. */
  readonly proven: boolean;
  readonly generatedAt: Instant;
  /** The account that it is on alone; null: all. */
  readonly account: string | null;
  readonly version: string;
  readonly compliant: boolean | null;
  readonly total: Figures;
  readonly scopes: ReadonlyMap<ScopeKey, PreviousScope>;
}

/** A file that could not be compared with, and why: said in the report, never passed over. */
export interface PreviousFault {
  readonly file: string;
  readonly why: string;
}

/** The runs before this one. */
export interface History {
  /** The one that this is compared with. */
  readonly previous: PreviousReport | null;
  /** Oldest first, the previous one last. */
  readonly runs: readonly PreviousReport[];
  readonly faults: readonly PreviousFault[];
}

/**
 * The head of an earlier report from the first line of its file, or why it is none. Nothing in it is believed unchecked: every
 * figure is a whole number, and each sum is right.
 */
export function readPreviousHead(file: string, line: string): Omit<PreviousReport, 'proven'> | PreviousFault {
  const fault = (why: string): PreviousFault => ({ file, why });
  if (!line.endsWith(',"people":[')) return fault('it is not a report that this padlock wrote');
  let head: unknown;
  try {
    head = JSON.parse(`${line}]}`);
  } catch {
    return fault('it is damaged: not JSON');
  }
  if (!isObject(head) || head['kind'] !== REPORT_KIND) return fault('it is not a report that this padlock wrote');
  const { generatedAt, account, padlock, compliant } = head;
  const total = figuresOf(head['total']);
  const scopes = scopesOf(head['scopes']);
  const known = typeof generatedAt === 'string' && isInstant(generatedAt) && typeof padlock === 'string' && isVerdict(compliant);
  if (!known || (account !== null && typeof account !== 'string') || total === null || scopes === null) {
    return fault('it is damaged: its figures cannot be read');
  }
  return { file, generatedAt: Date.parse(generatedAt), account, version: padlock, compliant, total, scopes };
}

/** Whether it could not be read. */
export function isFault(read: object): read is PreviousFault {
  return 'why' in read;
}

function scopesOf(value: unknown): Map<ScopeKey, PreviousScope> | null {
  if (!Array.isArray(value)) return null;
  const scopes = new Map<ScopeKey, PreviousScope>();
  for (const entry of value as readonly unknown[]) {
    const figures = figuresOf(entry);
    if (figures === null || !isObject(entry)) return null;
    const { scope, enforced, compliant } = entry;
    if (typeof scope !== 'string' || typeof enforced !== 'boolean' || !isVerdict(compliant)) return null;
    scopes.set(scope, { ...figures, enforced, compliant });
  }
  return scopes;
}

function figuresOf(value: unknown): Figures | null {
  if (!isObject(value) || !isObject(value['classes'])) return null;
  const given = value['classes'];
  const classes = Object.fromEntries(FINDING_CLASSES.map((name) => [name, count(given[name])])) as Figures['classes'];
  const figures: Figures = {
    members: count(value['members']),
    classes,
    overdue: count(value['overdue']),
    pending: count(value['pending']),
    wouldBeLockedOut: count(value['wouldBeLockedOut']),
    breakGlassNotEnrolled: count(value['breakGlassNotEnrolled']),
  };
  const sum = FINDING_CLASSES.reduce((total, name) => total + classes[name], 0);
  // What is no number is NaN, and agrees with nothing.
  const parts = figures.overdue + figures.pending + figures.wouldBeLockedOut === classes.missing;
  return sum === figures.members && parts && figures.breakGlassNotEnrolled <= classes['break-glass'] ? figures : null;
}

function count(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : Number.NaN;
}

function isVerdict(value: unknown): value is boolean | null {
  return value === null || typeof value === 'boolean';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
