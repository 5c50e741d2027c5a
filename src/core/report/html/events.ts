import { grouped } from '../../layout/html/chart.ts';
import { type Html, html, type Piece } from '../../layout/html/escape.ts';
import { kindsOf } from '../../model/demand.ts';
import type { ResetRecord } from '../../model/findings.ts';
import { breakGlassFindings, breakGlassWords, type JudgedBreakGlass } from '../break-glass.ts';
import type { ReportHead } from '../head.ts';
import { day, moment, momentOr, who } from './words.ts';

/** How many resets are named; the file as JSON has all. */
const RESETS_NAMED = 1000;

/** Resets of the last ninety days: of whom, why, who asked, and what became of it. */
export function resets(head: ReportHead): Html {
  const shown = head.resets.slice(0, RESETS_NAMED);
  const json = head.files['json'] ?? 'a report as JSON';
  return html`<section aria-labelledby="resets"><h2 id="resets">Resets <span class="muted">${grouped(head.resets.length)}</span></h2>
<p>Factors removed on request since ${day(head.since)}, each exactly once.</p>
${head.resets.length > shown.length && html`<p class="note warn">The latest <strong>${grouped(shown.length)}</strong> are listed here; all of them stand in <code>${json}</code>.</p>`}
${
  shown.length === 0
    ? html`<p class="empty">Nobody asked for one.</p>`
    : html`<table><thead><tr><th scope="col">Whose</th><th scope="col">Why</th><th scope="col">Asked for</th><th scope="col">Outcome</th></tr></thead><tbody>
${shown.map(resetRow)}</tbody></table>`
}
</section>
`;
}

function resetRow(reset: ResetRecord): Html {
  const { requestedBy } = reset;
  return html`<tr><th scope="row"><bdi>${reset.address ?? 'nobody of that name'}</bdi><br><span class="muted small">${reset.account}</span></th><td data-label="Why">${reset.reason}<br><span class="muted small">${reset.requestId}</span></td><td data-label="Asked for">${moment(reset.firstSeen)}<br><span class="muted small">by <bdi>${requestedBy.subject}</bdi> (${requestedBy.channel})${reset.approvedBy !== null && html`, approved by <bdi>${reset.approvedBy}</bdi>`}</span></td><td data-label="Outcome">${outcome(reset)}</td></tr>
`;
}

function outcome({ outcome: word, executedAt }: ResetRecord): Piece {
  if (word === 'Executed') return html`<span class="badge good">✓ Executed</span> ${momentOr(executedAt, '')}`;
  const waits = word === 'AwaitingApproval' || word === 'Held';
  return html`<span class="badge ${waits ? 'warn' : 'idle'}">${waits ? '…' : '–'} ${spaced(word)}</span>`;
}

/** `AwaitingApproval` → `Awaiting approval`. */
function spaced(word: string): string {
  return word.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Break-glass users, apart from everybody else: those declared, and what was found about each. */
export function breakGlass({ breakGlass: users, history, since }: ReportHead): Html {
  const found = breakGlassFindings(users);
  const from = history.previous?.proven !== true ? html`${day(since)}` : html`the last report, ${moment(history.previous.generatedAt)}`;
  return html`<section aria-labelledby="break-glass"><h2 id="break-glass">Break-glass users <span class="muted">${grouped(users.length)}</span></h2>
<p>Emergency administrators, as declared; nobody is guessed to be one. They are counted neither as exempt nor as missing. A use since ${from} is a finding; not to be used is none.</p>
${
  users.length === 0
    ? html`<p class="empty">None is declared.</p>`
    : html`${found > 0 && html`<p class="note bad"><strong>${grouped(found)}</strong> of ${grouped(users.length)} ${found === 1 ? 'needs' : 'need'} a look.</p>`}
<table><thead><tr><th scope="col">Who</th><th scope="col">Finding</th><th scope="col">Last sign-in</th><th scope="col">Factors</th></tr></thead><tbody>
${users.map(breakGlassRow)}</tbody></table>`
}
</section>
`;
}

function breakGlassRow(user: JudgedBreakGlass): Html {
  const { person, called, account, document } = user;
  const words = breakGlassWords(user);
  const kinds = person === null ? null : person.kinds;
  const factors = person === null ? '–' : kinds === null ? 'not known' : kindsOf(kinds).join(', ') || 'none enrolled';
  const badge =
    words.length === 0
      ? html`<span class="badge good">✓ None</span>`
      : words.map((text) => html`<div><span class="badge bad">✕ Finding</span> ${text}</div>`);
  return html`<tr><th scope="row">${person === null ? html`<bdi>${called}</bdi>` : who(person)}<br><span class="muted small">policy ${document} · account ${account}</span></th><td data-label="Finding">${badge}</td><td data-label="Last sign-in">${person === null ? '–' : momentOr(person.lastSignIn, 'never, or not known')}</td><td data-label="Factors">${factors}</td></tr>
`;
}
