import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainStyle } from '../../../src/core/layout/style.ts';
import { widthOf } from '../../../src/core/layout/width.ts';
import type { ScopeFacts } from '../../../src/core/model/findings.ts';
import { REASONS, type Reason, type Requirement, reasonAt, reasonIndex } from '../../../src/core/model/requirement.ts';
import { type ExplainedMembership, explainJson, renderExplain } from '../../../src/core/report/explain.ts';
import { facts, NOW, TOTP } from './northwind.ts';

const ada = { userId: 17, externalId: 'x-ada', address: 'ada@northwind.example', name: 'Ada Lovelace' };

function membership(reason: Reason, more: Partial<ScopeFacts> = {}, requirement: Partial<Requirement> = {}): ExplainedMembership {
  const { state, rule } = reasonAt(reasonIndex(reason));
  return {
    facts: facts('northwind/bakery', more),
    role: 'Editor',
    kinds: reason === 'enrolled' ? TOTP : reason === 'cannot-tell' ? null : 0,
    requirement: {
      state,
      reason,
      rule,
      obligedSince: reason === 'within-grace' || reason === 'past-deadline' ? Date.parse('2026-10-01T00:00:00Z') : null,
      deadline:
        reason === 'within-grace'
          ? Date.parse('2026-12-01T00:00:00Z')
          : reason === 'past-deadline'
            ? Date.parse('2026-11-01T00:00:00Z')
            : null,
      exemptUntil: reason === 'exempted' ? Date.parse('2027-02-01T00:00:00Z') : null,
      document: reason === 'no-policy' ? null : 'bakery',
      file: reason === 'no-policy' ? null : 'policies/myglue/bakery.yaml',
      line: reason === 'no-policy' ? null : 9,
      ...requirement,
    },
  };
}

const render = (memberships: ExplainedMembership[], width = 100) => [
  ...renderExplain({ now: NOW, person: ada, memberships }, { width, style: plainStyle }),
];

test.each([
  ['portal', {}],
  ['report-only', { reportOnly: true }],
  ['unenforceable', { enforcer: 'none' }],
] as const)('golden: every reason, %s', async (name, more) => {
  const text = REASONS.flatMap(({ reason }) => render([membership(reason, more)])).join('\n');
  await expect(`${text}\n`).toMatchFileSnapshot(`${import.meta.dirname}/../../golden/explain/${name}.txt`);
});

test('five lines a membership, beneath its scope: what, where, which rule, when, what to do', () => {
  expect(render([membership('past-deadline')])).toEqual(
    [
      'ada@northwind.example · Ada Lovelace · user 17',
      'myglue bakery of northwind · Editor',
      '    holds     overdue: MFA is required, no allowed factor is enrolled',
      '    document  bakery · policies/myglue/bakery.yaml:9',
      '    rule      9 of 9: the deadline has passed',
      '    when      obliged since 2026-10-01T00:00:00Z · overdue since 2026-11-01T00:00:00Z',
      '    do        set up an authenticator or a passkey that the policy allows, at the next sign-in; no session is given before',
    ].flatMap((line) =>
      line.length <= 100
        ? [line]
        : [
            '    do        set up an authenticator or a passkey that the policy allows, at the next sign-in; no',
            '              session is given before',
          ],
    ),
  );
});

describe('DEC-01: in ReportOnly', () => {
  const holds = (reason: Reason) => render([membership(reason, { reportOnly: true })])[2];

  test('an enrolled person does not read like one who is not, and neither as protected', () => {
    expect(holds('enrolled')).toContain('would satisfy: enrolled with totp; nothing is enforced here: report only');
    expect(holds('report-only')).toContain('not enrolled: would be locked out');
    expect(holds('enrolled')).not.toContain('    holds     satisfied');
  });
});

test('where nobody can enforce, nothing reads as satisfied, and no sign-in is promised to be stopped', () => {
  const text = REASONS.flatMap(({ reason }) => render([membership(reason, { enforcer: 'none' })])).join('\n');
  expect(text).not.toMatch(/holds +satisfied/);
  expect(text).not.toContain('no session is given');
});

test('a member of nothing, and a person without address or name', () => {
  expect(render([]).at(-1)).toBe('a member of no scope: nothing is asked');
  const [first] = renderExplain(
    { now: NOW, person: { ...ada, address: null, name: null }, memberships: [] },
    { width: 80, style: plainStyle },
  );
  expect(first).toBe('x-ada · user 17');
});

test('every line fits, and none says undefined or null, whatever is known', () => {
  const instant = fc.option(fc.constant(NOW));
  fc.assert(
    fc.property(
      fc.constantFrom(...REASONS),
      fc.integer({ min: 40, max: 120 }),
      instant,
      instant,
      fc.boolean(),
      ({ reason }, width, deadline, obligedSince, reportOnly) => {
        for (const line of render([membership(reason, { reportOnly }, { deadline, obligedSince, line: null })], width)) {
          expect(widthOf(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/undefined|null|NaN/);
        }
      },
    ),
  );
});

test('for programs: the requirement as judged, instants as texts', async () => {
  const json = explainJson({
    now: NOW,
    person: ada,
    memberships: [membership('exempted'), membership('enrolled', { reportOnly: true }), membership('cannot-tell')],
  });
  await expect(`${JSON.stringify(json, null, 2)}\n`).toMatchFileSnapshot(`${import.meta.dirname}/../../golden/explain/explain.json`);
});
