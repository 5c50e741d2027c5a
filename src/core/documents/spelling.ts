import { isDuration, isInstant } from './values.ts';

const UNIT_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(s|secs?|seconds?)$/i, 's'],
  [/^(m|mins?|minutes?)$/i, 'm'],
  [/^(h|hrs?|hours?)$/i, 'h'],
  [/^(d|days?)$/i, 'd'],
  [/^(w|wks?|weeks?)$/i, 'w'],
];

/** Go's and ISO 8601's durations, and `1d12h`: parts of a number and a unit, largest first, each at most once. */
const PARTS = /^P?(?:(\d{1,6})W)?(?:(\d{1,6})D)?T?(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?$/i;
const PART_UNITS = [
  ['w', 604800],
  ['d', 86400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** How a duration that was written another way is spelled here: `14 days`, `P14D`, `24h0m0s`, `1d12h`. */
export function suggestDuration(written: string): string | undefined {
  const text = written.trim();
  if (text === '0') return '0d';
  const worded = /^(\d{1,6})[\s_-]*([a-z]{1,10})\.?$/i.exec(text);
  const unit = UNIT_WORDS.find(([pattern]) => pattern.test(worded?.[2] ?? ''))?.[1];
  if (worded !== null && unit !== undefined) return checked(`${Number(worded[1])}${unit}`);
  const parts = PARTS.exec(text.replace(/\s+/g, ''));
  if (parts === null) return undefined;
  const used = PART_UNITS.filter((_, index) => Number(parts[index + 1] ?? 0) > 0);
  const seconds = PART_UNITS.reduce((sum, [, size], index) => sum + Number(parts[index + 1] ?? 0) * size, 0);
  const [word, size] = used.at(-1) ?? ['d', 86400];
  return /\d/.test(text) ? checked(`${seconds / size}${word}`) : undefined;
}

/** How an instant that was written another way is spelled here: blanks for `T`, small letters, no zone, slashes, one digit. */
export function suggestInstant(written: string): string | undefined {
  const parts =
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[tT\s]+(\d{1,2}):(\d{2})(:\d{2}(?:\.\d{1,6})?)?\s*(?:([zZ]|UTC|GMT)|([+-]\d{2}):?(\d{2})?)?)?$/.exec(
      written.trim(),
    );
  if (parts === null) return undefined;
  const [, year = '', month = '', day = '', hour, minute, rest = '', , offsetHour, offsetMinute = '00'] = parts;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const zone = offsetHour === undefined ? 'Z' : `${offsetHour}:${offsetMinute}`;
  const spelled = hour === undefined ? date : `${date}T${hour.padStart(2, '0')}:${minute ?? '00'}${rest === '' ? ':00' : rest}${zone}`;
  if (isInstant(spelled)) return spelled;
  return lastDay(year, month.padStart(2, '0'));
}

/** How a name that was written another way is spelled here: small letters, digits and hyphens. */
export function suggestName(written: string): string | undefined {
  const plain = written.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-|-$/g, '');
  return slug === '' ? undefined : slug;
}

/** `25`, `0.25`, `25 %` → `25%`. */
export function suggestPercent(written: string): string | undefined {
  const number = Number(/^(\d{1,3}(?:\.\d{1,4})?)\s*%?$/.exec(written.trim())?.[1] ?? Number.NaN);
  const share = number > 0 && number < 1 ? number * 100 : number;
  return Number.isInteger(share) && share >= 0 && share <= 100 ? `${share}%` : undefined;
}

function checked(text: string): string | undefined {
  return isDuration(text) ? text : undefined;
}

/** The last day of a month whose 30th or 31st was written; nothing for a month that is not one. */
function lastDay(year: string, month: string): string | undefined {
  for (const day of ['30', '29', '28']) {
    if (isInstant(`${year}-${month}-${day}`)) return `${year}-${month}-${day}`;
  }
  return undefined;
}
