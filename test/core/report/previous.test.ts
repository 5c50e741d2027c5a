import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reportJson } from '../../../src/core/report/json.ts';
import { isFault, readPreviousHead } from '../../../src/core/report/previous.ts';
import { headOf } from './html/page.ts';
import { gather, OPEN } from './northwind.ts';

const head = headOf();
const FILE = 'padlock-2026-11-13T080000Z.json';
const firstLine = async () => (await gather(reportJson(head, OPEN, OPEN.length, async () => null))).join('').split('\n')[0] ?? '';
const edited = async (edit: (report: Record<string, unknown>) => unknown) => {
  const report = JSON.parse(`${await firstLine()}]}`) as Record<string, unknown>;
  const { people: _, ...rest } = report;
  return `${JSON.stringify(edit(rest) ?? rest).slice(0, -1)},"people":[`;
};

test('what a report writes is what the next one reads', async () => {
  const read = readPreviousHead(FILE, await firstLine());
  if (isFault(read)) throw new Error(read.why);
  expect(read).toMatchObject({ file: FILE, generatedAt: head.generatedAt, account: null, version: '0.1.0', compliant: false });
  expect(read.total).toEqual(head.summary.total);
  expect([...read.scopes.keys()]).toEqual(head.summary.scopes.map(({ facts }) => facts.scope));
  expect(read.scopes.get('northwind')).toMatchObject({ enforced: true, compliant: false, overdue: 5 });
});

describe('what is not a report, or a damaged one, says so and is not believed', () => {
  test.each([
    ['empty', '', 'not a report that this padlock wrote'],
    ['another file', '{"people":[{"name":"x"}]}', 'not a report that this padlock wrote'],
    ['cut off within the head', '{"apiVersion":"padlock.dev/v1alpha1","people":[', 'not a report that this padlock wrote'],
    ['no JSON', 'people,"people":[', 'damaged: not JSON'],
    ['a list', '[1,"people":[', 'damaged: not JSON'],
  ])('%s', (_, line, why) => {
    const read = readPreviousHead(FILE, line);
    expect(isFault(read) && read.why).toContain(why);
  });

  test.each([
    ['a foreign kind', (r: Record<string, unknown>) => ({ ...r, kind: 'Other' })],
    ['a time that is none', (r: Record<string, unknown>) => ({ ...r, generatedAt: 'yesterday' })],
    ['an account that is a number', (r: Record<string, unknown>) => ({ ...r, account: 5 })],
    ['a verdict that is a word', (r: Record<string, unknown>) => ({ ...r, compliant: 'yes' })],
    ['figures that are missing', (r: Record<string, unknown>) => ({ ...r, total: null })],
    ['a figure that is negative', (r: Record<string, unknown>) => ({ ...r, total: { ...(r['total'] as object), overdue: -1 } })],
    ['a sum that is wrong', (r: Record<string, unknown>) => ({ ...r, total: { ...(r['total'] as object), members: 63 } })],
    ['scopes that are no list', (r: Record<string, unknown>) => ({ ...r, scopes: {} })],
    ['a scope without a name', (r: Record<string, unknown>) => ({ ...r, scopes: [{ ...(r['scopes'] as object[])[0], scope: 7 }] })],
  ])('%s', async (_, edit) => {
    const read = readPreviousHead(FILE, await edited(edit));
    expect(isFault(read)).toBe(true);
  });

  test('whatever text it is, it is answered', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(isFault(readPreviousHead(FILE, text))).toBe(true);
        expect(isFault(readPreviousHead(FILE, `${text.slice(0, -1)},"people":[`))).toBe(true);
      }),
    );
  });
});
