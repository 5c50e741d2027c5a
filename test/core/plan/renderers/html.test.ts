import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../../src/core/plan/plan.ts';
import { renderPlanHtml } from '../../../../src/core/plan/renderers/html.ts';
import { everything, impact, nothing, plan, resetChange, scopeChange, shortenedAndHeld, verdict } from './northwind.ts';

const page = (of: Plan, names: number | 'all' = 5) => `${[...renderPlanHtml(of, { names, generator: 'padlock 0.0.0' })].join('\n')}\n`;
const body = (html: string) => html.slice(html.indexOf('<main'));

it.each([
  ['shortened-and-held', shortenedAndHeld],
  ['nothing', nothing],
  ['everything', everything],
])('the content of the page: %s', async (name, of) => {
  await expect(body(page(of))).toMatchFileSnapshot(`../../../golden/plan/${name}.html`);
});

describe('the page stands alone', () => {
  const html = page(everything);

  it('one document, a policy that allows no script and nothing from elsewhere', () => {
    expect(html.startsWith('<!doctype html>\n')).toBe(true);
    expect(html.match(/<html /g)).toHaveLength(1);
    expect(html.trimEnd().endsWith('</html>')).toBe(true);
    expect(html).toContain('default-src &#39;none&#39;');
    expect(html).not.toMatch(/<script|\son\w+=|\sstyle=|https?:\/\/|@import|url\((?!#)/);
  });

  it('every element that is opened is closed, in order', () => {
    const open: string[] = [];
    for (const [, end, name, self] of html.matchAll(/<(\/?)([a-z0-9]+)[^<>]*?(\/?)>/g)) {
      if (self === '/' || ['meta', 'link', 'br'].includes(name ?? '')) continue;
      if (end === '') open.push(name ?? '');
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it('every link leads to a scope of the page, and no id stands twice', () => {
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(4);
    for (const id of links) expect(ids).toContain(id);
  });
});

it('says the outcome in the title, the heading and the figures', () => {
  const html = page(shortenedAndHeld);
  expect(html).toContain('<title>Plan: 2 changes, 1 held by a guard</title>');
  expect(html).toContain('<h1>2 changes, 1 held by a guard</h1>');
  expect(html).toContain('<div><dt>newly required</dt><dd>12</dd></div>');
  expect(html).toContain('<div><dt>overdue at once</dt><dd>14</dd></div>');
});

it('a held scope is marked in words, and its override is ready, line by line', () => {
  const html = page(shortenedAndHeld);
  expect(html).toContain('<article id="scope-northwind-in-bakery" class="held">');
  expect(html).toContain('<span class="badge bad">held</span>');
  expect(html).toMatch(/<pre tabindex="0"[^>]*><code>apiVersion: padlock.dev\/v1alpha1\nkind: GuardOverride\n/);
  expect(html).toContain('lift it with the GuardOverride below, or give a gracePeriod');
});

it('names as many people as it is asked to, and counts the rest', () => {
  expect(page(shortenedAndHeld, 2)).toContain('and 3 more');
  expect(page(shortenedAndHeld, 'all')).toContain('ina@bakery.example');
  expect(page(shortenedAndHeld, 0)).toContain('<li class="muted">5 people</li>');
});

it('texts from documents and the directory are texts', () => {
  const evil = '"><img src=x onerror=alert(1)>\u202e</title><script>';
  const html = page(
    plan({
      scopes: [
        scopeChange('northwind', {
          action: 'update',
          place: evil,
          edits: [{ field: 'enrollment', before: evil, after: evil, place: evil }],
          impact: impact({
            members: 1,
            overdueAtOnce: 1,
            names: [{ scope: 'northwind', group: 'overdue', user: evil, role: 'Lite', deadline: null }],
          }),
          verdicts: [verdict({ guard: 'weakened', outcome: 'overridden', message: evil, remedy: evil })],
        }),
      ],
      resets: [resetChange({ requestId: evil, user: evil, reason: evil, place: evil })],
      unknownUsers: [{ called: evil, place: evil }],
    }),
  );
  expect(html).not.toMatch(/<img|<script|\u202e/);
  expect(html.match(/&lt;img src=x onerror=alert\(1\)&gt;/g)?.length).toBeGreaterThan(8);
});
