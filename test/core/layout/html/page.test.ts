import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { pageEnd, pageStart } from '../../../../src/core/layout/html/page.ts';
import { TONES } from '../../../../src/core/layout/html/tokens.ts';

const page = pageStart({ title: 'Bread & <Co>', generator: 'padlock 0.1.0', style: '.own{color:red}' }) + pageEnd;

test('carries a policy that allows its own style, by hash, and nothing else', () => {
  const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  expect(policy).toBe(
    `default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
  );
  expect(style).toContain('.own{color:red}');
});

test('fetches nothing, runs nothing, and has no style attribute, which the policy would refuse', () => {
  expect(page).not.toMatch(/<script|https?:|url\((?!#)|@import|\sstyle=|\son\w+=/i);
});

test('escapes its title', () => {
  expect(page).toContain('<title>Bread &amp; &lt;Co&gt;</title>');
});

test('every tone has a colour in light and in dark', () => {
  for (const tone of TONES) expect(page.match(new RegExp(`--${tone}:#`, 'g'))).toHaveLength(3);
});
