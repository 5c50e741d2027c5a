import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainStyle } from '../../../../src/core/layout/style.ts';
import { widthOf } from '../../../../src/core/layout/width.ts';
import { RESET_OUTCOMES } from '../../../../src/core/model/applied.ts';
import type { Plan, ScopeChange } from '../../../../src/core/plan/plan.ts';
import { renderPlanText } from '../../../../src/core/plan/renderers/text.ts';
import { everything, impact, NOW, nothing, plan, resetChange, row, scopeChange, shortenedAndHeld, terms, verdict } from './northwind.ts';

const render = (of: Plan, width = 120, names: number | 'all' = 2) => [...renderPlanText(of, { width, names, style: plainStyle })];
const text = (of: Plan, width?: number, names?: number | 'all') => `${render(of, width, names).join('\n')}\n`;
const golden = (name: string) => `${import.meta.dirname}/../../../golden/plan/${name}.txt`;

describe('golden texts', () => {
  test.each([
    ['shortened-and-held', shortenedAndHeld, 120, 2],
    ['shortened-and-held-80', shortenedAndHeld, 80, 2],
    ['shortened-and-held-60-all-names', shortenedAndHeld, 60, 'all'],
    ['no-changes', nothing, 80, 2],
    ['everything', everything, 120, 10],
    ['everything-80', everything, 80, 10],
    ['everything-60', everything, 60, 2],
  ] as const)('%s', async (name, of, width, names) => {
    await expect(text(of, width, names)).toMatchFileSnapshot(golden(name));
  });

  test('the example that people were promised, line by line', () => {
    expect(render(shortenedAndHeld)).toEqual([
      'account northwind   ~ gracePeriod 30d → 7d                    policies/account.yaml:12',
      '    35 people · 22 enrolled · 13 not: 3 Lite, 1 Administrator · 2 exempt until 2027-02-01T00:00:00Z',
      '    overdue at once: 5   ada@northwind.example, ben@northwind.example, … (--names all)',
      'myglue  bakery      + require MFA, from the next sign-in      policies/myglue/bakery.yaml:5',
      '    12 people newly required · 9 not enrolled',
      '    ✗ overdue-at-once   9 of 12 members (75 %), limit 25 %',
      '      lift it with the GuardOverride that padlock plan --print-overrides writes, or give a gracePeriod',
      '✓ administrators   2 can sign in',
      '2 changes, 1 held by a guard · plan 3f9c1b…',
    ]);
  });
});

