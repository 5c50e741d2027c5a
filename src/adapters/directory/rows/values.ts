import { beginning } from '../../../core/model/beginning.ts';
import type { Instant } from '../../../core/model/words.ts';

/** What a cell or an attribute was understood as, or what to write instead. */
export type Understood<T> = { readonly value: T } | { readonly problem: string; readonly fix: string };

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Blanks and control characters, C1 and the line separators included: none of it belongs in an id or an address. */
const BLANK = /[\s\p{Cc}]/u;
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?$/;

/** An external id: 1 to 254 characters without blanks. */
export function readId(text: string): Understood<string> {
  if (text === '') return { problem: 'the id is missing', fix: 'write the id that the directory knows the person or organization by' };
  if (text.length > 254 || BLANK.test(text)) return { problem: 'is no id', fix: 'write 1 to 254 characters without blanks' };
  return { value: text };
}

/** An address: something, `@`, something; at most 254 characters without blanks. Empty: none. */
export function readAddress(text: string): Understood<string | null> {
  if (text === '') return { value: null };
  const at = text.lastIndexOf('@');
  if (text.length > 254 || BLANK.test(text) || at < 1 || at === text.length - 1) {
    return { problem: 'is no address', fix: 'write one like ada@northwind.example, or leave it empty' };
  }
  return { value: text };
}

/** A name as people are shown it: blanks and control characters become single blanks, so that none reaches a terminal. Empty: none. */
export function readName(text: string): string | null {
  const name = beginning(text.replace(/[\s\p{Cc}]+/gu, ' ').trim(), 500);
  return name === '' ? null : name;
}

/** The slug of a MyGlue account, or the name of an origin. */
export function readSlug(text: string): Understood<string> {
  if (SLUG.test(text)) return { value: text };
  return { problem: 'is no slug', fix: 'write lower-case letters, digits and hyphens, at most 63' };
}

/** An instant as RFC 3339 writes it, or a date, which is its midnight in UTC; of a day that the calendar has. */
export function readInstant(text: string): Understood<Instant> {
  const [, year, month, day] = INSTANT.exec(text) ?? [];
  const instant = Date.parse(text);
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (day === undefined || Number.isNaN(instant) || Number(day) > lastDay) {
    return { problem: 'is no instant', fix: 'write one like 2026-11-25T08:00:00Z, or leave it empty' };
  }
  return { value: instant };
}
