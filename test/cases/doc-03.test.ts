import { expect, test } from 'vitest';
import { readDocuments } from '../../src/core/documents/read.ts';

// DOC-03: merge keys are read by YAML 1.1 readers and are an ordinary key for 1.2 ones, so that nobody could tell which
// settings were in force. They are refused at their own place, and no policy comes through without what they held.
test.each([
  ['<<: &base {gracePeriod: 14d, roles: [Administrator]}', 1],
  ['<<: {account: northwind}', 1],
  ['<<: [{gracePeriod: 14d}, {roles: [Lite]}]', 1],
])('%s', (merge, count) => {
  const text = `apiVersion: padlock.dev/v1alpha1\nkind: MfaPolicy\nmetadata: {name: northwind}\nspec:\n  ${merge}\n  account: northwind\n  requireMfa: true\n`;
  const { documents, faults } = readDocuments([{ file: 'a.yaml', text }]);
  expect(documents).toEqual([]);
  expect(faults).toHaveLength(count);
  expect(faults[0]).toMatchObject({ code: 'document/merge-key', line: 5, column: 3, text: '<<', fix: 'write the fields out' });
});
