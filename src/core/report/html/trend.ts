import { grouped, percent, trendChart } from '../../layout/html/chart.ts';
import { type Html, html, type Piece } from '../../layout/html/escape.ts';
import type { Instant } from '../../model/words.ts';
import type { Comparison } from '../comparison.ts';
import type { ReportHead } from '../head.ts';
import { type Judged, protectionOf, shareOf } from '../protection.ts';
import type { Figures } from '../summary.ts';
import { day, moment } from './words.ts';

interface Run {
  readonly at: Instant;
  readonly scopes: readonly Judged[];
  readonly total: Figures;
  readonly compliant: boolean | null;
}

/** The share protected over the last runs, this one included, as a line and as figures. */
export function trend(head: ReportHead, comparison: Comparison | null): Html {
  const runs: Run[] = head.history.runs.map(({ generatedAt, scopes, total, compliant }) => ({
    at: generatedAt,
    scopes: [...scopes.values()],
    total,
    compliant,
  }));
  runs.push({ at: head.generatedAt, scopes: head.summary.scopes, total: head.summary.total, compliant: head.summary.compliant });
  const points = runs.map((run) => ({ label: day(run.at), value: shareOf(protectionOf(run.scopes)) }));
  return html`<section aria-labelledby="trend"><h2 id="trend">Trend</h2>
${runs.length === 1 ? html`<p class="empty">This is the first report here: the next one is compared with it.</p>` : figure(points, runs.length)}
${comparison !== null && moved(comparison)}
<table><caption>Figures of each run, the latest first</caption>
<thead><tr><th scope="col">Run</th><th scope="col">Protected</th><th scope="col">Not enrolled</th><th scope="col">Overdue</th><th scope="col">Exempt</th><th scope="col">Not evaluated</th><th scope="col">Verdict</th></tr></thead>
<tbody>
${runs.toReversed().map(row)}</tbody></table>
</section>
`;
}

function figure(points: Parameters<typeof trendChart>[0], count: number): Html {
  const caption = `Share of those asked for MFA who are protected, over the last ${count} runs`;
  return html`<figure><figcaption>${caption}</figcaption>${trendChart(points, caption)}</figure>`;
}

function row({ at, scopes, total, compliant }: Run): Html {
  const protection = protectionOf(scopes);
  const share = shareOf(protection);
  const verdict = compliant === null ? 'not evaluated' : compliant ? 'compliant' : 'not compliant';
  const shown = share === null ? 'not evaluated' : `${percent(protection.protected, protection.asked)}`;
  return html`<tr><th scope="row">${moment(at)}</th><td class="brief" data-label="Protected">${shown}${share !== null && html` <span class="muted">${grouped(protection.protected)} of ${grouped(protection.asked)}</span>`}</td><td class="brief" data-label="Not enrolled">${grouped(total.classes.missing)}</td><td class="brief" data-label="Overdue">${grouped(total.overdue)}</td><td class="brief" data-label="Exempt">${grouped(total.classes.exempt)}</td><td class="brief" data-label="Not evaluated">${grouped(total.classes.unknown)}</td><td class="brief" data-label="Verdict">${verdict}</td></tr>
`;
}

function moved({ previous, total }: Comparison): Piece {
  const part = (count: number, words: string) => html`<strong>${grouped(count)}</strong> ${words}`;
  return html`<p>Since ${moment(previous.generatedAt)}: ${part(total.newlyEnrolled, 'newly enrolled')}, ${part(total.newlyOpen, 'newly not enrolled')}, ${part(total.newlyOverdue, 'newly overdue')}, ${part(total.joined, 'joined')}, ${part(total.gone, 'gone')}.</p>`;
}
