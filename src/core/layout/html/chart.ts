import { type Html, html } from './escape.ts';
import type { Tone } from './tokens.ts';

/** A part of a whole: how many, called what, and its colour. */
export interface Share {
  readonly label: string;
  readonly count: number;
  readonly tone: Tone;
}

/** One run of a trend: when, and the share from 0 to 1; null where it was not evaluated. */
export interface TrendPoint {
  readonly label: string;
  readonly value: number | null;
}

/** `12 345`, digits in groups of three, set apart by a narrow space that does not break. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, '\u202F');
}

/** `66 %`. Whole percents, and never 100 while one is missing, nor 0 while there is one. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const rounded = Math.round((part * 100) / whole);
  const honest = part < whole && rounded === 100 ? 99 : part > 0 && rounded === 0 ? 1 : rounded;
  return `${honest}\u00A0%`;
}

/** Parts of a whole as one bar, drawn in the width that there is. `label` says what it is of; the parts follow for those who hear it. */
export function shareBar(shares: readonly Share[], label: string): Html {
  const seen = shares.filter((share) => share.count > 0);
  const total = seen.reduce((sum, share) => sum + share.count, 0);
  const words = seen.map((share) => `${grouped(share.count)} ${share.label}`).join(', ');
  let before = 0;
  const parts = seen.map((share) => {
    const x = (before * 100) / total;
    before += share.count;
    return html`<rect class="tone-${share.tone}" x="${figure(x)}%" width="${figure((share.count * 100) / total)}%" height="14"/>`;
  });
  return html`<svg class="bar" role="img" aria-label="${label}: ${words === '' ? 'nobody' : words}">${parts}</svg>`;
}

/** The parts in words, each beside its colour; those of nobody are left out. */
export function shareLegend(shares: readonly Share[]): Html {
  const items = shares
    .filter((share) => share.count > 0)
    .map((share) => html`<li>${key(share.tone)}${grouped(share.count)} ${share.label}</li>`);
  return html`<ul class="legend">${items}</ul>`;
}

const TOP = 10;
const DEEP = 130;

/** A share over several runs as a line; a run that was not evaluated is a gap with an open dot, never a zero. */
export function trendChart(points: readonly TrendPoint[], label: string): Html {
  const x = (index: number) => (points.length === 1 ? 50 : 1 + (index * 98) / (points.length - 1));
  const y = (value: number) => TOP + (1 - value) * DEEP;
  const runs = stretches(points);
  const path = (run: readonly number[]) => run.map((i) => `${figure(x(i) * 10)},${figure(y(points[i]?.value ?? 0))}`);
  const lines = runs.map((run) => html`<polyline class="run" points="${path(run).join(' ')}"/>`);
  const areas = runs.map((run) => {
    const ends = [run.at(-1) ?? 0, run[0] ?? 0].map((i) => `${figure(x(i) * 10)},${TOP + DEEP}`);
    return html`<polygon class="area" points="${[...path(run), ...ends].join(' ')}"/>`;
  });
  const dots = points.map((point, i) => {
    const said = point.value === null ? 'not evaluated' : percent(point.value * 10_000, 10_000);
    const shape = html`<title>${point.label}: ${said}</title>`;
    return point.value === null
      ? html`<circle class="gap" cx="${figure(x(i))}%" cy="${TOP + DEEP}" r="5">${shape}</circle>`
      : html`<circle class="dot" cx="${figure(x(i))}%" cy="${figure(y(point.value))}" r="5">${shape}</circle>`;
  });
  const levels = [0, 0.5, 1];
  const grid = levels.map((value) => html`<line class="grid" x1="0" x2="100%" y1="${y(value)}" y2="${y(value)}"/>`);
  const axis = levels.map((value) => html`<text x="38" y="${y(value) + 4}" text-anchor="end">${value * 100}\u00A0%</text>`);
  const [first, last] = [points[0]?.label ?? '', points.length > 1 ? (points.at(-1)?.label ?? '') : ''];
  return html`<div class="trend" role="img" aria-label="${label}"><svg width="46">${axis}</svg><svg>
${grid}
<svg x="0" y="0" width="100%" height="${TOP + DEEP + 3}" viewBox="0 0 1000 ${TOP + DEEP + 3}" preserveAspectRatio="none">${areas}${lines}</svg>
${dots}
<text x="0" y="${TOP + DEEP + 26}">${first}</text><text x="100%" y="${TOP + DEEP + 26}" text-anchor="end">${last}</text>
</svg></div>`;
}

function key(tone: Tone): Html {
  return html`<svg class="key" aria-hidden="true"><rect class="tone-${tone}" width="100%" height="100%" rx="2"/></svg>`;
}

/** The places of points with a value, those that follow each other together. */
function stretches(points: readonly TrendPoint[]): number[][] {
  const runs: number[][] = [];
  for (const [i, point] of points.entries()) {
    if (point.value === null) continue;
    const last = runs.at(-1);
    if (last?.at(-1) === i - 1) last.push(i);
    else runs.push([i]);
  }
  return runs;
}

/** Two digits past the point at most: more are below what a screen shows. */
function figure(value: number): string {
  return String(Math.round(value * 100) / 100);
}
