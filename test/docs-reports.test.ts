import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CONDITIONS } from '../src/core/report/protection.ts';

test('docs/reports.md has every condition of --fail-on, and no other', () => {
  const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'reports.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map((match) => [match[1], match[2]]);
  expect(rows).toEqual(Object.entries(CONDITIONS));
});
