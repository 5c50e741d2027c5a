import { describe, expect, test } from 'vitest';
import { readDocuments } from '../../../src/core/documents/read.ts';
import { positionOf } from '../../../src/core/model/positions.ts';
import { DOCUMENT_KINDS } from '../../../src/core/model/words.ts';
import { brief, faultsOf, HEAD, head } from './reading.ts';

const SPECS = {
  MfaPolicy: '{account: northwind, requireMfa: true}',
  MfaExemption: '{account: northwind, users: [ada@northwind.example], reason: phone lost, expiresAt: 2026-12-31}',
  MfaReset: '{requestId: r-1, account: northwind, user: ada@northwind.example, reason: r, requestedAt: 2026-12-01, expiresAt: 2026-12-08}',
  ComplianceReport: '{accounts: [northwind], schedule: 0 7 * * MON}',
  GuardOverride:
    '{account: northwind, guard: weakened, digest: 3f9c1b0d5a7e42c8b6d1f0e93a5c7b2840d6e8f1a2b3c4d5e6f708192a3b4c5d, reason: agreed, expiresAt: 2026-12-31}',
} as const;

const read = (text: string | Uint8Array, file = 'a.yaml') => readDocuments([{ file, text }]);

describe('documents that are right', () => {
  test.each(DOCUMENT_KINDS)('%s', (kind) => {
    const { documents, faults, count } = read(`${head(kind)}spec: ${SPECS[kind]}\n`);
    expect(faults).toEqual([]);
    expect(count).toBe(1);
    expect(documents[0]).toMatchObject({ kind, metadata: { name: 'northwind' }, source: { file: 'a.yaml', line: 1 } });
  });

  test('come with the place of every value', () => {
    const { documents } = read(`# a policy\n---\n${HEAD}spec:\n  account: northwind\n  requireMfa: true\n  roles:\n    - Lite\n`);
    const source = documents[0]?.source ?? { file: '', line: 0, at: {} };
    expect(source.line).toBe(3);
    expect(positionOf(source, '/spec/roles/0')).toEqual({ line: 10, column: 7 });
    expect(positionOf(source, '/spec/gracePeriod')).toEqual({ line: 7, column: 3 });
    expect(positionOf(source, '/metadata/name')).toEqual({ line: 5, column: 18 });
  });

  test('are plain data, as it was written, without defaults', () => {
    const text = `${HEAD.replace('{name: northwind}', '{name: northwind, labels: {team: identity, "1": x}}')}spec: ${SPECS.MfaPolicy}\n`;
    const [document] = read(text).documents;
    expect(document?.spec).toStrictEqual({ account: 'northwind', requireMfa: true });
    expect(document?.metadata).toStrictEqual({ name: 'northwind', labels: { team: 'identity', 1: 'x' } });
  });

  test('byte order marks and CRLF leave positions as an editor shows them', () => {
    const text = `\ufeff${HEAD}spec: {account: northwind, requireMfa: true, mode: X}\n`.replaceAll('\n', '\r\n');
    expect(faultsOf(text)).toEqual(['4:52 document/not-allowed X']);
    expect(faultsOf(new TextEncoder().encode(text))).toEqual(['4:52 document/not-allowed X']);
  });

  test('may be JSON, indented by tabs', () => {
    const { documents, faults } = read(
      `{\n\t"apiVersion": "padlock.dev/v1alpha1",\n\t"kind": "MfaPolicy",\n\t"metadata": {"name": "a"},\n\t"spec": {"account": "a", "requireMfa": false}\n}\n`,
    );
    expect(faults).toEqual([]);
    expect(documents).toHaveLength(1);
  });

  test('stand beside those that are wrong', () => {
    const { documents, faults, count } = read(`${HEAD}spec: ${SPECS.MfaPolicy}\n---\n${head('MfaReset')}spec: {}\n`);
    expect([documents.length, count]).toEqual([1, 2]);
    expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['document/missing-field']));
  });
});

