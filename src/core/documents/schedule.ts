import { nearest } from './nearest.ts';

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

interface CronField {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Names of the values, the first one's being `from`. */
  readonly words: readonly string[];
}

const FIELDS: readonly CronField[] = [
  { name: 'minute', from: 0, to: 59, words: [] },
  { name: 'hour', from: 0, to: 23, words: [] },
  { name: 'day of the month', from: 1, to: 31, words: [] },
  { name: 'month', from: 1, to: 12, words: MONTHS },
  { name: 'day of the week', from: 0, to: 7, words: DAYS },
];

/** Why a text is no schedule, and what to write; nothing when it is one. */
export interface ScheduleFault {
  readonly message: string;
  readonly fix: string;
}

/**
 * Cron of five fields: `*`, numbers, English names of months and days in three letters, ranges, lists, and steps after `*` or
 * a range. Neither seconds, nor `@daily`, nor Quartz's marks. A day that no month has is refused: the report would never run.
 */
export function scheduleFault(text: string): ScheduleFault | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    const fix = 'write minute, hour, day of the month, month and day of the week, such as 0 7 * * MON';
    return { message: `${JSON.stringify(text)} has ${parts.length} ${parts.length === 1 ? 'field' : 'fields'}, a schedule has 5`, fix };
  }
  const values: Set<number>[] = [];
  for (const [index, field] of FIELDS.entries()) {
    const part = parts[index] ?? '';
    const allowed = valuesOf(part, field);
    if (allowed === undefined)
      return { message: `${JSON.stringify(part)} does not fit the ${field.name}`, fix: `write ${describe(field)}` };
    values.push(allowed);
  }
  const [, , days = new Set<number>(), months = new Set<number>()] = values;
  const possible = parts[4] !== '*' || [...months].some((month) => Math.min(...days) <= (LONGEST_MONTHS[month - 1] ?? 0));
  return possible
    ? undefined
    : { message: `${JSON.stringify(text)} never comes: no such day in that month`, fix: 'write a day that the month has' };
}

/** Why a text is no time zone of the IANA database, and what to write; nothing when it is one. */
export function timeZoneFault(text: string): ScheduleFault | undefined {
  if (/^[A-Z][A-Za-z0-9_+/-]*$/.test(text) && isTimeZone(text)) return undefined;
  const near = nearest(text, Intl.supportedValuesOf('timeZone'));
  return {
    message: `${JSON.stringify(text)} is not a time zone`,
    fix: near === undefined ? 'write an IANA name such as Europe/Berlin, or UTC' : `write ${near}`,
  };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function valuesOf(part: string, field: CronField): Set<number> | undefined {
  const values = new Set<number>();
  for (const piece of part.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/([1-9]\d?))?$/.exec(piece) ?? [];
    const [from, to] = range === '*' ? [field.from, field.to] : boundsOf(range, field);
    // a step needs a range to step through
    if (from === undefined || to === undefined || from > to || (step !== undefined && range !== '*' && !range.includes('-')))
      return undefined;
    for (let value = from; value <= to; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

function boundsOf(range: string, field: CronField): readonly (number | undefined)[] {
  const [first = '', last = first, ...more] = range.split('-');
  return more.length > 0 ? [] : [numberOf(first, field), numberOf(last, field)];
}

function numberOf(text: string, field: CronField): number | undefined {
  const word = field.words.indexOf(text.toUpperCase());
  const value = word >= 0 ? word + field.from : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.from && value <= field.to ? value : undefined;
}

function describe({ from, to, words }: CronField): string {
  const named = words.length === 0 ? '' : `, ${words[0] ?? ''} to ${words.at(-1) ?? ''}`;
  return `*, ${from} to ${to}${named}, a range, a list, or a step such as */${from === 0 && to > 30 ? 15 : 2}`;
}
