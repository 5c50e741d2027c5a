import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PAGE_SIZE } from '../src/adapters/directory/itglue/page.ts';
import { PATIENCE } from '../src/adapters/directory/itglue/retry.ts';
import { accountOf } from '../src/apps/configuration/configuration.ts';
import { loadConfiguration } from '../src/apps/configuration/load.ts';
import { ERROR_CODES, EXIT } from '../src/core/model/errors.ts';

const ROOT = join(import.meta.dirname, '..');
const DOCS = readFileSync(join(ROOT, 'docs', 'directory.md'), 'utf8');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

test('docs/directory.md and the README show configurations that hold', () => {
  const shown = [/```yaml\n([\s\S]*?)```/.exec(DOCS)?.[1], /^ {4}accounts:\n(?: {4}.*\n)+/m.exec(README)?.[0]];
  for (const text of shown) {
    const configuration = loadConfiguration({ text: (text ?? '').replace(/^ {3,4}(?=\S| )/gm, ''), file: 'padlock.yaml', env: {} });
    expect(accountOf(configuration, 'northwind').itglue).toEqual({
      address: { region: 'eu' },
      key: { file: '/run/secrets/itglue-api-key' },
    });
  }
});

test('docs/directory.md names codes that there are, and each is an incomplete read', () => {
  const codes = [...DOCS.matchAll(/^\| `(directory\/[a-z-]+)` \|/gm)].map((match) => match[1] ?? '');
  expect(codes.length).toBe(7);
  for (const code of codes) expect([code, (ERROR_CODES as Readonly<Record<string, number>>)[code]]).toEqual([code, EXIT.incomplete]);
});

test('docs/directory.md has the figures that hold', () => {
  expect(DOCS).toContain(`up to ${PATIENCE.tries} times a request and ${PATIENCE.again} times a read`);
  expect(DOCS).toContain(`more than ${PATIENCE.longestAsked / 60_000} minutes ends the read`);
  expect(DOCS).toContain(`${PATIENCE.waited / 60_000} minutes in all`);
  expect(DOCS).toContain(`pages of up to ${String(PAGE_SIZE).replace('000', ' 000')}`);
});
