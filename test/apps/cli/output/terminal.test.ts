import { describe, expect, test } from 'vitest';
import { terminalOf } from '../../../../src/apps/cli/output/terminal.ts';
import { plainStyle } from '../../../../src/core/layout/style.ts';

const tty = { isTTY: true, columns: 93 };
const pipe = { columns: 93 };

describe('colour', () => {
  test.each([
    ['on a terminal', tty, {}, undefined, true],
    ['not on a pipe', pipe, {}, undefined, false],
    ['not with NO_COLOR', tty, { NO_COLOR: '1' }, undefined, false],
    ['NO_COLOR that is empty says nothing', tty, { NO_COLOR: '' }, undefined, true],
    ['not on a dumb terminal', tty, { TERM: 'dumb' }, undefined, false],
    ['where --color says so, on a pipe too', pipe, { NO_COLOR: '1' }, true, true],
    ['not where --no-color says so', tty, {}, false, false],
  ])('%s', (_, screen, environment, flag, colour) => {
    const { style } = terminalOf(screen, environment, flag);
    expect(style.red('x')).toBe(colour ? '\u001b[31mx\u001b[39m' : 'x');
    expect(style.glyphs).toBe(colour);
    if (!colour) expect(style).toBe(plainStyle);
  });

  test('each style is its own, and ends what it began', () => {
    const { style } = terminalOf(tty, {}, undefined);
    const painted = [style.bold, style.dim, style.red, style.green, style.yellow].map((paint) => paint('x'));
    expect(new Set(painted).size).toBe(5);
    for (const text of painted) expect(text).toMatch(/^\p{Cc}\[\d+mx\p{Cc}\[\d+m$/u);
  });
});

describe('width', () => {
  test.each([
    ['as the terminal says', tty, 93],
    ['80 where it does not', { isTTY: true }, 80],
    ['80 where it says none', { isTTY: true, columns: 0 }, 80],
    ['120 on a pipe, whatever it says', pipe, 120],
  ])('%s', (_, screen, width) => {
    expect(terminalOf(screen, {}, undefined)).toMatchObject({ width, isTerminal: screen !== pipe });
  });
});
