import { expect, test } from 'vitest';
import { fault, fine, warning } from '../../../src/core/doctor/check.ts';
import { checksJson, renderChecks } from '../../../src/core/doctor/render.ts';
import { plainStyle } from '../../../src/core/layout/style.ts';
import { widthOf } from '../../../src/core/layout/width.ts';

const CHECKS = [
  fine('config', 'holds'),
  fine('rights', 'cli "ops" is Administrator of northwind; 3 administrators can sign in'),
  warning('heads', 'the store is ahead of what is known outside, in northwind', 'the next command that writes tells it'),
  fault(
    'resets',
    'executed, and forgotten by the store: the factors that they removed are alive again',
    'do each again: padlock reset --redo ID --account NAME',
    ['r-7 of northwind, user 22, executed 2026-11-25T11:00:00Z'],
  ),
  fault(
    'factors',
    '12 of 35 cannot be opened',
    'restore the key file',
    Array.from({ length: 12 }, (_, i) => `person-${i}@northwind.example of northwind: totp, the key k1 is not in the key file`),
  ),
];

test('the golden text at 80 columns', async () => {
  const lines = [...renderChecks(CHECKS, { width: 80, style: plainStyle })];
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`${import.meta.dirname}/../../golden/doctor/doctor-80.txt`);
  for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(80);
});

test('programs get every detail, and what to do', () => {
  const { checks } = checksJson(CHECKS) as { checks: { details: string[]; fix: string | null }[] };
  expect(checks.map((c) => c.details.length)).toEqual([0, 0, 0, 1, 12]);
  expect(checks.map((c) => c.fix === null)).toEqual([true, true, false, false, false]);
});

test('all is well in one line', () => {
  expect([...renderChecks([fine('config', 'holds')], { width: 80, style: plainStyle })]).toEqual(['✓ config  holds', '1 check · no fault']);
});