describe('what is told, and what is left out', () => {
  test('a plan without changes is one line; refusals are told even so', () => {
    expect(render(nothing)).toEqual(['no changes · 4 scopes as declared · plan 3f9c1b…']);
    const refused = { ...nothing, verdicts: [verdict({ outcome: 'refused', message: 'nobody can sign in', remedy: 'enroll one' })] };
    expect(render(refused).slice(0, 2)).toEqual(['✗ administrators   nobody can sign in', '  enroll one']);
  });

  test('a changed MyGlue account stands beneath its account, even where that stays as it is', () => {
    const lines = render(plan({ scopes: [scopeChange('northwind/bakery', { action: 'delete', after: null }), scopeChange('northwind')] }));
    expect(lines[0]).toBe('account northwind');
    expect(lines[1]).toMatch(/^myglue {2}bakery {6}- require MFA +policies/);
  });

  test('an account comes before its MyGlue accounts, whatever the order of the plan', () => {
    const scopes = ['northwind/bakery', 'northwind'].map((scope) => scopeChange(scope, { action: 'create', before: null }));
    const labels = render(plan({ scopes })).filter((line) => /^(account|myglue)/.test(line));
    expect(labels.map((line) => line.slice(0, 8).trim())).toEqual(['account', 'myglue']);
  });

  test('of ReportOnly, what turning it on would do; nothing that reads as enforced', () => {
    const change = scopeChange('northwind/clinic', {
      action: 'create',
      before: null,
      after: terms('northwind/clinic', { reportOnly: true }),
      impact: impact({
        members: 11,
        enrolled: 6,
        wouldBeRequired: 4,
        rows: [row('a', 'enrolled', 6), row('a', 'report-only', 4), row('a', 'disabled', 1)],
      }),
    });
    const said = text(plan({ scopes: [change] }));
    expect(said).toContain('report only: would require MFA of 10 people, 4 would be locked out');
    expect(said).not.toContain('newly required');
  });

  test('what the enforcer cannot do is told, each thing by itself', () => {
    const told = (unenforceable: ScopeChange['unenforceable']) => {
      const change = scopeChange('northwind', { action: 'create', before: null, unenforceable });
      return text(plan({ scopes: [change] }))
        .split('\n')
        .filter((line) => line.includes('unenforceable'))
        .map((line) => line.trim());
    };
    expect(told([])).toEqual([]);
    expect(told([{ field: 'requireMfa', enforcer: 'none', why: '' }])).toEqual([
      '! unenforceable: the enforcer is none, so nothing makes people enroll',
    ]);
    expect(told([{ field: 'gracePeriod', enforcer: 'portal', why: 'prompts nobody' }])).toEqual([
      '! unenforceable: gracePeriod, since the enforcer portal prompts nobody',
    ]);
  });

  test('held with the default that it comes from, where no guard of its own says so', () => {
    const held = (via: 'own' | 'default') =>
      text(plan({ scopes: [scopeChange('northwind/garage', { action: 'update', via, held: true })] }));
    expect(held('default')).toContain("    by the account's myGlueDefault\n");
    expect(held('default')).toContain('    ✗ held with the account whose default it is\n');
    expect(held('own')).toContain('    ✗ held by a guard of the account\n');
  });

  test.each(RESET_OUTCOMES)('a reset that is %s tells whose it is; a settled one is left out, but for one refused', (outcome) => {
    const said = (settled: boolean) => text(plan({ resets: [resetChange({ outcome, reason: 'so says ada@northwind.example', settled })] }));
    expect(said(false)).toMatch(/^reset {3}lost-phone-17 {3}[+!] .*ada@northwind\.example/);
    expect(said(false).includes('so says')).toBe(outcome !== 'Executed');
    expect(said(true).includes('lost-phone-17')).toBe(outcome === 'Refused');
  });

  test('an exemption that a guard holds says so, and whom one in force does not cover', () => {
    const leave = everything.documents.filter((d) => d.kind === 'MfaExemption').map((d) => ({ ...d, account: 'northwind' }));
    const held = text(plan({ documents: leave, exemptionsHeld: new Set(['northwind']) }));
    expect(held).toContain('\n    ✗ held by overdue-at-once');
    expect(text(plan({ documents: leave, exemptionsHeld: new Set(['southwind']) }))).not.toContain('held by');
    const unbound = text(plan({ unboundUsers: [{ called: 'new@northwind.example', place: 'policies/leave.yaml:6' }] }));
    expect(unbound).toContain('! new@northwind.example has no exemption in force (not known at the time, or removed by hand)');
    expect(unbound).toContain('any edit of the exemption');
  });

  test('a policy that changes without an effect on its scope has a line; one that its scope tells of has none', () => {
    expect(text(everything)).toContain('policy  northwind       ~ breakGlass: ben@northwind.example added');
    const scope = scopeChange('northwind', { action: 'update', edits: [] });
    expect(text({ ...everything, scopes: [scope] })).not.toContain('breakGlass');
  });

  test('a scope that only stands on another line is left out; one whose document is another is told', () => {
    const moved = (document: string) => {
      const after = terms('northwind', {
        origin: { ...terms('northwind').origin, document, lines: { ...terms('northwind').origin.lines, mode: 99 } },
      });
      return text(plan({ scopes: [scopeChange('northwind', { action: 'move', document, after, impact: impact({ members: 9 }) })] }));
    };
    expect(moved('northwind')).not.toContain('account');
    expect(moved('elsewhere')).toContain('account northwind   ~ declared by elsewhere now');
    expect(moved('elsewhere')).not.toContain('9 people');
  });

  test('a scope that comes to follow its account is told, though the document is called the same', () => {
    const after = terms('northwind/bakery', { origin: { ...terms('northwind/bakery').origin, via: 'default' } });
    const said = text(plan({ scopes: [scopeChange('northwind/bakery', { action: 'move', via: 'default', after })] }));
    expect(said).toContain('~ declared by northwind-bakery now');
    expect(said).toContain("by the account's myGlueDefault");
  });

  test('a policy that goes, so that the default holds, is told once', () => {
    const gone = {
      ...everything.documents[2],
      kind: 'MfaPolicy',
      scope: 'northwind/bakery',
      action: 'delete',
      name: 'own-bakery',
    } as Plan['documents'][number];
    const said = text(plan({ scopes: [scopeChange('northwind/bakery', { action: 'update', via: 'default' })], documents: [gone] }));
    expect(said).not.toContain('own-bakery');
  });

  test('an override that is used shows as such', () => {
    expect(text(everything)).toContain(
      '    ✓ weakened   MFA no longer required, 1 person (0 enrolled)\n      overridden by fair: agreed with the board\n',
    );
  });

  test('overrides follow the plan when asked for, as YAML documents', () => {
    const lines = [...renderPlanText(shortenedAndHeld, { width: 60, names: 2, style: plainStyle, overrides: true })];
    expect(lines.slice(lines.indexOf('---'), lines.indexOf('---') + 3)).toEqual([
      '---',
      'apiVersion: padlock.dev/v1alpha1',
      'kind: GuardOverride',
    ]);
    expect(render(shortenedAndHeld)).not.toContain('---');
  });
});

