import { formatInstant } from '../../documents/values.ts';
import { type Html, html, type Piece } from '../../layout/html/escape.ts';
import type { JudgedMembership, ScopeFacts } from '../../model/findings.ts';
import { scopeOf } from '../../model/scope.ts';
import type { Instant } from '../../model/words.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `25 Nov 2026`, in UTC. */
export function day(instant: Instant): string {
  const date = new Date(instant);
  return `${date.getUTCDate()}\u00A0${MONTHS[date.getUTCMonth()] ?? ''}\u00A0${date.getUTCFullYear()}`;
}

/** `25 Nov 2026, 08:00 UTC`, with the exact instant for programs; a midnight is its day alone. */
export function moment(instant: Instant): Html {
  const exact = formatInstant(instant);
  const time = instant % 86_400_000 === 0 ? '' : `, ${exact.slice(11, 16)}\u00A0UTC`;
  return html`<time datetime="${exact}">${day(instant)}${time}</time>`;
}

/** The same, or a word where there is none. */
export function momentOr(instant: Instant | null, word: string): Piece {
  return instant === null ? word : moment(instant);
}

/** What a scope is called: its title, else its slug. */
export function scopeName(facts: ScopeFacts): string {
  if (facts.title !== '') return facts.title;
  const { account, myGlueAccount } = scopeOf(facts.scope);
  return myGlueAccount ?? account;
}

/** Whom a row is about: name and address, or what there is of them. Names keep their own direction of writing. */
export function who(person: Pick<JudgedMembership, 'name' | 'address' | 'externalId'>): Html {
  const { name, address } = person;
  if (name === null || address === null) return html`<bdi>${name ?? address ?? `user ${person.externalId}`}</bdi>`;
  return html`<bdi>${name}</bdi><br><bdi class="muted small">${address}</bdi>`;
}
