import { formatDuration, formatInstant } from '../../../../core/documents/values.ts';
import { type Html, html, type Piece } from '../../../../core/layout/html/escape.ts';
import { placeOf } from '../../../../core/model/positions.ts';
import { scopeOf } from '../../../../core/model/scope.ts';
import { scopeName } from '../../../../core/report/html/words.ts';
import { type PolicyInForce, policiesFlow } from '../../../../flows/administering/records.ts';
import { type Desk, type Desks, shown } from './desk.ts';
import { pager, withMoments } from './parts.ts';

/** The policies in force, as they were declared. Nothing here is edited: they are changed where they are declared. */
export function policyRoutes(desks: Desks): void {
  desks.page('/admin/policies', async (desk) => {
    const after = desk.query('after');
    const { rows, more } = await policiesFlow(desk.by.world, desk.account, after);
    const content = html`<p>What is in force now. A policy is changed in its file, by a pull request and <code>padlock apply</code>.</p>
${rows.length === 0 ? html`<p>No policy is in force: MFA is required of nobody.</p>` : rows.map((policy) => card(desk, policy))}
${pager('/admin/policies', {}, ['after', after, more ? (rows.at(-1)?.facts.scope ?? undefined) : undefined])}`;
    return shown(desk, 'Policies', content);
  });
}

function card({ account }: Desk, { document, facts, terms, text }: PolicyInForce): Html {
  const { source, channel } = document;
  const { myGlueAccount } = scopeOf(facts.scope);
  return html`<section class="card"><h2><bdi>${scopeName(facts)}</bdi> <span class="muted small">${myGlueAccount === undefined ? `account ${account}` : `MyGlue account ${myGlueAccount}`}</span></h2>
<p>${mode(facts)}</p>
<dl><dt>Document</dt><dd>${document.name} · <code>${placeOf(source, '/spec/requireMfa')}</code> <span class="muted">(${channel})</span></dd>
${terms?.requireMfa === true && html`<dt>Deadline</dt><dd>${deadline(terms.grace, terms.enforceFrom)}</dd>`}
${facts.suspension !== undefined && html`<dt>Suspended</dt><dd>changes are held until ${withMoments(facts.suspension.until)}: <q>${facts.suspension.reason}</q></dd>`}</dl>
<details><summary>As declared<span class="hidden">: ${document.name}</span></summary><pre><code>${text}</code></pre></details></section>
`;
}

function mode({ requireMfa, reportOnly, enforceable, enforcer }: PolicyInForce['facts']): Html {
  if (!requireMfa) return html`<span class="badge">Not required</span>`;
  if (reportOnly) return html`<span class="badge warn">Report only</span> nothing is enforced`;
  if (!enforceable) return html`<span class="badge bad">Unenforceable</span> the enforcer is ${enforcer}`;
  return html`<span class="badge good">Enforced</span>`;
}

function deadline(grace: number, from: number | null): Piece {
  const begins = from === null ? '' : html`, from ${withMoments(formatInstant(from))} on`;
  if (grace === 0) return html`at once${begins}`;
  return html`${formatDuration(grace).replace(/^(\d+)d$/, (_, days: string) => (days === '1' ? '1 day' : `${days} days`))} after somebody is first asked${begins}`;
}
