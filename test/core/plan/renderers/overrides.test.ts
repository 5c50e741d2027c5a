import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readDocuments } from '../../../../src/core/documents/read.ts';
import { GUARDS } from '../../../../src/core/model/verdict.ts';
import { overrideFor, overridesOf } from '../../../../src/core/plan/renderers/overrides.ts';
import { NOW, plan, scopeChange, shortenedAndHeld, verdict } from './northwind.ts';

const refused = verdict({ guard: 'overdue-at-once', scope: 'northwind/bakery', outcome: 'refused' });

describe('an override', () => {
  test('is as it was agreed, ready to paste', async () => {
    const text = overrideFor(refused, NOW);
    await expect(text).toMatchFileSnapshot(`${import.meta.dirname}/../../../golden/plan/override.yaml`);
  });

  test('passes our own reader without a fault', () => {
    const text = overridesOf(shortenedAndHeld).join('---\n');
    const { documents, faults } = readDocuments([{ file: 'pasted.yaml', text }]);
    expect(faults).toEqual([]);
    expect(documents.map(({ kind }) => kind)).toEqual(['GuardOverride']);
  });

  test('lasts seven days from the plan, and names the scope alone', () => {
    const spec = (scope: string) => parse(overrideFor({ ...refused, scope }, NOW)).spec;
    expect(spec('northwind')).not.toHaveProperty('myGlueAccount');
    expect(spec('northwind/bakery')).toMatchObject({ account: 'northwind', myGlueAccount: 'bakery', expiresAt: '2026-11-27T08:00:00Z' });
  });

  test('has a digest that stays a text, whatever its digits', () => {
    for (const digest of ['123456789012', '1234567890e2', '000000000000']) {
      expect(parse(overrideFor({ ...refused, digest }, NOW)).spec.digest).toBe(digest);
    }
  });
});

test.each(GUARDS)('a refusal of %s has an override where one can lift it', (guard) => {
  const of = plan({ scopes: [scopeChange('northwind', { verdicts: [verdict({ guard, outcome: 'refused' })] })] });
  expect(overridesOf(of)).toHaveLength(['incomplete', 'orphaned', 'suspended'].includes(guard) ? 0 : 1);
});

test('what passed needs none; one refusal told of twice gets one', () => {
  const administrators = verdict({ outcome: 'refused' });
  const of = plan({
    scopes: [scopeChange('northwind', { verdicts: [administrators, verdict({ guard: 'weakened' })] })],
    verdicts: [administrators],
  });
  expect(overridesOf(of)).toHaveLength(1);
  expect(parseAllDocuments(overridesOf(of).join('---\n'))).toHaveLength(1);
});
