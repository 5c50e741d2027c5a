import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainStyle } from '../../../src/core/layout/style.ts';
import { widthOf } from '../../../src/core/layout/width.ts';
import { renderStatusText, statusJson } from '../../../src/core/report/padlock-list.ts';
import { summarize } from '../../../src/core/report/summary.ts';
import { renderReportText } from '../../../src/core/report/text.ts';
import { COMPARISON, headOf } from './html/page.ts';
import { COUNTS, count, facts, HELD, member, NOW, OPEN, reset, SCOPES } from './northwind.ts';

const summary = summarize(SCOPES, COUNTS, HELD);
const report = (width: number) => [
  ...renderReportText(headOf({ resets: [reset(), reset({ outcome: 'Held' })] }), COMPARISON, { width, style: plainStyle }),
];
const list = { now: NOW, summary, people: OPEN, count: 23 };
const status = (width: number, style = plainStyle) => [...renderStatusText(list, { width, style })];
const golden = (name: string) => `${import.meta.dirname}/../../golden/report/${name}.txt`;

test.each([120, 80, 60])('golden texts at %d columns', async (width) => {
  await expect(`${report(width).join('\n')}\n`).toMatchFileSnapshot(golden(`report-${width}`));
  await expect(`${status(width).join('\n')}\n`).toMatchFileSnapshot(golden(`status-${width}`));
});

describe('DEC-01: a scope in ReportOnly is never shown as protected', () => {
  test.each([120, 60])('in the report at %d columns', (width) => {
    const text = report(width).join(' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain('myglue clinic report only, not enforced');
    expect(text).toContain('enforced 0 · would satisfy 6 · would be locked out 4');
  });

  test('in the list', () => {
    expect(status(120).find((line) => line.startsWith('  clinic'))).toMatch(/report only +10 +10 +6 +4 +0 +0/);
  });
});

describe('the list', () => {
  test('tells how many more there are, and nothing when all are named', () => {
    expect(status(120).at(-1)).toBe('    … and 16 more (--names all)');
    const whole = [...renderStatusText({ ...list, count: OPEN.length }, { width: 120, style: plainStyle })];
    expect(whole.join('\n')).not.toContain('more');
  });

  test('has pictures only where the style allows, and the word always', () => {
    expect(status(120).join('')).not.toMatch(/\p{Emoji_Presentation}/u);
    expect(status(120, { ...plainStyle, glyphs: true }).join('\n')).toMatch(/🔓 open .*\n/u);
  });

  test('sets accounts apart', () => {
    const scopes = [facts('northwind'), facts('southwind')];
    const two = summarize(scopes, [], new Map(scopes.map(({ scope }) => [scope, 0])));
    const lines = [...renderStatusText({ now: NOW, summary: two, people: [], count: 0 }, { width: 100, style: plainStyle })];
    expect(lines.filter((line) => line.startsWith('scope'))).toHaveLength(2);
    expect(lines.at(-1)).toBe('2 of 2 scopes enforced · 0 padlocks not closed · 2026-11-20T08:00:00Z');
  });

  test('shows unknown as a column only where there is any', () => {
    const known = summarize([facts('northwind')], [count('northwind', 'enrolled', 1)], new Map([['northwind', 1]]));
    const lines = [...renderStatusText({ now: NOW, summary: known, people: [], count: 0 }, { width: 80, style: plainStyle })];
    expect(lines[0]).not.toContain('unknown');
    expect(status(120)[0]).toContain('unknown');
  });

  test('for programs: the same figures, and the rows of a report', async () => {
    await expect(`${JSON.stringify(statusJson(list), null, 2)}\n`).toMatchFileSnapshot(
      `${import.meta.dirname}/../../golden/report/status.json`,
    );
    expect(statusJson(list)).toMatchObject({ peopleCount: 23, enforcedScopes: 1, people: OPEN.map(({ address }) => ({ address })) });
  });
});

test('every line fits the width, whatever people and clients are called', () => {
  const name = fc.string({ unit: 'grapheme', maxLength: 80 });
  fc.assert(
    fc.property(fc.integer({ min: 40, max: 140 }), name, name, (width, address, title) => {
      const scopes = SCOPES.map((scope) => ({ ...scope, title }));
      const named = summarize(scopes, COUNTS, HELD);
      const people = [...OPEN, member('northwind', 'x', 'past-deadline')].map((row) => ({ ...row, address, provenBy: title }));
      const lines = [
        ...renderStatusText({ now: NOW, summary: named, people, count: 99 }, { width, style: { ...plainStyle, glyphs: true } }),
        ...renderReportText(headOf({ summary: named, people: [{ account: title, held: 1, considered: 1 }] }), COMPARISON, {
          width,
          style: plainStyle,
        }),
      ];
      for (const line of lines) {
        expect(widthOf(line)).toBeLessThanOrEqual(width);
        expect(/undefined|NaN/.test(address + title) || !/undefined|NaN/.test(line)).toBe(true);
      }
    }),
  );
});