describe('names', () => {
  test('are cut at the cap, and all are there when asked for, those of a held scope too', () => {
    expect(text(shortenedAndHeld, 200, 2)).not.toMatch(/cleo|al@bakery/);
    expect(text(shortenedAndHeld, 200, 'all')).toMatch(/cleo@northwind.example \(Lite\)/);
    expect(text(shortenedAndHeld, 200, 'all')).toMatch(/ina@bakery.example/);
    expect(text(shortenedAndHeld, 200, 'all')).not.toContain('--names all');
  });

  test('stand with their own group', () => {
    const names = (['overdue', 'pending'] as const).map((group) => ({
      scope: 'northwind',
      group,
      user: group,
      role: 'Editor' as const,
      deadline: null,
    }));
    const change = scopeChange('northwind', {
      action: 'update',
      impact: impact({ overdueAtOnce: 1, pending: 1, firstDeadline: NOW, lastDeadline: NOW, names }),
    });
    const lines = render(plan({ scopes: [change] }), 120, 'all');
    expect(lines).toContain('    overdue at once: 1   overdue');
    expect(lines).toContain('    to enroll by 2026-11-20T08:00:00Z: 1   pending');
  });

  test('the store gave fewer than there are: the rest is counted', () => {
    const change = scopeChange('northwind', {
      action: 'update',
      impact: impact({ overdueAtOnce: 3, names: [{ scope: 'northwind', group: 'overdue', user: 'ada', role: 'Editor', deadline: null }] }),
    });
    expect(text(plan({ scopes: [change] }), 120, 'all')).toContain('overdue at once: 3   ada, … and 2 more');
    expect(text(plan({ scopes: [change] }), 120, 0)).toContain('overdue at once: 3   … (--names all)');
  });

  test('cannot steer the terminal', () => {
    const change = scopeChange('northwind', {
      action: 'update',
      document: 'a\u001b[2J',
      impact: impact({
        overdueAtOnce: 1,
        names: [{ scope: 'northwind', group: 'overdue', user: 'a\u001b[2Jb\r\n', role: 'Editor', deadline: null }],
      }),
    });
    expect(text(plan({ scopes: [change], unknownUsers: [{ called: '\u009b', place: 'a\u0007:1' }] }), 120, 'all')).not.toMatch(
      /[^\P{Cc}\n]/u,
    );
  });
});

test('every line fits the width, and none says undefined or NaN', () => {
  const called = fc.string({ unit: 'grapheme', maxLength: 60 });
  fc.assert(
    fc.property(
      fc.integer({ min: 40, max: 160 }),
      fc.constantFrom(shortenedAndHeld, nothing, everything),
      called,
      called,
      (width, of, name, place) => {
        const scopes = of.scopes.map((change) => ({
          ...change,
          document: name,
          place,
          impact: { ...change.impact, names: change.impact.names.map((n) => ({ ...n, user: name })) },
        }));
        const documents = of.documents.map((change) => ({ ...change, name, place }));
        for (const line of render({ ...of, scopes, documents, unknownUsers: [{ called: name, place }] }, width, 'all')) {
          expect(widthOf(line)).toBeLessThanOrEqual(width);
          expect(name.includes('undefined') || !/undefined|NaN|\[object/.test(line)).toBe(true);
        }
      },
    ),
  );
});

test('styles are painted on what was measured without them', () => {
  const mark = (text: string) => `<${text}>`;
  const style = { bold: mark, dim: mark, red: mark, green: mark, yellow: mark, glyphs: true };
  const painted = [...renderPlanText(everything, { width: 80, names: 2, style })].map((line) => line.replaceAll(/[<>]/g, ''));
  expect(painted).toEqual(render(everything, 80, 2));
});
