import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeHtml, html } from '../../../../src/core/layout/html/escape.ts';

describe('a text in a page', () => {
  test.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['" onload="x', '&quot; onload=&quot;x'],
    ["' onload='x", '&#39; onload=&#39;x'],
    ['Bread & Co', 'Bread &amp; Co'],
    ['&lt;', '&amp;lt;'],
    ['a\u202Egnp.exe', 'a\uFFFDgnp.exe'],
    ['a\u0000\u001b[2Jb', 'a\uFFFD\uFFFD[2Jb'],
    ['Zoë 山田 🔒', 'Zoë 山田 🔒'],
  ])('%j', (text, escaped) => {
    expect(escapeHtml(text)).toBe(escaped);
    expect(html`<td title="${text}">${text}</td>`.markup).toBe(`<td title="${escaped}">${escaped}</td>`);
  });

  test('never opens a tag, an attribute or an entity of its own, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});

test('markup stands as it is, lists in their order, and what is not there leaves nothing', () => {
  const item = html`<li>${'<'}</li>`;
  expect(html`<ul>${[item, item]}${null}${undefined}${false}${0}</ul>`.markup).toBe('<ul><li>&lt;</li><li>&lt;</li>0</ul>');
});
