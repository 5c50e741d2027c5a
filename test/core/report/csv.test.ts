import { spawnSync } from 'node:child_process';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JudgedMembership } from '../../../src/core/model/findings.ts';
import { unguarded } from '../../../src/core/model/spreadsheet.ts';
import { csvHeader, csvRow, reportCsv } from '../../../src/core/report/csv.ts';
import { findingRow } from '../../../src/core/report/rows.ts';
import { facts, gather, member, OPEN, SCOPES } from './northwind.ts';

const all = async (chunks: AsyncIterable<string>) => (await gather(chunks)).join('');
const read = (text: string): Record<string, string>[] => parse(text, { bom: true, columns: true });
const one = (more: Partial<JudgedMembership>) =>
  read(csvHeader + csvRow(findingRow(member('northwind', 'ada', 'enrolled', more), facts('northwind'))))[0];

test('golden', async () => {
  await expect(await all(reportCsv(OPEN, SCOPES, OPEN.length))).toMatchFileSnapshot(
    `${import.meta.dirname}/../../golden/report/people.csv`,
  );
});

test('begins with a byte order mark, and ends each line with CR LF', async () => {
  const text = await all(reportCsv(OPEN, SCOPES, OPEN.length));
  expect(text.startsWith('\uFEFFaccount,myGlueAccount,')).toBe(true);
  expect(text.match(/\r\n/g)).toHaveLength(OPEN.length + 1);
  expect(text.endsWith('\r\n')).toBe(true);
});

test('every member of a row is a column, in its order', () => {
  const row = findingRow(member('northwind', 'ada', 'enrolled'), facts('northwind'));
  expect(csvHeader).toBe(`\uFEFF${Object.keys(row).join(',')}\r\n`);
});

describe('a cell that a spreadsheet would take for a formula', () => {
  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1', "=cmd|' /C calc'!A0"])('%j is taken for a text', (name) => {
    expect(one({ name })?.['name']).toBe(`'${name}`);
  });

  test.each(['ada', 'a=1', '1-1', ' ada ', 'Lovelace, Ada', 'the "first"', 'two\nlines', '', '山田'])('%j stays as it is', (name) => {
    expect(one({ name })?.['name']).toBe(name);
  });
});

test('another reader, of another language, gets the same cells: Python reads what was written', async () => {
  const names = ['=1+1', 'Lovelace, Ada', 'the "first"', 'two\nlines', 'two\r\nlines', '\tx', '山田', ' ada ', "it's", ''];
  const rows = names.map((name) => member('northwind', 'x', 'report-only', { name }));
  const script =
    "import csv, io, json, sys; print(json.dumps(list(csv.reader(io.TextIOWrapper(sys.stdin.buffer, 'utf-8-sig', newline=''), strict=True))))";
  const { stdout, stderr } = spawnSync('python3', ['-c', script], {
    input: await all(reportCsv(rows, SCOPES, rows.length)),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const [header = [], ...cells] = JSON.parse(stdout) as string[][];
  expect(cells.map((row) => row.length)).toEqual(cells.map(() => header.length));
  expect(cells.map((row) => row[header.indexOf('name')])).toEqual(["'=1+1", ...names.slice(1, 5), "'\tx", ...names.slice(6)]);
});

test('a spreadsheet that reads by semicolons, and knows no quotes within a cell, meets no formula', async () => {
  const names = [';=1+1', 'a;=1', 'a;"=1"', 'two\n=1', 'a\t@b', 'a; -1'];
  const rows = names.map((name) => member('northwind', 'x', 'report-only', { name }));
  const cells = (await all(reportCsv(rows, SCOPES, rows.length))).split(/[;\t\r\n]/);
  for (const cell of cells) expect(cell.replace(/^[\s"]*/, '')).not.toMatch(/^[=+\-@]/);
  expect(cells.length).toBeGreaterThan(names.length * 2);
});

test.each([
  [null, 'unknown'],
  [0, 'none'],
  [3, 'totp passkey'],
])('kinds %s are %s: not known never reads like none', (kinds, cell) => {
  expect(one({ kinds })?.['kinds']).toBe(cell);
});

test('what was written is what a reader gets back, whatever the texts', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[=+@",;\r\n a-]{0,8}$/));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, fc.option(text)), { maxLength: 20 }), async (people) => {
      const rows = people.map(([address, name]) => member('northwind', 'x', 'report-only', { address, name }));
      const found = read(await all(reportCsv(rows, SCOPES, rows.length)));
      expect(found.map((row) => [unguarded(row['address'] ?? ''), unguarded(row['name'] ?? '')])).toEqual(
        people.map(([address, name]) => [address, name ?? '']),
      );
      for (const cell of found.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^[=+\-@\t\r\n]|undefined/);
    }),
  );
});
