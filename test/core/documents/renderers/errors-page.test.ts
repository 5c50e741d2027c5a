import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorsPage } from '../../../../src/core/documents/renderers/errors-page.ts';
import { anchorOf, ERROR_HELP, ERRORS_PAGE } from '../../../../src/core/model/error-help.ts';
import { ERROR_CODES, type ErrorCode } from '../../../../src/core/model/errors.ts';

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];
const page = readFileSync(new URL(`../../../../${ERRORS_PAGE}`, import.meta.url), 'utf8');

test('docs/errors.md is what npm run generate writes', () => {
  expect(page).toBe(errorsPage());
});

test('has a section for every code, whose anchor is found, with its exit code', () => {
  const sections = page.split(/^### /m).slice(1);
  expect(sections.map((section) => section.split('\n', 1)[0])).toEqual(CODES);
  const anchors = sections.map((section) =>
    (section.split('\n', 1)[0] ?? '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9 _-]/g, '')
      .replaceAll(' ', '-'),
  );
  expect(anchors).toEqual(CODES.map(anchorOf));
  expect(new Set(anchors).size).toBe(CODES.length);
  for (const [index, code] of CODES.entries()) expect(sections[index]).toContain(`Exit code ${ERROR_CODES[code]} (`);
});

test.each(CODES)('%s: what it means, why, and what to do', (code) => {
  const { means, cause, remedy } = ERROR_HELP[code];
  expect(means).toMatch(/^[`a-zA-Z].{7,}[^.]$/);
  expect(cause).toMatch(/^.{10,}\.$/);
  expect(remedy).toMatch(/^[A-Z`].{6,}\.$/);
});
