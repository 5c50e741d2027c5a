import { describe, expect, test } from 'vitest';
import { REASONS } from '../../../src/core/model/requirement.ts';
import { classify, FINDING_CLASSES } from '../../../src/core/report/classify.ts';

describe('each reason has one class', () => {
  test.each([
    ['disabled', 'not-applicable', 'not-applicable'],
    ['no-policy', 'not-required', 'not-required'],
    ['turned-off', 'not-required', 'not-required'],
    ['role-not-listed', 'not-required', 'not-required'],
    ['enrolled', 'enrolled', 'enrolled'],
    ['proven-upstream', 'upstream', 'upstream'],
    ['cannot-tell', 'unknown', 'unknown'],
    ['exempted', 'exempt', 'exempt'],
    ['report-only', 'missing', 'unknown'],
    ['within-grace', 'missing', 'unknown'],
    ['past-deadline', 'missing', 'unknown'],
  ] as const)('%s', (reason, enforceable, not) => {
    expect(classify({ reason, breakGlass: false }, true)).toBe(enforceable);
    expect(classify({ reason, breakGlass: false }, false)).toBe(not);
  });

  test('break-glass members are apart, whatever holds for them', () => {
    const found = REASONS.flatMap(({ reason }) => [
      classify({ reason, breakGlass: true }, true),
      classify({ reason, breakGlass: true }, false),
    ]);
    expect(new Set(found)).toEqual(new Set(['break-glass']));
  });

  test('every class is one of the list', () => {
    for (const { reason } of REASONS) expect(FINDING_CLASSES).toContain(classify({ reason, breakGlass: false }, true));
  });
});
