import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { readDocuments } from '../../../../src/core/documents/read.ts';
import type { Check } from '../../../../src/core/documents/renderers/check.ts';
import { sarif } from '../../../../src/core/documents/renderers/sarif.ts';

interface Result {
  ruleId: string;
  ruleIndex: number;
  message: { text: string };
  locations: { physicalLocation: { artifactLocation: { uri: string }; region?: { startLine: number; startColumn: number } } }[];
  partialFingerprints: Record<string, string>;
}

// The schema that OASIS publishes with the standard, as Microsoft's SDK of SARIF carries it (MIT).
// Draft 04 and 07 agree in the words that it uses.
const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(new URL('sarif-2.1.0.schema.json', import.meta.url), 'utf8'));
// It states types beside enums in a way that strict mode dislikes, and formats, which are not ours to check.
const valid = new Ajv({ strict: false, validateFormats: false, allErrors: true, unicodeRegExp: false }).compile(schema);

const GOLDEN = readFileSync(new URL('../../../golden/faults.yaml', import.meta.url), 'utf8');

function check(text: string, file = 'a.yaml'): Check {
  const { documents, skipped, faults } = readDocuments([{ file, text }]);
  return { version: '1.2.3', exitCode: faults.length > 0 ? 1 : 0, documents, skipped, faults };
}

function run(from: Check) {
  const log = JSON.parse(sarif(from));
  expect(valid(log), JSON.stringify(valid.errors?.slice(0, 3))).toBe(true);
  return log.runs[0] as { tool: { driver: { rules: { id: string; help: { text: string } }[] } }; results: Result[]; invocations: object[] };
}

test('the schema refuses what is no SARIF', () => {
  expect(valid({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false);
});

test('the commonest slips: each fault once, by the rule of its code', () => {
  const from = check(GOLDEN);
  const { tool, results } = run(from);
  expect(results.map(({ ruleId, locations: [location] }) => [ruleId, location?.physicalLocation.region?.startLine])).toEqual(
    from.faults.map(({ code, line }) => [code, line]),
  );
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  expect(new Set(results.map(({ ruleId }) => ruleId)).size).toBe(tool.driver.rules.length);
  for (const { help } of tool.driver.rules) expect(help.text.length).toBeGreaterThan(20);
});

describe('fingerprints', () => {
  const prints = (text: string, file?: string) =>
    run(check(text, file)).results.map((result) => result.partialFingerprints['padlockFault/v1']);

  test('are all different', () => {
    const all = prints(GOLDEN);
    expect(new Set(all).size).toBe(all.length);
  });

  test('stay the same when lines move', () => {
    expect(prints(`# one\n# two\n# three\n${GOLDEN}`)).toEqual(prints(GOLDEN));
  });

  test('are others in another file, and for another mistake', () => {
    const [one] = prints('apiVersion: padlock.dev/v1alpha1\nkind: A\n');
    expect(prints('apiVersion: padlock.dev/v1alpha1\nkind: A\n', 'b.yaml')).not.toContain(one);
    expect(prints('apiVersion: padlock.dev/v1alpha1\nkind: B\n')).not.toContain(one);
  });
});

test.each([
  ['policies/a b#c.yaml', 'policies/a%20b%23c.yaml'],
  ['/srv/ü.yaml', 'file:///srv/%C3%BC.yaml'],
  ['-', '-'],
])('%s is the URI %s', (file, uri) => {
  const [result] = run(check('a: 1', file)).results;
  expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(uri);
});

test('without documents: a notification, and a run that was not successful', () => {
  const failure = { code: 'document/none', message: '0 documents in empty', fix: 'name another folder' } as const;
  const { results, invocations } = run({ version: '1.2.3', exitCode: 6, documents: [], skipped: [], faults: [], failure });
  expect(results).toEqual([]);
  expect(invocations).toMatchObject([
    { executionSuccessful: false, exitCode: 6, toolExecutionNotifications: [{ descriptor: { id: 'document/none' } }] },
  ]);
});