describe('whose a document is', () => {
  test('another group is skipped and counted, whatever its faults', () => {
    const { skipped, faults, count } = read(
      'apiVersion: v1\nkind: Secret\n---\napiVersion: apps/v1\nkind: Deployment\nx: &a {<<: *b, a: 1, a: 2}\n---\napiVersion: x/v1\n',
    );
    expect(faults).toEqual([]);
    expect(count).toBe(0);
    expect(skipped).toEqual([
      { file: 'a.yaml', line: 1, apiVersion: 'v1', kind: 'Secret' },
      { file: 'a.yaml', line: 4, apiVersion: 'apps/v1', kind: 'Deployment' },
      { file: 'a.yaml', line: 8, apiVersion: 'x/v1', kind: '' },
    ]);
  });

  test.each(['', '---\n', '---\n---\n...\n', '# only a comment\n', '\n\n', '---\n# nothing\n---\n'])('%j holds none', (text) => {
    expect(read(text)).toEqual({ documents: [], faults: [], skipped: [], count: 0 });
  });

  test.each([
    ['- a\n', ['1:1 document/not-a-mapping - a']],
    ['hello\n', ['1:1 document/not-a-mapping hello']],
    ['null\n', ['1:1 document/not-a-mapping null']],
    ['a: 1\n', ['1:1 document/missing-field', '1:1 document/missing-field']],
    ['kind: MfaPolicy\nmetadata: {name: a}\nspec: {account: a, requireMfa: true}\n', ['1:1 document/missing-field']],
    ['apiVersion: padlock.dev/v1alpha1\n', ['1:1 document/missing-field']],
    ['apiVersion: 1\nkind: 2\n', ['1:13 document/wrong-type 1', '2:7 document/wrong-type 2']],
    ['apiVersion: padlock.dev/v1alpha1\nkind: Potato\n', ['2:7 document/unknown-kind Potato']],
    [
      'apiVersion: padlock.dev/v1alpha1\nkind: MyfaPolcy\nmetadata: {name: a}\nspec: {account: A, requireMfa: true}\n',
      ['2:7 document/unknown-kind MyfaPolcy', '4:17 document/invalid-name A'],
    ],
  ])('%j', (text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  test.each([
    'padlock.dev/v1',
    'padlock.dev',
    'padlok.dev/v1alpha1',
    'Padlock.dev/v1alpha1',
    'padlock.dv/v1alpha1',
    'padlock.dev/V1alpha1',
  ])('%s is ours in a version that is not read: a typo is never skipped', (apiVersion) => {
    const text = `${HEAD.replace('padlock.dev/v1alpha1', apiVersion)}spec: ${SPECS.MfaPolicy}\n`;
    expect(faultsOf(text)).toEqual([`1:13 document/unknown-version ${apiVersion}`]);
  });

  test('the fix is the nearest kind', () => {
    const [fault] = read('apiVersion: padlock.dev/v1alpha1\nkind: MfaExcemption\nmetadata: {name: a}\nspec: {}\n').faults;
    expect(fault?.fix).toBe('write MfaExemption, MfaPolicy, MfaReset, ComplianceReport or GuardOverride');
  });

  test('a document whose syntax is broken counts, and says only that', () => {
    const { faults, count } = read(`${HEAD}spec: {account: North, requireMfa: "true}\n`);
    expect(faults.map(brief)).toEqual(['4:36 document/syntax "true}']);
    expect(count).toBe(1);
  });

  test('a tag does not hide the other faults', () => {
    expect(faultsOf(`${HEAD}spec: {account: !env ACCOUNT, requireMfa: no}\n`)).toEqual([
      '4:17 document/tag !env',
      '4:22 document/invalid-name ACCOUNT',
      '4:43 document/yaml-1.1-boolean no',
    ]);
  });
});

describe('names', () => {
  const policy = (name: string, namespace = '') =>
    `apiVersion: padlock.dev/v1alpha1\nkind: MfaPolicy\nmetadata: {name: ${name}${namespace}}\nspec: ${SPECS.MfaPolicy}\n`;

  test('are unique by kind and namespace, across texts; the later one is told, with the place of the first', () => {
    const { faults, documents } = readDocuments([
      { file: 'a.yaml', text: policy('x') },
      { file: 'b.yaml', text: `${policy('y')}---\n${policy('x')}` },
    ]);
    expect(faults).toEqual([
      {
        code: 'document/duplicate-name',
        message: 'another MfaPolicy is named x, at a.yaml:3:18',
        file: 'b.yaml',
        line: 8,
        column: 18,
        text: 'x',
        fix: 'rename or remove one of the two',
      },
    ]);
    expect(documents).toHaveLength(2);
  });

  test('of other kinds and namespaces are others', () => {
    const reset = `${head('MfaReset').replace('northwind', 'x')}spec: ${SPECS.MfaReset}\n`;
    expect(faultsOf([policy('x'), policy('x', ', namespace: a'), policy('x', ', namespace: b'), reset].join('---\n'))).toEqual([]);
    expect(faultsOf([policy('x', ', namespace: a'), policy('x', ', namespace: a')].join('---\n'))).toHaveLength(1);
  });

  test('clash even when the document is wrong otherwise', () => {
    expect(faultsOf(`${policy('x')}---\n${policy('x').replace('true', 'maybe')}`)).toEqual([
      '8:18 document/duplicate-name x',
      '9:40 document/wrong-type maybe',
    ]);
  });
});

test('10 000 documents are read in one run, and one more is told instead of dropped', () => {
  const texts = (size: number) =>
    Array.from({ length: size }, (_, index) => ({ file: `${index}.yaml`, text: `apiVersion: v1\nkind: Secret\n` }));
  expect(readDocuments(texts(10_000)).faults).toEqual([]);
  const { faults, skipped } = readDocuments([...texts(10_001), { file: 'z.yaml', text: 'a: 1' }]);
  expect(skipped).toHaveLength(10_000);
  expect(faults.map(({ file, code }) => [file, code])).toEqual([['10000.yaml', 'document/too-large']]);
});
