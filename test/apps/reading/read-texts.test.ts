import { describe, expect, test } from 'vitest';
import { SMALL } from '../../../src/apps/reading/desk.ts';
import { readTexts } from '../../../src/apps/reading/read-texts.ts';
import { readDocuments } from '../../../src/core/documents/read.ts';
import type { SourceText } from '../../../src/core/ports/source.ts';

const LIMITS = { processor: 20_000, wall: 60_000, memory: 256, interval: 20 };

const policy = (name: string, more = '') =>
  `apiVersion: padlock.dev/v1alpha1\nkind: MfaPolicy\nmetadata: {name: ${name}}\nspec:\n  account: northwind\n  requireMfa: true\n${more}`;
const bytes = (text: string) => new TextEncoder().encode(text);
/** A text that is too long to be read beside the others. */
const large = (name: string) => policy(name, `# ${'x'.repeat(SMALL)}\n`);

/** Texts of every kind: right, wrong, foreign, empty, large, named alike, not UTF-8, in bytes and as text. */
function mixed(size: number): SourceText[] {
  const kinds = [
    (i: number) => policy(`p-${i}`),
    (i: number) => bytes(policy(`p-${i}`, '  gracePeriod: 14 days\n')),
    (i: number) => large(`large-${i}`),
    () => 'apiVersion: v1\nkind: Secret\n',
    () => '',
    () => policy('alike'),
    () => Uint8Array.of(0x61, 0x3a, 0x20, 0xff),
    (i: number) => `${policy(`a-${i}`)}---\n${large(`b-${i}`)}---\n${policy(`c-${i}`, '  mode: off\n')}`,
  ];
  return Array.from({ length: size }, (_, i) => ({ file: `${i}.yaml`, text: (kinds[i % kinds.length] ?? (() => ''))(i) }));
}

describe('on several threads the outcome is the same', () => {
  test.each([1, 7, 100, 2500])('%i texts', async (size) => {
    const texts = mixed(size);
    expect(await readTexts(texts, { limits: LIMITS })).toEqual(readDocuments(texts));
  });

  test('places of documents included', async () => {
    const texts = [{ file: 'a.yaml', text: `# first\n${large('a')}` }];
    const { documents } = await readTexts(texts, { limits: LIMITS });
    expect(documents[0]?.source).toMatchObject({ file: 'a.yaml', line: 2, at: { '/spec/account': { line: 6, column: 12 } } });
  });

  test('halves of surrogate pairs, which no bytes can spell, are refused at their place', async () => {
    const { faults } = await readTexts([{ file: 'a.yaml', text: `${large('a')}x: \ud800\n` }]);
    expect(faults).toMatchObject([{ code: 'document/encoding', line: 8, column: 4 }]);
  });
});

describe('a document that costs too much', () => {
  const texts = [
    { file: 'a.yaml', text: `a: 1\n---\n${large('a')}` },
    { file: 'b.yaml', text: policy('b') },
    { file: 'c.yaml', text: policy('c', '  mode: off\n') },
  ];

  test('in time is refused where it begins, and the others are read', async () => {
    const program = new URL('./hanging-worker.ts', import.meta.url);
    const { documents, faults, count } = await readTexts(texts, { limits: { ...LIMITS, processor: 50, wall: 1000 }, program });
    expect(faults).toMatchObject([
      { code: 'document/too-costly', file: 'a.yaml', line: 2, column: 1, fix: 'split it, or write it more plainly' },
      { code: 'document/yaml-1.1-boolean', file: 'c.yaml' },
    ]);
    expect(documents.map(({ metadata }) => metadata.name)).toEqual(['b']);
    expect(count).toBe(3);
  });

  test('in memory likewise', async () => {
    const nodes = `${policy('a')}---\n${'- {a: 1}\n'.repeat(6000)}`;
    const many = Array.from({ length: 10 }, (_, i) => ({ file: `${i}.yaml`, text: nodes }));
    const { faults } = await readTexts(many, { limits: { ...LIMITS, memory: 12 } });
    expect(new Set(faults.map(({ code }) => code))).toContain('document/too-costly');
  });
});

test('a worker that cannot start is an error, and not an empty read', async () => {
  await expect(readTexts([{ file: 'a.yaml', text: large('a') }], { program: new URL('./nowhere.ts', import.meta.url) })).rejects.toThrow();
});
