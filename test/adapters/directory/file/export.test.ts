import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPeopleCsv } from '../../../../src/adapters/directory/file/csv-people.ts';
import { exportDirectory } from '../../../../src/adapters/directory/file/export.ts';
import { readItGlue } from '../../../../src/adapters/directory/file/itglue.ts';
import type { ExportRow, Part } from '../../../../src/adapters/directory/rows/part.ts';
import { isEmpty, planImport } from '../../../../src/core/directory/plan.ts';
import type { DirectoryFacts, StoredPerson } from '../../../../src/core/model/directory.ts';
import { IMPORT_TERMS } from '../../../core/directory/store-model.ts';
import { bytes, MAPPING } from './files.ts';

async function exported(format: 'csv' | 'json', rows: readonly ExportRow[], origin = 'csv'): Promise<string> {
  async function* stream() {
    yield* rows;
  }
  const chunks = await Array.fromAsync(exportDirectory(format, stream(), origin, MAPPING));
  return chunks.join('');
}

const ada: ExportRow = {
  externalId: '1',
  scope: 'northwind',
  role: 'ReadOnly',
  address: 'ada@northwind.example',
  name: 'Moreau, "Ada"',
  enabled: true,
  service: false,
  localPassword: true,
  sso: false,
  kinds: 3,
  lastSignIn: Date.parse('2026-11-25T08:00:00Z'),
};
const evil: ExportRow = {
  ...ada,
  externalId: '2',
  scope: 'northwind/bakery',
  role: 'Lite',
  address: '+evil@x.example',
  name: '=HYPERLINK("http://x")',
  enabled: false,
  service: true,
  kinds: 0,
  lastSignIn: null,
};
const quoted: ExportRow = { ...evil, externalId: '3', address: null, name: "'=1", kinds: null };

describe('the export', () => {
  it.each(['csv', 'json'] as const)('as %s', async (format) => {
    await expect(await exported(format, [ada, evil, quoted])).toMatchFileSnapshot(`../../../golden/directory-export.${format}`);
  });

  it('has no cell that a spreadsheet would calculate', async () => {
    for (const name of ['=1', '+1', '-1', '@a', '\tx', '\rx', "'=1", "''@"]) {
      const line = (await exported('csv', [{ ...ada, name }])).split('\r\n')[1] ?? '';
      expect(line).not.toMatch(/(^|,)"?[=+\-@\t\r]/);
    }
  });

  it('refuses a MyGlue account whose id is not known', async () => {
    const lost = exported('json', [{ ...evil, scope: 'northwind/garage' }]);
    await expect(lost).rejects.toMatchObject({ code: 'directory/unmapped-myglue-account' });
  });

  it('leaves the stream open, and writes nobody as nobody', async () => {
    expect(await exported('csv', [])).toMatch(/^id,email,.*\r\n$/);
    expect(JSON.parse(await exported('json', []))).toMatchObject({ data: [], meta: { 'total-count': 0 } });
  });
});

// Words that begin like formulas, hold quotes, commas and apostrophes.
const words = fc
  .array(fc.constantFrom('=', '+', '-', '@', "'", '"', ',', ';', 'a', 'Ä', '\u0430', ' b', '😀'), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join('').trim())
  .filter((word) => word !== '');
const memberships = fc.uniqueArray(fc.constantFrom('northwind', 'northwind/bakery', 'northwind/clinic'), { minLength: 1 });
const people = fc.array(
  fc.record({
    enabled: fc.boolean(),
    service: fc.boolean(),
    localPassword: fc.boolean(),
    sso: fc.boolean(),
    kinds: fc.constantFrom(null, 0, 1, 2, 3),
    lastSignIn: fc.constantFrom(null, 1_764_000_000_000, 1_764_000_000_123),
    name: fc.option(words),
    address: fc.option(words.map((word) => `${word.replaceAll(' ', '')}@x.example`)),
    externalId: words.map((word) => word.replaceAll(' ', '')),
    scopes: memberships,
  }),
  { minLength: 1, maxLength: 6 },
);

describe.each([
  ['csv', (written: string): Part => readPeopleCsv('people.csv', bytes(written), MAPPING)],
  ['json', (written: string): Part => readItGlue([{ file: 'users.json', text: written }], MAPPING)],
] as const)('importing the export as %s', (format, read) => {
  it('changes nothing, whatever people are called', async () => {
    await fc.assert(
      fc.asyncProperty(people, async (drawn) => {
        const stored: StoredPerson[] = drawn.map(({ scopes, externalId, address, ...person }, id) => ({
          ...person,
          locked: false,
          id,
          externalId: `${externalId}${id}`,
          address: address === null ? null : `${id}${address}`.replace(/^\d/, (digit) => (id % 2 === 0 ? `+${digit}` : digit)),
          origin: 'demo',
          memberships: scopes.map((scope) => ({ scope, role: 'Lite' as const, ended: false })),
        }));
        const rows = stored.flatMap(({ memberships: held, id: _id, origin: _origin, ...person }) =>
          held.map(({ scope, role }) => ({ ...person, scope, role })),
        );
        const part = read(await exported(format, rows, 'demo'));
        const facts: DirectoryFacts = {
          account: { id: 1, version: 1 },
          people: stored,
          scopes: ['northwind', 'northwind/bakery', 'northwind/clinic'],
          organizations: [],
          breakGlass: [],
          terms: IMPORT_TERMS,
        };
        const plan = planImport({ account: 'northwind', origin: part.origin ?? format, ...part }, facts);
        expect(isEmpty(plan.changes)).toBe(true);
        expect(plan.conflicts).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

it('the golden files are what the readers read', () => {
  const golden = (name: string) => readFileSync(new URL(`../../../golden/${name}`, import.meta.url), 'utf8');
  const csv = readPeopleCsv('people.csv', bytes(golden('directory-export.csv')), MAPPING);
  expect(csv.rows?.map(({ place: _, ...row }) => row)).toEqual([ada, evil, quoted]);
  expect(readItGlue([{ file: 'users.json', text: golden('directory-export.json') }], MAPPING).rows).toHaveLength(3);
});
