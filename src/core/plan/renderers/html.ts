import { formatInstant } from '../../documents/values.ts';
import { counted } from '../../layout/flow.ts';
import { grouped } from '../../layout/html/chart.ts';
import { type Html, html } from '../../layout/html/escape.ts';
import { pageEnd, pageStart } from '../../layout/html/page.ts';
import { scopeOf } from '../../model/scope.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Instant } from '../../model/words.ts';
import { changes } from '../judge.ts';
import type { Plan, ScopeChange } from '../plan.ts';
import type { Unenforceable } from '../unenforceable.ts';
import { type Headline, scopeHeadlines } from './edits.ts';
import { type ExemptedFacts, exemptedFacts } from './exempted.ts';
import { PLAN_STYLE } from './html-style.ts';
import { isLiftable, overrideFor } from './overrides.ts';
import { peopleFacts, peopleGroups, TOLD_APART } from './people.ts';
import {
  BINDS,
  HITS,
  openResets,
  remedyBeside,
  resetHeadline,
  toldByAccount,
  toldDocuments,
  UNBOUND,
  unenforceableWords,
  worthTelling,
} from './told.ts';

/** How a plan becomes a page. */
export interface PlanHtmlOptions {
  /** How many people are named for each scope and group. */
  readonly names: number | 'all';
  /** The program and its version. */
  readonly generator: string;
}

/** Scopes in the table at the head; more are counted, and told below. */
const MOST_ROWS = 200;

/**
 * The plan as one page that stands alone: figures first, a table of the scopes that change, then each of them with what
 * its guards say, then documents, resets and names that nobody has. In pieces, a line feed behind each.
 */
export function* renderPlanHtml(plan: Plan, options: PlanHtmlOptions): Generator<string> {
  const told = toldByAccount(plan).flatMap(({ changed }) => changed);
  const title = `Plan: ${outcome(plan)}`;
  const pieces = [
    pageStart({ title, generator: options.generator, style: PLAN_STYLE }),
    heading(plan),
    scopeTable(told),
    ...told.map((change) => scopeArticle(change, plan.now, options.names)),
    others(plan, options.names),
    html`<footer>Made by ${options.generator} on ${time(plan.now)}. Nothing was written. Plan <code>${plan.digest}</code></footer>`,
    pageEnd,
  ];
  for (const piece of pieces) {
    const markup = String(piece).trimEnd();
    if (markup !== '') yield markup;
  }
}

function outcome({ counts }: Plan): string {
  if (counts.changes === 0 && counts.held === 0) return 'no changes';
  const held = counts.held === 0 ? '' : `, ${counts.held} held by ${counts.held === 1 ? 'a guard' : 'guards'}`;
  return `${counted(counts.changes, 'change', 'changes')}${held}`;
}

function heading(plan: Plan): Html {
  const hit = plan.scopes.filter((change) => HITS.has(change.action));
  const sum = (of: (change: ScopeChange) => number) => hit.reduce((total, change) => total + of(change), 0);
  const figures: [number, string][] = [
    [sum((c) => c.impact.newlyRequired), 'newly required'],
    [sum((c) => c.impact.newlyRequiredNotEnrolled), 'of them not enrolled'],
    [sum((c) => c.impact.overdueAtOnce), 'overdue at once'],
    [sum((c) => c.impact.pending), 'to enroll by a deadline'],
    [plan.counts.unchanged, plan.counts.unchanged === 1 ? 'scope as declared' : 'scopes as declared'],
  ];
  const verdicts = plan.verdicts.filter((verdict) => plan.counts.changes > 0 || worthTelling(verdict));
  const several = new Set(plan.scopes.map((change) => scopeOf(change.scope).account)).size > 1;
  return html`<header class="head"><p class="eyebrow">Padlock plan · ${time(plan.now)}</p>
<h1>${outcome(plan)}</h1>
<dl class="figures">${figures.map(([count, what]) => html`<div><dt>${what}</dt><dd>${grouped(count)}</dd></div>`)}</dl>
${verdicts.map((verdict) => verdictNote(verdict, plan.now, several ? verdict.scope : null))}</header>
`;
}

