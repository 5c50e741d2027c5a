import { grouped } from '../../../../core/layout/html/chart.ts';
import { type Html, html } from '../../../../core/layout/html/escape.ts';
import { moment } from '../../../../core/report/html/words.ts';
import { type Archive, type ArchivedRun, archivedFileFlow } from '../../../../flows/administering/archive.ts';
import { REPORT_FORMATS } from '../../../../flows/reporting/report.ts';
import type { PortalOptions } from '../../options.ts';
import { note } from '../../page.ts';
import { type Desks, download, opened, unknownHere } from './desk.ts';
import { pager } from './parts.ts';

const TYPES = { csv: 'text/csv', json: 'application/json' } as const;

/** The files of kept reports, by the ids that the listing gives them: nothing of an address is ever the name of a file. */
export function keptReportRoutes(desks: Desks, { reports }: PortalOptions): void {
  for (const format of REPORT_FORMATS)
    desks.page(`/admin/reports/kept/:run/report.${format}`, async (desk) => {
      const id = desk.visit.c.req.param('run') ?? '';
      const kept = await archivedFileFlow(desk.by.world, reports, desk.account, { id, format });
      if (kept === undefined) return unknownHere(desk, 'report');
      if (format === 'html') return opened(desk, kept.content);
      return download(desk, kept.file, TYPES[format], kept.content);
    });
}

/** What lies in the folder of reports, as far as the reader may know; `older`: the id that the page follows. */
export function keptSection(archive: Archive, older: string): Html {
  return html`<section id="kept"><h2>Kept reports</h2>${archive.state === 'listed' ? listed(archive, older) : NOTHING[archive.state]}</section>`;
}

const NOTHING = {
  none: html`<p>No folder of reports is configured for this portal, so none is listed here.</p>`,
  unreadable: html`<p>The folder of reports cannot be read at present, so none is listed here. Whoever runs Padlock has to look whether it may be read.</p>`,
} as const;

function listed(archive: Extract<Archive, { state: 'listed' }>, older: string): Html {
  const { runs, more, wider, untold, keyless } = archive;
  return html`<p>Made by <code>padlock report</code>, newest first. A file is given out when its signature proves that nothing in it was changed.</p>
${keyless && note('The key that proves reports cannot be read at present. Until it can, no kept report is given out.')}
${runs.length === 0 ? html`<p>${older === '' ? 'There is none yet.' : 'There is none that is older.'}</p>` : keptTable(runs)}
${pager('/admin/reports', {}, ['older', older, more ? runs.at(-1)?.id : undefined])}
${wider > 0 && html`<p class="muted small">${wider === 1 ? 'One kept report is' : `${grouped(wider)} kept reports are`} on other accounts as well and not shown here, as people of those accounts stand in ${wider === 1 ? 'it' : 'them'}. <code>padlock report --account</code> makes one on this account alone.</p>`}
${untold > 0 && html`<p class="muted small">${untold === 1 ? 'One file does' : `${grouped(untold)} files do`} not say whom ${untold === 1 ? 'it is' : 'they are'} about and cannot be shown.</p>`}
${archive.older && html`<p class="muted small">There are still older ones in the folder, which were not looked at.</p>`}`;
}

function keptTable(runs: readonly ArchivedRun[]): Html {
  return html`<table class="kept"><caption class="hidden">Kept reports, newest first</caption>
<thead><tr><th scope="col">Made</th><th scope="col">Signature</th><th scope="col">Files</th></tr></thead>
<tbody>${runs.map(keptRow)}</tbody></table>`;
}

function keptRow({ id, generatedAt, wrong, files }: ArchivedRun): Html {
  const broken = files.filter((file) => file.wrong !== null);
  const given = files.filter((file) => file.wrong === null).toSorted((a, b) => (a.format === 'html' ? -1 : b.format === 'html' ? 1 : 0));
  const why = wrong ?? broken.map((file) => `${file.format.toUpperCase()}: ${file.wrong}`).join('; ');
  const link = ({ format }: (typeof files)[number]) => {
    const name = format.toUpperCase();
    const path = `/admin/reports/kept/${id}/report.${format}`;
    const of = html`<span class="hidden"> of ${moment(generatedAt)}</span>`;
    return format === 'html'
      ? html`<li><a href="${path}">Open ${name}${of}</a></li>`
      : html`<li><a href="${path}" download>${name}${of}</a></li>`;
  };
  return html`<tr><th scope="row">${moment(generatedAt)}</th>
<td data-label="Signature">${why === '' ? html`<span class="badge good">Holds</span>` : html`<span class="badge bad">${wrong === null ? 'Not for every file' : 'Not proven'}</span> ${why}`}</td>
<td data-label="Files">${given.length === 0 ? 'None is given out' : html`<ul class="files">${given.map(link)}</ul>`}</td></tr>
`;
}
