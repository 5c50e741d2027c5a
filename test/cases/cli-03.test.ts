// CLI-03: success without the file. Elsewhere a plan was asked for in a folder's name: "drafted", exit 0, no file. Here a plan
// is written whole or not at all, and what is no plan is never "no changes".
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadPlan, savePlan } from '../../src/apps/cli/output/saved-plan.ts';
import { RANDOM } from '../adapters/store/opened.ts';
import { documentsOf, examplePolicies } from '../flows/northwind.ts';

const texts = Object.entries(examplePolicies())
  .slice(0, 1)
  .map(([file, text]) => ({ file, text }));
const read = { texts, documents: documentsOf(Object.fromEntries(texts.map(({ file, text }) => [file, text]))), skipped: [] };
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-plan-'));
  path = join(folder, 'p.plan');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('comes back as it was saved', async () => {
  await savePlan(path, 'd1', read, RANDOM);
  expect(await loadPlan(path)).toEqual({ digest: 'd1', texts });
  expect(readdirSync(folder)).toEqual(['p.plan']);
});

it('in the name of a folder: an error, and nothing is left beside it', async () => {
  mkdirSync(path);
  await expect(savePlan(path, 'd1', read, RANDOM)).rejects.toMatchObject({ code: 'report/not-written', exitCode: 1 });
  expect(readdirSync(folder)).toEqual(['p.plan']);
});

it.each<[string, (saved: string) => string]>([
  ['cut short', (saved) => saved.slice(0, 100)],
  ['empty', () => ''],
  ['no plan', () => '{}'],
  ['null', () => 'null'],
  ['of another kind', (saved) => saved.replace('SavedPlan', 'PlanResult')],
  ['of another format', (saved) => saved.replace('v1alpha1', 'v9')],
  ['of another version', (saved) => saved.replace(/"version": ".*"/, '"version": "99.0.0"')],
  ['without its texts', (saved) => saved.replace('"text":', '"tekst":')],
])('%s: refused as wrong usage, and says so', async (_, spoiled) => {
  await savePlan(path, 'd1', read, RANDOM);
  writeFileSync(path, spoiled(readFileSync(path, 'utf8')));
  await expect(loadPlan(path)).rejects.toMatchObject({
    code: 'plan/unreadable',
    exitCode: 64,
    message: expect.stringContaining('nothing was applied'),
  });
});

it.each(['/dev/null', '.'])('%s: refused likewise', async (file) => {
  await expect(loadPlan(file)).rejects.toMatchObject({ code: 'plan/unreadable' });
});
