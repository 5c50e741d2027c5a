import { provenRecently } from '../../../../core/authentication/sessions.ts';
import { type Html, html, type Piece } from '../../../../core/layout/html/escape.ts';
import type { Factor } from '../../../../core/model/sign-in.ts';
import { answers, type ExplainedMembership } from '../../../../core/report/explain.ts';
import { moment, momentOr, scopeName } from '../../../../core/report/html/words.ts';
import { type PersonFile, personFlow } from '../../../../flows/administering/person.ts';
import { newRequestId } from '../../../../flows/administering/resets.ts';
import { button, field, form, note, saidOf } from '../../page.ts';
import { KIND_NAMES } from '../set-up.ts';
import { type Desk, type Desks, shown, unknownHere } from './desk.ts';
import { entryTable } from './history.ts';
import { called, padlock, SYMBOLS, stateBadge, withMoments } from './parts.ts';
import { waitingCard } from './resets.ts';

/** What has just happened, by what the address says; nothing else is ever shown from an address. */
const HAPPENED: Readonly<Record<string, Html>> = {
  Executed: note(
    'MFA was reset. Every factor and recovery code from before the request is gone, and every session has ended; what is left below was set up since.',
    'good',
  ),
  AwaitingApproval: note('The reset waits: a second administrator has to approve it.'),
  Held: note(
    'The reset is held: enough people were reset in the last 24 hours, or too few administrators would be left. Nothing was removed.',
  ),
  Refused: note('The reset was refused. Nothing was removed.', 'bad'),
  Expired: note('The request was too old. Nothing was removed: ask again.'),
  UserChanged: note('The name of the request means somebody else by now. Nothing was removed: ask again.'),
  invited: note('An invitation is on its way by mail. Its link works for 7 days, once.', 'good'),
  'has-password': note(
    'They have a password already, so nobody needs to invite them. Whoever forgot it asks for a link where they sign in.',
  ),
  'no-address': note('No address of theirs is known, so nothing can be mailed.'),
  'cannot-sign-in': note('They cannot sign in here: disabled, a service account, or another enforcer. Nothing was done.'),
  wait: note('Enough mails of this kind went to them in this hour. Try again later.'),
  unlocked: note('Their sign-in is unlocked. A mail tells them, and who did it.', 'good'),
  'not-locked': note('Their sign-in was not locked.'),
  'signed-out': note('They are signed out everywhere.', 'good'),
};

/** The page of one person: what holds for them and why, how they sign in, what was done, and what can be. */
export function personRoutes(desks: Desks): void {
  desks.page('/admin/users/:id', async (desk) => {
    const { world, signIn } = desk.by;
    const file = await personFlow(world, signIn, desk.account, desk.id());
    return file === undefined ? unknownHere(desk, 'person') : personPage(desk, file);
  });
}

/** The page, with what is to be said at its top. */
export function personPage(desk: Desk, file: PersonFile, said: Piece = saidOf(HAPPENED, desk.query('done'))): Promise<Response> {
  const { person, state } = file.someone;
  const glance = [
    html`<bdi>${person.address ?? `user ${person.externalId}`}</bdi>`,
    state.lockedAt !== null && html`<span class="badge bad">Locked since ${moment(state.lockedAt)}</span>`,
    file.unreadable.length > 0 && html`<span class="badge bad">Unreadable factor</span>`,
  ];
  const content = html`${SYMBOLS}<p class="glance">${glance}</p>
${said}
${file.waiting.map((reset) => waitingCard(desk, reset, 'here'))}
<div class="columns"><div>
<section class="card"><h2>What is required</h2>${file.memberships.map((membership) => membershipPart(membership, file.now))}</section>
${signInCard(file)}</div>
<div>${actsCard(desk, file)}</div></div>
${
  file.history !== null &&
  html`<section><h2>History</h2>${file.history.rows.length === 0 ? html`<p>Nothing is recorded.</p>` : entryTable(file.history, 'What this person did, and what was done about them', person.id)}
<p class="small"><a href="/admin/audit?person=${encodeURIComponent(person.address ?? person.externalId)}">All of it in the audit log</a></p></section>`
}
<p><a href="/admin/users">Back to users</a></p>`;
  return shown(desk, called({ ...person }), content);
}

const TERMS: Readonly<Record<string, string>> = { holds: 'Holds', document: 'Document', rule: 'Rule', when: 'When', do: 'To do' };

function membershipPart(membership: ExplainedMembership, now: number): Html {
  const { facts, role, kinds, requirement } = membership;
  const rows = answers(membership, now).map(([term, words]) => html`<dt>${TERMS[term] ?? term}</dt><dd>${withMoments(words)}</dd>`);
  return html`<div class="membership"><h3><bdi>${scopeName(facts)}</bdi> <span class="muted small">${role}</span></h3>
<p class="stand">${padlock({ kinds, reason: requirement.reason })} ${stateBadge(requirement.reason)}</p>
<dl>${rows}</dl></div>`;
}