function scopeTable(told: readonly ScopeChange[]): Html | '' {
  if (told.length < 2) return '';
  const rows = told.slice(0, MOST_ROWS).map((change) => {
    const { impact } = change;
    const cell = (label: string, count: number) =>
      html`<td class="number" data-label="${label}">${HITS.has(change.action) ? grouped(count) : ''}</td>`;
    return html`<tr><th scope="row"><a href="#${anchor(change)}">${change.scope}</a></th><td>${badge(change)}</td>${cell('people', impact.members)}${cell('enrolled', impact.enrolled)}${cell('newly required', impact.newlyRequired)}${cell('overdue at once', impact.overdueAtOnce)}</tr>
`;
  });
  const more = told.length - rows.length;
  return html`<h2>Scopes</h2>
<table><caption>What changes, and whom it hits${more === 0 ? '' : `; ${more} more below`}</caption>
<thead><tr><th scope="col">scope</th><th scope="col">outcome</th><th scope="col" class="number">people</th><th scope="col" class="number">enrolled</th><th scope="col" class="number">newly required</th><th scope="col" class="number">overdue at once</th></tr></thead>
<tbody>
${rows}</tbody></table>
`;
}

function unenforceableNote(cannot: Unenforceable): Html {
  const [before, enforcer, after] = unenforceableWords(cannot);
  return html`<p class="note warn">Unenforceable: ${before}<code>${enforcer}</code>${after}.</p>`;
}

function scopeArticle(change: ScopeChange, now: Instant, names: number | 'all'): Html {
  const { account, myGlueAccount } = scopeOf(change.scope);
  const told = change.verdicts.filter(worthTelling);
  const heldAlone = change.held && told.length === 0;
  const heldWith = change.via === 'default' ? 'Held with the account whose default it is.' : 'Held by a guard of the account.';
  return html`<article id="${anchor(change)}"${change.held ? HELD : ''}>
<div class="title"><h2>${myGlueAccount ?? account}</h2><p class="muted">${myGlueAccount === undefined ? 'account' : `MyGlue account of ${account}`}</p>${badge(change)}</div>
<ul class="edits">${scopeHeadlines(change).map((headline) => headlineItem(headline))}</ul>
${change.via === 'default' && change.action !== 'none' && html`<p class="muted small">By the account’s <code>myGlueDefault</code>.</p>`}
${change.byHand.length > 0 && html`<p class="note warn">Changed in the store by hand; apply restores it.</p>`}
${HITS.has(change.action) && people(change, names)}
${change.unenforceable.map((cannot) => unenforceableNote(cannot))}
${told.map((verdict) => verdictNote(verdict, now, null))}
${heldAlone && html`<p class="note bad">${heldWith}</p>`}
</article>
`;
}

const HELD = html` class="held"`;

function people(change: ScopeChange, names: number | 'all'): Html {
  const groups = peopleGroups(change, names).map(namedGroup);
  return html`${peopleFacts(change).map((parts) => html`<p>${parts.join(' · ')}</p>`)}
${groups}`;
}

/** How many, and some of them by name. */
function namedGroup({ head, count, people: named }: ReturnType<typeof peopleGroups>[number]): Html {
  const shown = named.map(
    (p) => html`<li><bdi>${p.user}</bdi>${TOLD_APART.includes(p.role) && html` <span class="muted">${p.role}</span>`}</li>`,
  );
  const more = count - named.length;
  return html`<h3>${head}: ${grouped(count)}</h3>
<ul class="names">${shown}${more > 0 && html`<li class="muted">${named.length === 0 ? '' : 'and '}${grouped(more)} ${named.length === 0 ? 'people' : 'more'}</li>`}</ul>
`;
}

const WORDS = { passed: 'passed', refused: 'refused', overridden: 'overridden', note: 'note' } as const;
const TONES = { passed: 'good', refused: 'bad', overridden: 'warn', note: 'warn' } as const;

