import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDocuments } from '../src/core/documents/read.ts';
import { conflictsAmong } from '../src/core/policy/conflicts.ts';
import { documentsOf, examplePolicies } from './flows/northwind.ts';

const ROOT = join(import.meta.dirname, '..');
const policies = examplePolicies();

describe('the example policies', () => {
  test.each(Object.entries(policies))('%s is valid, and editors find its schema', (file, text) => {
    expect(readDocuments([{ file, text }])).toMatchObject({ faults: [], skipped: [], count: 1 });
    const schema = /^# yaml-language-server: \$schema=(.+)\n/.exec(text)?.[1] ?? '';
    expect(existsSync(join(ROOT, dirname(file), schema)), schema).toBe(true);
    expect(schema.endsWith('padlock.schema.json')).toBe(true);
  });

  test('go together, and show every kind but an override', () => {
    const documents = documentsOf(policies);
    expect(conflictsAmong(documents)).toEqual([]);
    expect(documents.map((d) => d.kind).sort()).toEqual(
      ['ComplianceReport', 'MfaExemption', ...Array(4).fill('MfaPolicy'), 'MfaReset'].sort(),
    );
  });
});
