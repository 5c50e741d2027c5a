import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../../src/core/plan/plan.ts';
import { COMMENT_LIMIT, renderPlanMarkdown } from '../../../../src/core/plan/renderers/markdown.ts';
import * as northwind from './northwind.ts';
import { everything, impact, nothing, plan, resetChange, scopeChange, shortenedAndHeld, verdict } from './northwind.ts';

const lines = (of: Plan, more: object = {}) => [...renderPlanMarkdown(of, { names: 5, ...more })];
const text = (of: Plan, more: object = {}) => `${lines(of, more).join('\n')}\n`;
const units = (of: string) => [of.length, Buffer.byteLength(of)] as const;

it.each([
  ['shortened-and-held', shortenedAndHeld],
  ['nothing', nothing],
  ['everything', everything],
])('as a comment: %s', async (name, of) => {
  await expect(text(of)).toMatchFileSnapshot(`../../../golden/plan/${name}.md`);
});

it('the summary stands first, and what an apply did in it', () => {
  expect(lines(shortenedAndHeld)[0]).toBe('### padlock plan: 2 changes, 1 held by a guard');
  expect(lines(shortenedAndHeld)[2]).toContain('**12** newly required · **9** of them not enrolled · **14** overdue at once');
  expect(lines(shortenedAndHeld, { title: 'applied 1 change · 1 held' })[2]).toBe('**applied 1 change · 1 held**');
  expect(lines(nothing)[0]).toBe('### padlock plan: no changes');
});

