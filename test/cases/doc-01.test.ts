import { expect, test } from 'vitest';
import { readDocuments } from '../../src/core/documents/read.ts';

// DOC-01: `yes` and `off` are booleans for one YAML reader and text for another. They are neither here: both lines are
// refused, the word quoted, the allowed spellings named, and no default taken in their place.
test('yes and off are refused where a boolean and a mode belong', () => {
  const text = [
    'apiVersion: padlock.dev/v1alpha1',
    'kind: MfaPolicy',
    'metadata: {name: northwind}',
    'spec: {account: northwind, requireMfa: yes, mode: off}',
  ].join('\n');
  const { documents, faults } = readDocuments([{ file: 'a.yaml', text }]);
  expect(documents).toEqual([]);
  expect(faults.map(({ file, line, column, text: word, fix }) => [file, line, column, word, fix])).toEqual([
    ['a.yaml', 4, 40, 'yes', 'write true or false'],
    ['a.yaml', 4, 51, 'off', 'write Enforce or ReportOnly'],
  ]);
});
