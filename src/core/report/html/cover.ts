import { grouped, percent, type Share, shareBar, shareLegend } from '../../layout/html/chart.ts';
import { type Html, html, type Piece } from '../../layout/html/escape.ts';
import { scopeOf } from '../../model/scope.ts';
import type { Comparison } from '../comparison.ts';
import type { ReportHead } from '../head.ts';
import { protectionOf, shareOf } from '../protection.ts';
import type { Figures } from '../summary.ts';
import { moment, scopeName } from './words.ts';

/** How many files that could not be compared are named. */
const FAULTS_NAMED = 5;

/** The accounts that a report is on, by the titles of their scopes. */
export function titleOf(head: ReportHead): string {
  const accounts = head.summary.scopes.map(({ facts }) => facts).filter((facts) => scopeOf(facts.scope).myGlueAccount === undefined);
  const names = accounts.map(scopeName);
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

/** The cover: on whom, when, the verdict, the one figure, how many were considered, what it is compared with, and what could not be. */
export function cover(head: ReportHead, comparison: Comparison | null): Html {
  const { summary, people } = head;
  return html`<header>
<p class="eyebrow">MFA compliance report</p>
<h1><bdi>${titleOf(head) || 'No account'}</bdi></h1>
<p class="verdict">${verdictBadge(summary.compliant)}<span>${counted(summary.enforcedScopes, summary.scopes.length)} · ${moment(head.generatedAt)}</span></p>
${headline(head)}
<dl class="facts">
${people.map(
  ({ account, held, considered }) =>
    html`<div><dt>People of ${account}</dt><dd><strong>${grouped(held)}</strong> in the store<br><strong>${grouped(considered)}</strong> considered: ${held === considered ? 'they agree' : 'incomplete'}</dd></div>`,
)}
<div><dt>Memberships</dt><dd><strong>${grouped(summary.total.members)}</strong>, each judged by itself and counted once</dd></div>
<div><dt>Made by</dt><dd>padlock ${head.version}<br>${signature(head)}</dd></div>
<div><dt>Compared with</dt><dd>${compared(comparison)}</dd></div>
</dl>
${faults(head)}
</header>
`;
}

/** What becomes of a verdict: a word, and a sign that needs no colour. */
export function verdictBadge(compliant: boolean | null): Html {
  if (compliant === null) return html`<span class="badge warn">? Not evaluated</span>`;
  return compliant ? html`<span class="badge good">✓ Compliant</span>` : html`<span class="badge bad">✕ Not compliant</span>`;
}

/** The classes of a figure as parts of a bar, in one order everywhere. Where nothing is enforced, who enrolled is not called protected. */
export function sharesOf(figures: Figures, enforced: boolean): Share[] {
  const { classes, overdue } = figures;
  return [
    { label: enforced ? 'enrolled' : 'enrolled, not enforced', count: classes.enrolled, tone: enforced ? 'good' : 'upstream' },
    { label: 'proven upstream', count: classes.upstream, tone: 'upstream' },
    { label: 'exempt', count: classes.exempt, tone: 'exempt' },
    { label: 'within grace', count: figures.pending, tone: 'pending' },
    { label: 'would be locked out', count: figures.wouldBeLockedOut, tone: 'missing' },
    { label: 'overdue', count: overdue, tone: 'overdue' },
    { label: 'not evaluated', count: classes.unknown, tone: 'unknown' },
    { label: 'break-glass', count: classes['break-glass'], tone: 'apart' },
    { label: 'not required', count: classes['not-required'], tone: 'idle' },
    { label: 'disabled', count: classes['not-applicable'], tone: 'idle' },
  ];
}

function headline(head: ReportHead): Html {
  const { scopes, total } = head.summary;
  const protection = protectionOf(scopes);
  const share = shareOf(protection);
  const figure =
    share === null
      ? html`<div class="figure word">${protection.asked === 0 ? 'Nobody is asked' : 'Not evaluated'}</div>`
      : html`<div class="figure">${percent(protection.protected, protection.asked)}</div>`;
  const words =
    protection.asked === 0
      ? 'MFA is required of nobody.'
      : html`<strong>${grouped(protection.protected)} of ${grouped(protection.asked)}</strong> who are asked for MFA are protected${
          protection.unknown > 0 && html`; of ${grouped(protection.unknown)} it is not known`
        }.`;
  const shares = [
    { label: 'enrolled and enforced', count: protection.protected, tone: 'good' } satisfies Share,
    ...sharesOf(
      {
        ...total,
        classes: { ...total.classes, enrolled: total.classes.enrolled + total.classes.upstream - protection.protected, upstream: 0 },
      },
      false,
    ),
  ];
  return html`<div class="headline"><div>${figure}</div><div><p>${words}</p>${shareBar(shares, 'Everybody')}${shareLegend(shares)}</div></div>`;
}

function counted(enforced: number, all: number): string {
  return `${grouped(enforced)} of ${grouped(all)} ${all === 1 ? 'scope' : 'scopes'} enforced`;
}

function signature({ signedBy }: ReportHead): Piece {
  if (signedBy === null) return 'not signed: nothing proves that it was not changed';
  return html`signed with the key <code>${signedBy}</code>, which <code>padlock report verify</code> checks`;
}

function compared(comparison: Comparison | null): Piece {
  if (comparison === null) return 'no earlier report';
  const { previous } = comparison;
  return html`the report of ${moment(previous.generatedAt)}<br><code>${previous.file}</code>${previous.proven ? null : ', which nothing proves'}`;
}

/** Files that stood where earlier reports lie, and were of no use: a gap in the trend is never silent. */
function faults({ history }: ReportHead): Piece {
  if (history.faults.length === 0) return null;
  const rest = history.faults.length - FAULTS_NAMED;
  return html`<div class="note warn"><strong>Earlier reports that could not be compared with</strong>
<ul>${history.faults.slice(-FAULTS_NAMED).map(({ file, why }) => html`<li><code>${file}</code>: ${why}</li>`)}${rest > 0 && html`<li>and ${grouped(rest)} more</li>`}</ul></div>`;
}
