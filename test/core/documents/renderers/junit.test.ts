import { readFileSync } from 'node:fs';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { expect, test } from 'vitest';
import { readDocuments } from '../../../../src/core/documents/read.ts';
import type { Check } from '../../../../src/core/documents/renderers/check.ts';
import { junit } from '../../../../src/core/documents/renderers/junit.ts';
import type { SourceText } from '../../../../src/core/ports/source.ts';

const POLICY = 'apiVersion: padlock.dev/v1alpha1\nkind: MfaPolicy\nmetadata: {name: a}\nspec: {account: a, requireMfa: true}\n';

function check(...texts: SourceText[]): Check {
  const { documents, skipped, faults } = readDocuments(texts);
  return { version: '1.2.3', exitCode: 0, documents, skipped, faults };
}

/** Parses what is written; anything that is not well-formed throws. */
function parsed(from: Check) {
  const refuse = (_: string, message: string) => {
    throw new Error(message);
  };
  const document = new DOMParser({ onError: refuse }).parseFromString([...junit(from)].join('\n'), 'text/xml');
  const all = (name: string) => [...document.getElementsByTagName(name)] as Element[];
  const suite = all('testsuite')[0];
  const count = (name: string) => Number(suite?.getAttribute(name));
  expect(count('tests')).toBe(all('testcase').length);
  expect([count('failures'), count('errors'), count('skipped')]).toEqual([
    all('failure').length,
    all('error').length,
    all('skipped').length,
  ]);
  return all;
}

test('a case for each sound document, one for each file with faults, one for each of another group', () => {
  const all = parsed(
    check(
      { file: 'good.yaml', text: `${POLICY}---\n${POLICY.replace('name: a', 'name: b')}` },
      { file: 'bad.yaml', text: POLICY.replace('true', 'yes').replace('name: a', 'name: C') },
      { file: 'other.yaml', text: 'apiVersion: v1\nkind: Secret\n' },
    ),
  );
  expect(all('testcase').map((element) => element.getAttribute('name'))).toEqual([
    'MfaPolicy a',
    'MfaPolicy b',
    'bad.yaml',
    'Secret in line 1',
  ]);
  const [failure] = all('failure');
  expect(failure?.getAttribute('message')).toBe('2 errors');
  expect(failure?.textContent?.trim().split('\n')).toEqual([
    'bad.yaml:3:18  document/invalid-name  "C" is not a name; write c',
    'bad.yaml:4:32  document/yaml-1.1-boolean  yes is a boolean for some YAML readers and text for others; write true or false',
  ]);
});

test('the commonest slips are well-formed', () => {
  const text = readFileSync(new URL('../../../golden/faults.yaml', import.meta.url), 'utf8');
  expect(parsed(check({ file: 'faults.yaml', text }))('failure')).toHaveLength(1);
});

test('nothing in a name or a value can break out of the XML', () => {
  const file = 'a"<&>\u0001\ud800\ufffe.yaml';
  const all = parsed(check({ file, text: 'apiVersion: padlock.dev/v1alpha1\nkind: "]]>&<x>\\" \\u0001"\n' }));
  expect(all('testcase')[0]?.getAttribute('classname')).toBe('a"<&>\\u{1}\\u{d800}\\u{fffe}.yaml');
});

test('without documents: one case in error', () => {
  const failure = { code: 'usage/no-such-path', message: 'nope does not exist' } as const;
  const all = parsed({ version: '1', exitCode: 64, documents: [], skipped: [], faults: [], failure });
  expect(all('error')[0]?.getAttribute('type')).toBe('usage/no-such-path');
});
