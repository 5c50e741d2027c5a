import { type Html, html } from '../../../../core/layout/html/escape.ts';
import { cut } from '../../../../core/layout/width.ts';
import type { BoundWindow } from '../../../../core/model/applied.ts';
import { moment } from '../../../../core/report/html/words.ts';
import { type DeclaredExemption, exemptionsFlow } from '../../../../flows/administering/records.ts';
import { type Desks, shown } from './desk.ts';
import { pager } from './parts.ts';

/** People of one exemption that its card names. */
const NAMED = 25;
const LONG = 80;

/** The exemptions declared, whom they cover and until when. They too are changed where they are declared. */
export function exemptionRoutes(desks: Desks): void {
  desks.page('/admin/exemptions', async (desk) => {
    const after = desk.query('after');
    const { now, rows, more } = await exemptionsFlow(desk.by.world, desk.account, after);
    const content = html`<p>Who is exempt, why and until when. An exemption is declared in a file and always ends.</p>
${rows.length === 0 ? html`<p>No exemption is declared.</p>` : rows.map((exemption) => card(exemption, now))}
${pager('/admin/exemptions', {}, ['after', after, more ? rows.at(-1)?.document : undefined])}`;
    return shown(desk, 'Exemptions', content);
  });
}

function card({ document, reason, ticket, by, at, windows }: DeclaredExemption, now: number): Html {
  const rest = windows.length - NAMED;
  return html`<section class="card"><h2>${document}</h2>
<p><q>${reason}</q>${ticket !== null && html` · <code>${ticket}</code>`}</p>
${windows.length === 0 ? html`<p>It covers nobody who is known.</p>` : html`<ul class="plain">${windows.slice(0, NAMED).map((window) => line(window, now))}</ul>`}
${rest > 0 && html`<p class="small">and ${rest} more</p>`}
${at !== null && html`<p class="muted small">put in force ${moment(at)}${by !== null && html` by <bdi>${cut(by.subject, LONG)}</bdi> (${by.channel})`}</p>`}</section>
`;
}

function line({ userId, called, startsAt, expiresAt }: BoundWindow, now: number): Html {
  const [words, tone] = now >= expiresAt ? ['Ended', ''] : now < startsAt ? ['To come', ''] : ['In force', 'warn'];
  return html`<li><a href="/admin/users/${userId}"><bdi>${cut(called, LONG)}</bdi></a> <span class="badge ${tone}">${words}</span><br><span class="muted small">from ${moment(startsAt)} until ${moment(expiresAt)}</span></li>`;
}
