import { grouped } from '../../layout/html/chart.ts';
import { type Html, html } from '../../layout/html/escape.ts';
import { pageEnd, pageStart } from '../../layout/html/page.ts';
import type { ReportMaterial } from '../material.ts';
import { client } from './clients.ts';
import { cover, titleOf } from './cover.ts';
import { breakGlass, resets } from './events.ts';
import { peopleSection, SECTIONS, type Section, sectionTitle, sortPeople } from './people.ts';
import { REPORT_STYLE } from './style.ts';
import { trend } from './trend.ts';
import { day } from './words.ts';

/** About how many people of each reason a page names: with more it would not open well on a phone. Shared among the scopes. */
const NAMED = 5000;
/** How many of a scope are named at least, however many scopes there are. */
const NAMED_AT_LEAST = 5;

/** What a chunk of output holds at least, in UTF-16 units. */
const CHUNK = 64 * 1024;

/**
 * A whole report as one page that needs nothing else, in chunks: cover, clients, trend, then people by name. Whoever does not fit is
 * counted, and the page says which file names them; so it stays small, whatever the number of people.
 */
export async function* reportHtml(material: ReportMaterial): AsyncGenerator<string> {
  const { head } = material;
  let chunk = pageStart({
    title: `MFA compliance · ${titleOf(head)} · ${day(head.generatedAt)}`,
    generator: `padlock ${head.version}`,
    style: REPORT_STYLE,
  });
  for await (const piece of pieces(material)) {
    chunk += piece.markup;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk + pageEnd;
}

async function* pieces(material: ReportMaterial): AsyncGenerator<Html> {
  const { head } = material;
  const { scopes, total } = head.summary;
  const comparison = await material.comparison();
  const factsOf = new Map(scopes.map(({ facts }) => [facts.scope, facts]));
  const named = await sortPeople(material.named(Math.max(NAMED_AT_LEAST, Math.floor(NAMED / Math.max(1, scopes.length)))), factsOf);
  const counts: Readonly<Record<Section, number>> = {
    overdue: total.overdue,
    missing: total.classes.missing - total.overdue,
    exempt: total.classes.exempt,
    unknown: total.classes.unknown,
  };
  yield cover(head, comparison);
  yield contents(counts, head.resets.length, head.breakGlass.length);
  yield html`<section aria-labelledby="clients"><h2 id="clients">Clients</h2>
`;
  for (const scope of scopes) yield client(scope, comparison);
  yield html`</section>
`;
  yield trend(head, comparison);
  for (const section of SECTIONS) yield* peopleSection(section, named[section], counts[section], factsOf, head);
  yield breakGlass(head);
  yield resets(head);
  yield html`<footer>${Object.values(head.files).length > 1 && html`<p>The same rows for programs: ${Object.values(head.files).map((file, i) => html`${i > 0 && ', '}<code>${file}</code>`)}.</p>`}
<p>Memberships are judged one by one: whoever is a member of several clients is counted in each. All times are UTC.</p></footer>
`;
}

function contents(counts: Readonly<Record<Section, number>>, resetCount: number, breakGlassCount: number): Html {
  const item = (id: string, title: string, count?: number) =>
    html`<li><a href="#${id}">${title}</a>${count !== undefined && html` <span class="muted">${grouped(count)}</span>`}</li>`;
  return html`<nav class="screen" aria-label="Contents"><ul class="contents">${item('clients', 'Clients')}${item('trend', 'Trend')}${SECTIONS.map((section) => item(section, sectionTitle(section), counts[section]))}${item('break-glass', 'Break-glass users', breakGlassCount)}${item('resets', 'Resets', resetCount)}</ul></nav>
`;
}