function signInCard({ someone, unreadable, codes, sessions }: PersonFile): Html {
  const { person, factors, state } = someone;
  const factor = ({ id, kind, label, enrolledAt }: Factor) =>
    html`<li><b><bdi>${label === '' ? KIND_NAMES[kind] : label}</bdi></b>${label !== '' && html` <span class="muted">${KIND_NAMES[kind]}</span>`}${unreadable.includes(id) && html` <span class="badge bad">Unreadable</span>`}<br><span class="muted small">since ${moment(enrolledAt)}</span></li>`;
  return html`<section class="card"><h2>How they sign in</h2>
${factors.length === 0 ? html`<p>${state.kinds === null ? 'Factors are kept elsewhere, and nobody can tell whether there is one.' : 'No factor is set up.'}</p>` : html`<ul class="plain">${factors.map(factor)}</ul>`}
${unreadable.length > 0 && html`<p class="small">An unreadable factor counts as set up and cannot be checked: its key is missing. A recovery code still signs them in; <code>padlock doctor</code> says why.</p>`}
<dl><dt>Recovery codes</dt><dd>${codes.all === 0 ? 'none' : `${codes.left} of ${codes.all} left`}</dd>
<dt>Password</dt><dd>${state.passwordHash === null ? 'not set yet' : 'set'}</dd>
<dt>Sessions</dt><dd>${sessions === 0 ? 'none' : sessions}</dd>
<dt>Last sign-in</dt><dd>${momentOr(person.lastSignIn, 'never, or not known')}</dd>
<dt>Lock</dt><dd>${state.lockedAt === null ? 'not locked' : html`locked since ${moment(state.lockedAt)}`}</dd></dl></section>`;
}

/** What may be done here: nothing of it before a recent proof, and what a right forbids is said instead. */
function actsCard(desk: Desk, file: PersonFile): Html {
  const { visit, by } = desk;
  const { rights, someone, asksToken, asksApproval } = file;
  const { id } = someone.person;
  const refusals = [...new Set(Object.values(rights).flatMap((answer) => (answer.allowed ? [] : [answer.reason])))];
  if (Object.values(rights).every((answer) => !answer.allowed)) {
    const own = visit.bearer.someone.person.id === id;
    return html`<section class="card"><h2>What you can do</h2><p>${own ? html`This is you: nobody does this to themselves. <a href="/settings">My settings</a> are yours to change.` : `Not open to you: ${refusals[0] ?? ''}.`}</p></section>`;
  }
  if (!provenRecently(visit.bearer.session, by.signIn.limits, file.now))
    return html`<section class="card"><h2>What you can do</h2><p>Reset MFA, invite, issue a token, unlock, sign out: first prove once more that it is you. It holds for five minutes.</p>
<p><a class="button primary" href="/prove?for=reset-${id}">Prove it</a></p></section>`;
  const at = `/admin/users/${id}`;
  const act = (title: string, says: Piece, path: string, label: string) =>
    html`<div class="act"><h3>${title}</h3><p class="small">${says}</p>${form(`${at}/${path}`, visit.form, button(label, 'quiet'))}</div>`;
  const reset = html`<input type="hidden" name="request" value="${newRequestId(by.signIn.random)}">${field({ name: 'reason', label: 'Why', hint: 'Kept in the audit log: how you know that it is them who ask.' })}${button('Reset MFA', 'danger')}`;
  return html`<section class="card"><h2>What you can do</h2>
<div class="act"><h3>Reset MFA</h3><p class="small">For a lost phone or key. Every factor and recovery code is removed and every session ends; at the next sign-in they set up a new factor. ${asksApproval ? html`<b>A second administrator has to approve it.</b>` : 'It happens at once.'} They are told by mail.</p>${form(`${at}/reset`, visit.form, reset)}</div>
${someone.state.lockedAt !== null && act('Unlock', 'Wrong codes have locked the sign-in.', 'unlock', 'Unlock')}
${someone.state.passwordHash === null && act('Invite', 'A mail with a link to choose a password. It works for 7 days, once.', 'invite', 'Send the invitation')}
${act('Enrollment token', asksToken ? 'A policy lets them set up a factor only with a token: hand it over yourself. A mail tells them that there is one. A new one takes the place of any other.' : 'No policy asks them for one at present.', 'token', 'Issue a token')}
${act('Sign out everywhere', 'Ends every session and every sign-in that is half done.', 'sign-out', 'Sign out everywhere')}</section>`;
}