function verdictNote(verdict: Verdict, now: Instant, scope: string | null): Html {
  const tone = TONES[verdict.outcome];
  return html`<div class="note ${tone}"><p><strong>${verdict.guard}</strong> <span class="badge ${tone}">${WORDS[verdict.outcome]}</span>${scope !== null && html` <code>${scope}</code>`}</p>
<p>${verdict.message}</p>
${verdict.remedy !== '' && html`<p class="muted">${remedyBeside(verdict)}</p>`}
${isLiftable(verdict) && html`<details><summary>The GuardOverride that lifts it</summary><pre tabindex="0" aria-label="GuardOverride for ${verdict.guard}"><code>${preformatted(overrideFor(verdict, now))}</code></pre></details>`}</div>
`;
}

/** Lines of a text of ours: what could steer a reader is shown line by line, so that the line feeds between them stay. */
function preformatted(text: string): Html[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line, i) => html`${i > 0 && NEW_LINE}${line}`);
}

const NEW_LINE = html`
`;

function others(plan: Plan, names: number | 'all'): Html {
  const documents = toldDocuments(plan).flatMap(({ change, kind, headlines, held }) => [
    ...headlines.map((h) => headlineItem(h, `${kind} ${change.name}`)),
    ...exemptedItems(exemptedFacts(plan, change, names)),
    ...(held ? [headlineItem({ sign: '!', text: 'held by overdue-at-once', place: '' })] : []),
    ...(change.action === 'repair'
      ? [headlineItem({ sign: '!', text: 'changed in the store by hand; apply restores it', place: '' })]
      : []),
  ]);
  const resets = openResets(plan).map((reset) => headlineItem(resetHeadline(reset), reset.requestId));
  const unknown = plan.unknownUsers.map((u) => headlineItem({ sign: '!', text: 'nobody is known by this name', place: u.place }, u.called));
  const unbound = plan.unboundUsers.map((u) => headlineItem({ sign: '!', text: `${UNBOUND}: ${BINDS}`, place: u.place }, u.called));
  const section = (title: string, items: readonly Html[]) =>
    items.length > 0 &&
    html`<section><h2>${title}</h2>
<ul class="edits">${items}</ul></section>
`;
  return html`${section('Documents', documents)}${section('Resets', resets)}${section('Known to nobody', unknown)}${section('Not exempt', unbound)}`;
}

function exemptedScope({ head, count, people: named }: ExemptedFacts['scopes'][number]): Html {
  const shown = named.map(
    (p, i) => html`${i > 0 && ', '}<bdi>${p.user}</bdi>${TOLD_APART.includes(p.role) && html` <span class="muted">${p.role}</span>`}`,
  );
  const more = count - named.length;
  return html`<li><span class="sign" aria-hidden="true"></span><span>${head}: ${grouped(count)}${named.length > 0 && ' · '}${shown}${more > 0 && named.length > 0 && ` and ${grouped(more)} more`}</span></li>
`;
}

/** Behind an exemption: whom it leaves unprotected. */
function exemptedItems(facts: ExemptedFacts | undefined): Html[] {
  if (facts === undefined) return [];
  return [
    headlineItem({ sign: ' ', text: facts.head, place: '' }),
    ...facts.scopes.map((scope) => exemptedScope(scope)),
    ...facts.warnings.map((text) => headlineItem({ sign: '!', text, place: '' })),
  ];
}

function headlineItem({ sign, text, place }: Headline, name?: string): Html {
  const said = { '+': 'added: ', '-': 'removed: ', '~': 'changed: ', '!': 'note: ', ' ': '' }[sign];
  return html`<li><span class="sign" aria-hidden="true">${sign === '-' ? '−' : sign}</span><span class="hidden">${said}</span><span>${name !== undefined && html`<strong><bdi>${name}</bdi></strong> `}<bdi>${text}</bdi>${place !== '' && html` <code class="place">${place}</code>`}</span></li>
`;
}

function badge(change: ScopeChange): Html {
  if (change.held) return html`<span class="badge bad">held</span>`;
  if (changes(change)) return html`<span class="badge">${change.action}</span>`;
  return html`<span class="badge">${change.action === 'orphan' ? 'kept' : change.action === 'move' ? 'moved' : 'as declared'}</span>`;
}

function anchor({ scope }: ScopeChange): string {
  return `scope-${scope.replace('/', '-in-')}`;
}

function time(instant: Instant): Html {
  const text = formatInstant(instant);
  return html`<time datetime="${text}">${text.slice(0, 16).replace('T', ' ')} UTC</time>`;
}
