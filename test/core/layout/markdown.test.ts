import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, details, inlineCode, inlineText } from '../../../src/core/layout/markdown.ts';

describe('a text as code', () => {
  it.each([
    ['ada@northwind.example', '`ada@northwind.example`'],
    ['', ''],
    ['   ', ''],
    ['`', '`` ` ``'],
    ['a`b', '``a`b``'],
    ['``', '``` `` ```'],
    ['a```b`', '```` a```b` ````'],
    ['one\ntwo', '`one\uFFFDtwo`'],
    ['\u202Eevil', '`\uFFFDevil`'],
    ['<script>', '`<script>`'],
  ])('%j', (text, shown) => {
    expect(inlineCode(text)).toBe(shown);
  });

  it('no text ends its own fence, and every one stays on its line', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\n', '@', '|', '<') }), (text) => {
        const shown = inlineCode(text);
        if (shown === '') return;
        const fence = /^`+/.exec(shown)?.[0] ?? '';
        const inner = shown.slice(fence.length, -fence.length);
        expect(shown.endsWith(fence)).toBe(true);
        for (const [run] of inner.matchAll(/`+/g)) expect(run.length).toBeLessThan(fence.length);
        expect(inner.startsWith('`') || inner.endsWith('`')).toBe(false);
        expect(shown).not.toContain('\n');
      }),
    );
  });
});

describe('a text in a sentence', () => {
  it.each([
    '9 of 12 members (75 %), limit 25 %',
    'gracePeriod 30d → 7d',
    'wait until then, or take suspend away by itself, apply that, and plan again; the requirement stays in force',
    "by the account's own",
    'documents gone. Kept: all',
  ])('harmless, as it is: %s', (text) => {
    expect(inlineText(text)).toBe(text);
  });

  it.each([
    '@everyone look',
    'see #12',
    'GH-12',
    'northwind/padlock#3',
    'https://evil.example',
    'www.evil.example',
    'a@b.example',
    '[click](javascript:alert(1))',
    '![x](y)',
    '<img src=x onerror=alert(1)>',
    '&lt;b&gt;',
    '*bold* _under_ ~~gone~~',
    '- a list',
    '1. a list',
    '1) a list',
    '> quoted',
    '# heading',
    '| a | b |',
    ':tada:',
    '$x^2$',
    'deadbeef1234',
    'a\\b',
    '---',
    ' leading',
    '==marked==',
  ])('as code: %s', (text) => {
    expect(inlineText(text)).toBe(inlineCode(text));
    expect(inlineText(text).startsWith('`')).toBe(true);
  });
});

it('what is folded away has its lines between blank ones, where Markdown is read again', () => {
  expect(details('more', ['- one'])).toEqual(['<details>', '<summary>more</summary>', '', '- one', '', '</details>']);
});

it('bytes are counted as they are written, and are never fewer than UTF-16 units', () => {
  expect(bytesOf(['abc', ''])).toBe(5);
  expect(bytesOf(['→'])).toBe(4);
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => bytesOf([text]) > text.length));
});
