import { type Html, html, type Piece } from '../../../../core/layout/html/escape.ts';
import { cut } from '../../../../core/layout/width.ts';
import type { JudgedMembership, ScopeFacts } from '../../../../core/model/findings.ts';
import { reasonAt, reasonIndex } from '../../../../core/model/requirement.ts';
import { moment } from '../../../../core/report/html/words.ts';
import { type Padlock, padlockOf } from '../../../../core/report/rows.ts';

/** Columns of a name that lists show: longer ones are some trick, and would make a page of any size. */
const NAME = 80;

/** The symbols of a page, drawn once: a padlock closed, open, and of which nothing is known. */
export const SYMBOLS = html`<svg class="hidden" width="0" height="0" aria-hidden="true"><symbol id="lock-closed" viewBox="0 0 20 20"><path d="M6 9V6a4 4 0 0 1 8 0v3" fill="none" stroke="currentColor" stroke-width="2"/><rect x="3.5" y="9" width="13" height="9" rx="2" fill="currentColor"/></symbol><symbol id="lock-open" viewBox="0 0 20 20"><path d="M6 9V5a4 4 0 0 1 7.6-1.6" fill="none" stroke="currentColor" stroke-width="2"/><rect x="4.5" y="10" width="11" height="7" rx="1.5" fill="none" stroke="currentColor" stroke-width="2"/></symbol><symbol id="lock-unknown" viewBox="0 0 20 20"><rect x="2.5" y="2.5" width="15" height="15" rx="4" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2"/><path d="M7.6 8a2.4 2.4 0 1 1 3.4 2.2c-.7.3-1 .8-1 1.6" fill="none" stroke="currentColor" stroke-width="2"/><circle cx="10" cy="14.4" r="1.2" fill="currentColor"/></symbol></svg>`;

/** A padlock: symbol and word. */
export function padlock(membership: Pick<JudgedMembership, 'kinds' | 'reason'>): Html {
  const stands: Padlock = padlockOf(membership);
  return html`<span class="lock ${stands}"><svg width="20" height="20" aria-hidden="true"><use href="#lock-${stands}"/></svg> ${LOCK_WORDS[stands]}</span>`;
}

const LOCK_WORDS: Readonly<Record<Padlock, string>> = { open: 'Open', closed: 'Closed', unknown: 'Unknown' };

/** What states are called, and how urgent they look. */
const STATES = {
  NotApplicable: ['Cannot sign in', ''],
  NotRequired: ['Not required', ''],
  Satisfied: ['Satisfied', 'good'],
  Unknown: ['Unknown', ''],
  Exempt: ['Exempt', 'warn'],
  WouldRequire: ['Report only', 'warn'],
  Pending: ['Pending', 'warn'],
  Overdue: ['Overdue', 'bad'],
} as const;

/** The state of a requirement. */
export function stateBadge(reason: JudgedMembership['reason']): Html {
  const [word, tone] = STATES[reasonAt(reasonIndex(reason)).state];
  return html`<span class="badge ${tone}">${word}</span>`;
}

/** Why somebody stands there, in words. */
export function whyWords(row: Pick<JudgedMembership, 'reason' | 'deadline' | 'exemptUntil' | 'provenBy'>): Piece {
  const at = (instant: number | null) => (instant === null ? '' : moment(instant));
  switch (row.reason) {
    case 'disabled':
      return 'disabled, or a service account';
    case 'no-policy':
      return 'no policy covers it';
    case 'turned-off':
      return 'the policy does not require MFA';
    case 'role-not-listed':
      return 'not of this role';
    case 'enrolled':
      return 'enrolled';
    case 'proven-upstream':
      return html`proven${row.provenBy !== null && html` by <bdi>${row.provenBy}</bdi>`}`;
    case 'cannot-tell':
      return 'nobody can tell whether a factor is enrolled';
    case 'exempted':
      return html`until ${at(row.exemptUntil)}`;
    case 'report-only':
      return 'would be locked out';
    case 'within-grace':
      return html`to enroll by ${at(row.deadline)}`;
    case 'past-deadline':
      return row.deadline === null ? 'MFA is required at once' : html`since ${at(row.deadline)}`;
  }
}

/** What people are called, cut where it is no name any more; it keeps its own direction of writing. */
export function called({ name, address, externalId }: Pick<JudgedMembership, 'name' | 'address' | 'externalId'>): string {
  return cut(name ?? address ?? `user ${externalId}`, NAME);
}

/** A person as a link to their page. */
export function personLink(person: Pick<JudgedMembership, 'userId' | 'name' | 'address' | 'externalId'>): Html {
  const { userId, name, address } = person;
  return html`<a href="/admin/users/${userId}"><bdi>${called(person)}</bdi></a>${name !== null && address !== null && html`<br><bdi class="muted small">${cut(address, NAME)}</bdi>`}`;
}

/** What is to be known of a scope before its people are read: where nothing is enforced, nobody is protected. */
export function scopeNote({ document, requireMfa, reportOnly, enforceable, enforcer }: ScopeFacts): string | null {
  if (document === null) return 'No policy covers this: MFA is not required here.';
  if (!requireMfa) return 'The policy does not require MFA here.';
  if (reportOnly) return 'Report only: nothing is enforced here, and nobody is kept out.';
  return enforceable ? null : `Nothing here can enforce MFA: the enforcer is ${enforcer}.`;
}

/** A text in which instants are written as documents write them, with each as people read it. */
export function withMoments(text: string): Piece {
  return text.split(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/).map((part, i) => (i % 2 === 1 ? moment(Date.parse(part)) : part));
}

/** The address of a page with parameters; empty ones are left out. */
export function linkTo(path: string, parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** The way to the other pages of a list: the first, and the next. Nothing where there is one. */
export function pager(
  path: string,
  parameters: Readonly<Record<string, string>>,
  after: readonly [name: string, here: string, next: string | undefined],
): Piece {
  const [name, here, next] = after;
  if (here === '' && next === undefined) return null;
  return html`<nav class="pager" aria-label="Pages">${here !== '' && html`<a class="button quiet" href="${linkTo(path, parameters)}">First page</a>`}
${next !== undefined && html`<a class="button quiet" href="${linkTo(path, { ...parameters, [name]: next })}">Next page</a>`}</nav>`;
}

/** A field to choose one of some. */
export function choice(name: string, label: string, chosen: string, options: readonly (readonly [value: string, words: string])[]): Html {
  return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}">${options.map(
    ([value, words]) => html`<option value="${value}"${value === chosen ? html` selected` : ''}>${words}</option>`,
  )}</select></div>`;
}
