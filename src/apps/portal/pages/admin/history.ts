import { detailOf, personIn } from '../../../../core/audit/detail.ts';
import { type Html, html, type Piece } from '../../../../core/layout/html/escape.ts';
import { cut } from '../../../../core/layout/width.ts';
import type { AuditBody, ListedEntry } from '../../../../core/model/audit.ts';
import type { JsonObject } from '../../../../core/model/words.ts';
import { moment } from '../../../../core/report/html/words.ts';
import type { NamedEntries } from '../../../../flows/administering/records.ts';
import { KIND_NAMES } from '../set-up.ts';

/** What acts are called; one that is not here shows its own word. */
const ACTS: Readonly<Record<string, string>> = {
  'directory.import': 'Directory imported',
  'policy.create': 'Policy put in force',
  'policy.update': 'Policy changed',
  'policy.delete': 'Policy ended',
  'exemption.create': 'Exemption put in force',
  'exemption.update': 'Exemption changed',
  'exemption.delete': 'Exemption ended',
  'guard.override': 'Guard overridden',
  'person.erase': 'Person erased',
  'store.acknowledge': 'Restore acknowledged',
  'reset.executed': 'MFA reset',
  'reset.awaitingapproval': 'Reset asked for, waits for approval',
  'reset.held': 'Reset held by a guard',
  'reset.refused': 'Reset refused',
  'reset.expired': 'Reset request expired',
  'reset.userchanged': 'Reset not done: another person has the name',
  'reset.nosuchuser': 'Reset not done: nobody is called so',
  'factor.enrolled': 'Factor set up',
  'factor.removed': 'Factor removed',
  'recovery-codes.renewed': 'Recovery codes renewed',
  'recovery-code.used': 'Recovery code used',
  'invitation.sent': 'Invited by mail',
  'invitation.accepted': 'Invitation accepted',
  'enrollment-token.issued': 'Enrollment token issued',
  'sign-in.locked': 'Locked after wrong codes',
  'sign-in.unlocked': 'Unlocked',
  'session.ended': 'Signed out',
  'password.changed': 'Password changed',
  'password.reset': 'Password set by mail',
  'report.create': 'Report declared',
  'report.update': 'Report changed',
  'report.delete': 'Report ended',
  'keys.rotate': 'Key rotated',
  'keys.rewrap': 'Factors sealed with the new key',
  'keys.remove': 'Old key removed',
  'keys.lost': 'Key lost',
  'factor.seed': 'Factors of the demo made',
};

/** Kinds of act that the log may be narrowed to: their words as acts begin with them. */
export const ACT_GROUPS = [
  ['', 'Every act'],
  ['reset', 'Resets'],
  ['factor', 'Factors'],
  ['recovery-code', 'Recovery codes used'],
  ['sign-in', 'Locks'],
  ['session', 'Sign-outs'],
  ['password', 'Passwords'],
  ['invitation', 'Invitations'],
  ['enrollment-token', 'Enrollment tokens'],
  ['policy', 'Policies'],
  ['exemption', 'Exemptions'],
  ['guard', 'Overridden guards'],
  ['directory', 'Imports'],
  ['person', 'Erasures'],
] as const;

const KINDS: Readonly<Record<string, string>> = KIND_NAMES;

/** Columns of a reason or a name that a list shows. */
const LONG = 160;

/** Entries as a table, newest first. `about`: the person whose page it is, so that they need no link to themselves. */
export function entryTable({ rows, names }: NamedEntries, caption: string, about?: number): Html {
  return html`<table class="log"><caption class="hidden">${caption}</caption>
<thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Who did it</th></tr></thead>
<tbody>${rows.map((entry) => row(entry, names, about))}</tbody></table>`;
}

function row(entry: ListedEntry, names: NamedEntries['names'], about: number | undefined): Html {
  const { target } = JSON.parse(entry.body) as AuditBody;
  const detail = detailOf(entry);
  const { reason, kind } = (detail !== null && typeof detail === 'object' && !Array.isArray(detail) ? detail : {}) as JsonObject;
  const person = personIn(entry);
  const name = person === undefined ? undefined : names.get(person);
  const whom = name === undefined || person === about ? null : html`<a href="/admin/users/${person}"><bdi>${cut(name, LONG)}</bdi></a>`;
  // A person's id says nothing to a reader; a scope, a document or a request does.
  const what = String(person) === target ? null : html`<code>${cut(target, LONG)}</code>`;
  // What a request that waits is told at the command line helps nobody here: the act says that it waits.
  const why = typeof reason === 'string' && entry.act !== 'reset.awaitingapproval' && html`<q>${cut(reason, LONG)}</q>`;
  const said = [whom, what, typeof kind === 'string' && (KINDS[kind] ?? kind), why];
  const parts = said.filter((part) => part !== null && part !== false).flatMap((part, i): Piece[] => (i === 0 ? [part] : [' · ', part]));
  return html`<tr><td class="when">${moment(entry.at)}<br><span class="muted small">#${entry.seq}</span></td>
<th scope="row">${ACTS[entry.act] ?? entry.act}${parts.length > 0 && html`<br><span class="small">${parts}</span>`}</th>
<td data-label="By">${actorOf(entry, person)}</td></tr>
`;
}

function actorOf({ channel, subject, address, userId }: ListedEntry, person: number | undefined): Piece {
  if (userId !== null && userId === person) return html`<span class="muted">themselves</span>`;
  const name = address ?? (userId === null ? subject : `user ${userId}`);
  const link =
    userId === null ? html`<bdi>${cut(name, LONG)}</bdi>` : html`<a href="/admin/users/${userId}"><bdi>${cut(name, LONG)}</bdi></a>`;
  return html`${link}<br><span class="muted small">${channel}</span>`;
}
