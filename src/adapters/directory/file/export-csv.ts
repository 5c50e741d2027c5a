import { kindsOf } from '../../../core/model/demand.ts';
import { scopeOf } from '../../../core/model/scope.ts';
import { guarded } from '../../../core/model/spreadsheet.ts';
import type { ExportRow } from '../rows/part.ts';

const HEADER = 'id,email,name,my_glue_account,role,active,type,local_password,sso,factors,last_sign_in,origin\r\n';
/** Characters gathered before they are given on. */
const CHUNK = 65_536;

/**
 * The CSV of people (RFC 4180), in chunks of text. What a spreadsheet would take for a formula gets an apostrophe in
 * front, which reading takes off.
 */
export async function* exportCsv(rows: AsyncIterable<ExportRow>, origin: string): AsyncGenerator<string> {
  let chunk = HEADER;
  for await (const row of rows) {
    chunk += line(row, origin);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

function line(row: ExportRow, origin: string): string {
  const cells = [
    row.externalId,
    row.address ?? '',
    row.name ?? '',
    scopeOf(row.scope).myGlueAccount ?? '',
    row.role,
    String(row.enabled),
    row.service ? 'service' : 'person',
    String(row.localPassword),
    String(row.sso),
    row.kinds === null ? '' : kindsOf(row.kinds).join(' ') || 'none',
    row.lastSignIn === null ? '' : new Date(row.lastSignIn).toISOString(),
    origin,
  ];
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(text: string): string {
  const cell = guarded(text);
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