it('scopes that change come before those that only stand there, and held ones say so', () => {
  const headings = lines(everything).filter((line) => line.startsWith('#### '));
  expect(headings.map((h) => h.replace(/^#### /, '')).slice(0, 5)).toEqual([
    'myglue `clinic` of `northwind`',
    'myglue `garage` of `northwind`',
    'account `southwind`',
    '✗ held: myglue `dairy` of `southwind`',
    'myglue `bakery` of `northwind`',
  ]);
});

it('every refusal that can be lifted has its override, folded away, where the remedy says', () => {
  const said = text(shortenedAndHeld);
  expect(said).toContain('lift it with the GuardOverride below, or give a gracePeriod');
  expect(said).toMatch(
    /<details>\n<summary>the GuardOverride that lifts it<\/summary>\n\n```yaml\napiVersion: [^`]+guard: overdue-at-once[^`]+```\n\n<\/details>/,
  );
  const suspended = scopeChange('northwind', {
    action: 'update',
    held: true,
    verdicts: [verdict({ guard: 'suspended', outcome: 'refused', message: 'changes are held', remedy: 'wait' })],
  });
  expect(text(plan({ scopes: [suspended] }))).not.toContain('<details>');
});

describe('the limit of a comment', () => {
  const big = (count: number, name = (i: number) => `client-${i}`) =>
    plan({
      scopes: Array.from({ length: count }, (_, i) =>
        scopeChange(`northwind/${name(i)}`, {
          action: 'update',
          edits: [{ field: 'gracePeriod', before: '30d', after: '7d', place: 'policies/account.yaml:12' }],
          impact: impact({
            members: 50,
            enrolled: 10,
            overdueAtOnce: 40,
            names: Array.from({ length: 40 }, (__, n) => ({
              scope: '',
              group: 'overdue' as const,
              user: `person-${n}@client-${i}.example`,
              role: 'Editor' as const,
              deadline: null,
            })),
          }),
          held: i % 10 === 9,
          verdicts:
            i % 10 === 9
              ? [verdict({ guard: 'weakened', scope: `northwind/${name(i)}`, outcome: 'refused', message: 'less', remedy: 'keep' })]
              : [],
        }),
      ),
      resets: Array.from({ length: 900 }, (_, i) => resetChange({ requestId: `lost-${i}`, reason: 'phone' })),
      unknownUsers: Array.from({ length: 900 }, (_, i) => ({ called: `ghost-${i}`, place: 'policies/exemptions.yaml:9' })),
      counts: { changes: count, held: count / 10, unchanged: 0 },
    });

  it('is kept in UTF-16 units and in bytes, and what is left out is counted', () => {
    const said = text(big(1000));
    for (const count of units(said)) expect(count).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(units(said)[1]).toBeGreaterThan(COMMENT_LIMIT * 0.95);
    const shown = said.match(/^#### (✗ held: )?myglue/gm)?.length ?? 0;
    const [, more, held] = /… and (\d+) more scopes, (\d+) of them held/.exec(said) ?? [];
    expect(shown + Number(more)).toBe(1000);
    expect((said.match(/^#### ✗ held/gm)?.length ?? 0) + Number(held)).toBe(100);
    const resets = said.match(/^- .*`lost-\d+`/gm)?.length ?? 0;
    expect(said).toContain(`- … and ${900 - resets} more`);
    expect(said).toContain('plan <code>');
  });

  it('what fits whole is not cut', () => {
    const said = text(big(10), { limit: 1_000_000 });
    expect(said).not.toContain('more scope');
    expect(said).not.toMatch(/^- … and/m);
  });

  it('is cut between scopes alone: no block is ever left open', () => {
    for (let limit = 2_000; limit < 40_000; limit += 371) {
      const said = text(
        big(60, (i) => `kunde-${i}`),
        { limit },
      );
      expect(Buffer.byteLength(said)).toBeLessThanOrEqual(limit);
      expect(said.match(/<details>/g)?.length).toBe(said.match(/<\/details>/g)?.length);
      expect((said.match(/^```/gm)?.length ?? 0) % 2).toBe(0);
    }
  });

  it('names give way before a scope does', () => {
    const said = text(big(1), { names: 'all', limit: 1_500 });
    expect(said).toContain('overdue at once: 40\n');
    expect(said).not.toContain('person-');
    expect(text(big(1), { names: 'all', limit: 200_000 })).toContain('person-39@');
  });
});

describe('texts from documents and the directory take no effect', () => {
  /** What stands outside of code: fenced blocks and code spans are taken out, as a reader of Markdown does. */
  const effective = (markdown: string) =>
    markdown
      .replace(/^```yaml\n[\s\S]*?^```$/gm, '')
      .replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')
      .replace(
        /^<\/?details>$|^<summary>the GuardOverride that lifts it<\/summary>$|<br>|^<sub>plan <code>[0-9a-f]+<\/code><\/sub>$/gm,
        '',
      );

  const hostile = fc.oneof(
    fc.constantFrom(
      '@everyone',
      '</details><script>alert(1)</script>',
      '[x](http://evil.example)',
      '![](http://evil.example/p.png)',
      '`',
      '``` ',
      '\n# heading\n',
      '| a |',
      '#1',
      'GH-1',
      '&lt;',
      '<!-- ',
      'http://evil.example',
      '\u202e',
      '```\n</details>',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom('`', '@', '<', '>', '\n', 'a', ' ', '[', ']', '(', ')', '\\', '*', '_', '#', '|', '&', ';', '!', '-'),
      maxLength: 30,
    }),
  );

  it('no mention, link, picture, reference, HTML or mark of their own, wherever they stand', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (a, b, c) => {
        const of = plan({
          scopes: [
            scopeChange('northwind', {
              action: 'update',
              place: `${a}:1`,
              edits: [{ field: 'enrollment', before: b, after: c, place: `${c}:3` }],
              impact: impact({
                members: 1,
                overdueAtOnce: 1,
                names: [{ scope: 'northwind', group: 'overdue', user: a, role: 'Lite', deadline: null }],
              }),
              verdicts: [verdict({ guard: 'weakened', outcome: 'overridden', message: b, remedy: `overridden by x: ${c}` })],
            }),
          ],
          resets: [resetChange({ requestId: a, user: b, reason: c })],
          unknownUsers: [{ called: c, place: a }],
          documents: [
            {
              kind: 'MfaExemption',
              name: a,
              previousName: null,
              account: 'northwind',
              scope: null,
              action: 'create',
              edits: [],
              before: null,
              after: { users: [b], reason: c, expiresAt: '2027-01-01T00:00:00Z' },
              source: null,
              version: null,
              place: b,
            },
          ],
        });
        const left = effective(text(of));
        expect(left).not.toMatch(/[@<>[\]\\|`&]|https?:|www\.|#\d|GH-\d/i);
        // Every line is one of ours: a heading, an item, the summary, or empty.
        for (const line of left.split('\n')) expect(line).toMatch(/^$|^#{3,4} |^ {0,2}- |^\*\*|^\d+ scope/);
      }),
      { numRuns: 500 },
    );
  });
});

it('the fixtures are all rendered', () => {
  const plans = Object.values(northwind).filter((v): v is Plan => typeof v === 'object' && 'scopes' in v);
  for (const of of plans) expect(lines(of).at(-1)).toContain(of.digest.slice(0, 12));
});
