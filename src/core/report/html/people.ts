import { grouped } from '../../layout/html/chart.ts';
import { type Html, html, type Piece } from '../../layout/html/escape.ts';
import type { ExemptionRecord, JudgedMembership, ScopeFacts } from '../../model/findings.ts';
import type { ScopeKey } from '../../model/scope.ts';
import { scopeOf } from '../../model/scope.ts';
import { classify } from '../classify.ts';
import type { ReportHead } from '../head.ts';
import type { Rows } from '../rows.ts';
import { moment, momentOr, scopeName, who } from './words.ts';

/** What the sections of people are, in their order. */
export const SECTIONS = ['overdue', 'missing', 'exempt', 'unknown'] as const;
export type Section = (typeof SECTIONS)[number];

/** People to be named, by section, scope after scope. */
export type Named = Readonly<Record<Section, readonly JudgedMembership[]>>;

/** Sorts people into the sections; who belongs to none is left out. */
export async function sortPeople(rows: Rows, factsOf: ReadonlyMap<ScopeKey, ScopeFacts>): Promise<Named> {
  const named: Record<Section, JudgedMembership[]> = { overdue: [], missing: [], exempt: [], unknown: [] };
  for await (const row of rows) {
    const found = classify(row, factsOf.get(row.scope)?.enforceable ?? false);
    if (found === 'missing') named[row.reason === 'past-deadline' ? 'overdue' : 'missing'].push(row);
    else if (found === 'exempt' || found === 'unknown') named[found].push(row);
  }
  return named;
}

interface Column {
  readonly heading: string;
  readonly cell: (row: JudgedMembership, facts: ScopeFacts, exemption: ExemptionRecord | undefined) => Piece;
}

const WHERE: Column = {
  heading: 'Client and role',
  cell: (row, facts) => html`<bdi>${scopeName(facts)}</bdi><br><span class="muted small">${row.role}</span>`,
};
const LAST: Column = { heading: 'Last sign-in', cell: (row) => momentOr(row.lastSignIn, 'never, or not known') };

const TEXTS: Readonly<
  Record<Section, { readonly title: string; readonly says: string; readonly none: string; readonly columns: readonly Column[] }>
> = {
  overdue: {
    title: 'Overdue',
    says: 'MFA is required of them, their deadline has passed, and they have no factor that counts.',
    none: 'Nobody is overdue.',
    columns: [WHERE, { heading: 'Overdue since', cell: overdueSince }, LAST],
  },
  missing: {
    title: 'Not enrolled, not overdue',
    says: 'They have no factor that counts: they may still postpone it, or nothing is enforced where they are.',
    none: 'Nobody else is without a factor.',
    columns: [
      WHERE,
      {
        heading: 'What holds',
        cell: (row) =>
          row.reason === 'report-only'
            ? 'report only: would be locked out'
            : html`to enroll by ${momentOr(row.deadline, 'the next sign-in')}`,
      },
      LAST,
    ],
  },
  exempt: {
    title: 'Exempt',
    says: 'They have no factor that counts, and an exemption is in force. None is for ever.',
    none: 'No exemption is in use.',
    columns: [WHERE, { heading: 'Why', cell: (row, _, exemption) => why(row, exemption) }, { heading: 'In force', cell: inForce }],
  },
  unknown: {
    title: 'Not evaluated',
    says: 'Whether they are protected cannot be told. They are counted neither as protected nor as missing.',
    none: 'Everybody could be evaluated.',
    columns: [WHERE, { heading: 'Why not', cell: (row, facts) => whyUnknown(row, facts) }],
  },
};

/** One section: its people in a table, and how many more there are, with where to find them. */
export function* peopleSection(
  section: Section,
  people: readonly JudgedMembership[],
  count: number,
  factsOf: ReadonlyMap<ScopeKey, ScopeFacts>,
  head: ReportHead,
): Generator<Html> {
  const { title, says, none, columns } = TEXTS[section];
  yield html`<section aria-labelledby="${section}"><h2 id="${section}">${title} <span class="muted">${grouped(count)}</span></h2>
`;
  if (count === 0) {
    yield html`<p class="empty">${none}</p></section>
`;
    return;
  }
  yield html`<p>${says}</p>${count > people.length && rest(people.length, count, head)}
<table><thead><tr><th scope="col">Who</th>${columns.map(({ heading }) => html`<th scope="col">${heading}</th>`)}</tr></thead><tbody>
`;
  const exemptions = new Map(head.exemptions.map((exemption) => [`${exemption.account} ${exemption.document}`, exemption]));
  for (const row of people) {
    const facts = factsOf.get(row.scope);
    if (facts === undefined) continue;
    const exemption = exemptions.get(`${scopeOf(row.scope).account} ${row.exemption ?? ''}`);
    const cells = columns.map(({ heading, cell }) => html`<td data-label="${heading}">${cell(row, facts, exemption)}</td>`);
    yield html`<tr><th scope="row">${who(row)}</th>${cells}</tr>
`;
  }
  yield html`</tbody></table></section>
`;
}

/** What a section is called where it is linked to. */
export function sectionTitle(section: Section): string {
  return TEXTS[section].title;
}

function rest(shown: number, count: number, { files }: ReportHead): Html {
  const csv = files['csv'];
  const where = csv === undefined ? html`a report as CSV (<code>padlock report --format csv</code>)` : html`<code>${csv}</code>`;
  return html`<p class="note warn">The first <strong>${grouped(shown)}</strong> of <strong>${grouped(count)}</strong> are named here, by client and address; all of them stand in ${where}.</p>`;
}

function overdueSince(row: JudgedMembership): Piece {
  const since = momentOr(row.deadline, 'the requirement began');
  return row.reenabled === null
    ? since
    : html`${since}<br><span class="muted small">re-enabled on ${moment(row.reenabled)}: the old deadline stands</span>`;
}

function why(row: JudgedMembership, exemption: ExemptionRecord | undefined): Html {
  const ticket = exemption?.ticket ?? null;
  return html`${exemption?.reason ?? 'the document does not say any more'}${ticket !== null && html` · <bdi>${ticket}</bdi>`}<br><span class="muted small">${row.exemption}</span>`;
}

function inForce(row: JudgedMembership, _: ScopeFacts, exemption: ExemptionRecord | undefined): Html {
  const by = exemption?.by ?? null;
  const put =
    by === null
      ? 'who put it in force is not recorded'
      : html`put in force by <bdi>${by.subject}</bdi> (${by.channel})${(exemption?.at ?? null) !== null && html` on ${momentOr(exemption?.at ?? null, '')}`}`;
  return html`${momentOr(row.exemptFrom, 'now')} until ${momentOr(row.exemptUntil, 'it is withdrawn')}<br><span class="muted small">${put}</span>`;
}

function whyUnknown(row: JudgedMembership, facts: ScopeFacts): string {
  if (row.reason === 'cannot-tell') {
    return facts.enrollment === 'directory'
      ? 'the imported directory does not say what is enrolled'
      : 'the enforcer cannot tell what is enrolled';
  }
  return 'no factor is known, and nothing enforces here: what protects them elsewhere cannot be seen';
}
