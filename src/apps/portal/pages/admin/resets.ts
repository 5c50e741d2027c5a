import { type Html, html, type Piece } from '../../../../core/layout/html/escape.ts';
import { cut } from '../../../../core/layout/width.ts';
import type { Answer } from '../../../../core/model/actor.ts';
import type { ListedReset } from '../../../../core/model/listed.ts';
import { moment } from '../../../../core/report/html/words.ts';
import { resetsFlow } from '../../../../flows/administering/resets.ts';
import { button, form } from '../../page.ts';
import { type Desk, type Desks, shown } from './desk.ts';
import { pager } from './parts.ts';

/** What outcomes are called, and how they look. */
const OUTCOMES: Readonly<Record<string, readonly [words: string, tone: string]>> = {
  AwaitingApproval: ['Waits for approval', 'warn'],
  Held: ['Held by a guard', 'warn'],
  Executed: ['Executed', 'good'],
  Refused: ['Refused', 'bad'],
  Expired: ['Expired', ''],
  UserChanged: ['Name changed hands', ''],
  NoSuchUser: ['Nobody called so', ''],
};

/** Columns of a reason that a list shows. */
const LONG = 160;

/** Every reset request of the account, whatever became of it; those that wait come first. */
export function resetRoutes(desks: Desks): void {
  desks.page('/admin/resets', async (desk) => {
    const after = desk.query('after');
    const { waiting, others, more } = await resetsFlow(desk.by.world, desk.account, after === '' ? undefined : after);
    const rest = others.map((reset) => row(reset));
    const content = html`${waiting.length > 0 && html`<section><h2>Waiting</h2>${waiting.map((reset) => waitingCard(desk, reset, 'list'))}</section><h2>Settled</h2>`}
${others.length === 0 ? html`<p>No reset was asked for${waiting.length > 0 && ' besides'}.</p>` : table(rest)}
${pager('/admin/resets', {}, ['after', after, more ? others.at(-1)?.requestId : undefined])}`;
    return shown(desk, 'Resets', content);
  });
}

/** A request that waits. `here`: on the page of its person, with the button of a second administrator; in a list, with the way there. */
export function waitingCard({ visit }: Desk, reset: ListedReset & { readonly approval?: Answer }, at: 'here' | 'list'): Html {
  const { requestId, outcome, userId, approval } = reset;
  const held = outcome === 'Held';
  const [words, tone] = OUTCOMES[outcome] ?? [outcome, ''];
  const path = `/admin/resets/${requestId}`;
  const acts: Piece =
    at === 'list'
      ? userId !== null &&
        html`<p><a class="button quiet" href="/admin/users/${userId}">${reset.requesterId === visit.bearer.someone.person.id ? 'Look at it' : held ? 'Look and try again' : 'Look and approve'}</a></p>`
      : held
        ? form(`${path}/again`, visit.form, button('Try again', 'quiet'))
        : approval?.allowed === true
          ? form(`${path}/approve`, visit.form, button('Approve the reset', 'danger'))
          : html`<p class="small">You cannot approve it: ${approval?.allowed === false ? approval.reason : 'it is not known who asked'}.</p>`;
  // Beneath the list's own heading it is one lower.
  const heading = (text: Html) => (at === 'list' ? html`<h3>${text}</h3>` : html`<h2>${text}</h2>`);
  return html`<section class="card waiting">${heading(html`Reset of <bdi>${cut(reset.address ?? '', LONG)}</bdi> <span class="badge ${tone}">${words}</span>`)}
<p>${reset.asked !== null && html`<q>${cut(reset.asked, LONG)}</q><br>`}<span class="small">asked for by ${requester(reset)}, ${moment(reset.firstSeen)}${reset.expiresAt !== null && html` · to be settled before ${moment(reset.expiresAt)}`} · <code>${requestId}</code>${held && html`<br>${reset.reason}`}</span></p>
${acts}</section>`;
}

function table(rows: readonly Html[]): Html {
  return html`<table class="requests"><caption class="hidden">Reset requests, newest first</caption>
<thead><tr><th scope="col">Person</th><th scope="col">Outcome</th><th scope="col">Why</th><th scope="col">Asked for</th><th scope="col">Approved by</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}

function row(reset: ListedReset): Html {
  const { userId, address, outcome, reason, asked, executedAt } = reset;
  const [words, tone] = OUTCOMES[outcome] ?? [outcome, ''];
  const name = html`<bdi>${cut(address ?? 'nobody', LONG)}</bdi>`;
  const why =
    asked === null || asked === reason
      ? html`<q>${cut(reason, LONG)}</q>`
      : html`<q>${cut(asked, LONG)}</q><br><span class="muted small">${cut(reason, LONG)}</span>`;
  return html`<tr><th scope="row">${userId === null ? name : html`<a href="/admin/users/${userId}">${name}</a>`}<br><code class="small">${reset.requestId}</code></th>
<td><span class="badge ${tone}">${words}</span>${executedAt !== null && html`<br><span class="small">${moment(executedAt)}</span>`}</td>
<td>${why}</td>
<td data-label="Asked for">${moment(reset.firstSeen)}<br><span class="small">by ${requester(reset)}</span></td>
<td data-label="Approved by">${reset.approvedBy !== null && html`<bdi>${cut(reset.approvedBy, LONG)}</bdi>`}</td></tr>
`;
}

function requester({ requester: person, requestedBy }: ListedReset): Html {
  const name = cut(person ?? requestedBy.subject, LONG);
  return html`<bdi>${name}</bdi> <span class="muted">(${requestedBy.channel})</span>`;
}
