import { grouped } from '../../../../core/layout/html/chart.ts';
import { type Html, html } from '../../../../core/layout/html/escape.ts';
import { moment, scopeName } from '../../../../core/report/html/words.ts';
import { protectionOf } from '../../../../core/report/protection.ts';
import type { ScopeSummary } from '../../../../core/report/summary.ts';
import { coverWord } from '../../../../core/report/text.ts';
import { archiveFlow } from '../../../../flows/administering/archive.ts';
import { summaryFlow } from '../../../../flows/administering/records.ts';
import { downloadFlow } from '../../../../flows/administering/report.ts';
import { REPORT_FORMATS, type ReportFormat } from '../../../../flows/reporting/report.ts';
import type { PortalOptions } from '../../options.ts';
import { type Desks, download, shown, unknownHere } from './desk.ts';
import { keptSection } from './kept-reports.ts';
import { linkTo, pager } from './parts.ts';

/** Scopes of a page. */
const SCOPES = 50;

const FORMATS: Readonly<Record<ReportFormat, readonly [words: string, type: string]>> = {
  html: ['HTML, to read and print', 'text/html'],
  csv: ['CSV, for spreadsheets', 'text/csv'],
  json: ['JSON, for programs', 'application/json'],
};

/** How every scope stands now, reports to take away, and those that earlier runs left. */
export function reportRoutes(desks: Desks, { version, reports }: PortalOptions): void {
  desks.page('/admin/reports', async (desk) => {
    const after = desk.query('after');
    const older = desk.query('older');
    const archive = await archiveFlow(desk.by.world, reports, desk.account, older);
    const { now, summary } = await summaryFlow(desk.by.world, desk.account);
    const begin = after === '' ? 0 : summary.scopes.findIndex(({ facts }) => facts.scope === after) + 1;
    const scopes = summary.scopes.slice(begin, begin + SCOPES);
    const more = begin + SCOPES < summary.scopes.length;
    const asked = protectionOf(summary.scopes);
    const downloads = (['html', 'csv', 'json'] as const).map(
      (format) => html`<li><a href="/admin/reports/report.${format}" download>${FORMATS[format][0]}</a></li>`,
    );
    const content = html`<p class="figure"><b>${grouped(asked.protected)} of ${grouped(asked.asked)}</b> who are asked for MFA are protected. ${verdict(summary.compliant)}</p>
<p class="muted small">${summary.enforcedScopes} of ${summary.scopes.length} scopes enforced · as it stands ${moment(now)}</p>
${table(scopes)}
${pager('/admin/reports', {}, ['after', after, more ? scopes.at(-1)?.facts.scope : undefined])}
<section><h2>Reports to take away</h2><p>Made when you ask, of the whole account. They name people: keep them where such lists belong. Signed ones, compared with the run before, are made by <code>padlock report</code>.</p>
<ul>${downloads}</ul></section>
${keptSection(archive, older)}`;
    return shown(desk, 'Reports', content);
  });
  for (const format of REPORT_FORMATS)
    desks.page(`/admin/reports/report.${format}`, async (desk) => {
      const made = await downloadFlow(desk.by.world, desk.account, format, version ?? 'portal');
      return made === undefined ? unknownHere(desk, 'report') : download(desk, made.file, FORMATS[format][1], made.chunks);
    });
}

function verdict(compliant: boolean | null): Html {
  if (compliant === null) return html`<span class="badge">Not evaluated</span>`;
  return compliant ? html`<span class="badge good">Compliant</span>` : html`<span class="badge bad">Not compliant</span>`;
}

function table(scopes: readonly ScopeSummary[]): Html {
  const head = ['Asked', 'Protected', 'Overdue', 'Pending', 'Exempt', 'Unknown'].map(
    (words) => html`<th scope="col" class="number">${words}</th>`,
  );
  return html`<table><caption class="hidden">Every scope as it stands now</caption>
<thead><tr><th scope="col">Scope</th><th scope="col">State</th>${head}</tr></thead>
<tbody>${scopes.map(row)}</tbody></table>`;
}

function row(scope: ScopeSummary): Html {
  const { facts, classes, overdue, pending, enforced, compliant } = scope;
  const { asked, protected: covered } = protectionOf([scope]);
  const people = (show: string) => linkTo('/admin/users', { scope: facts.scope, show });
  const number = (label: string, count: number, show?: string) =>
    html`<td class="number brief" data-label="${label}">${count > 0 && show !== undefined ? html`<a href="${people(show)}">${grouped(count)}</a>` : grouped(count)}</td>`;
  return html`<tr><th scope="row"><a href="${people('')}"><bdi>${scopeName(facts)}</bdi></a></th>
<td>${enforced ? verdict(compliant) : html`<span class="badge bad">${stateOf(scope)}: not enforced</span>`}</td>
${number('Asked', asked)}${number('Protected', covered)}${number('Overdue', overdue, 'overdue')}${number('Pending', pending, 'pending')}${number('Exempt', classes.exempt, 'exempt')}${number('Unknown', classes.unknown)}</tr>
`;
}

function stateOf(scope: ScopeSummary): string {
  const word = coverWord(scope);
  return word.charAt(0).toUpperCase() + word.slice(1);
}
