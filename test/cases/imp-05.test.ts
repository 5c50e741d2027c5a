// IMP-05: one person, two spellings. Elsewhere the second spelling was inserted beside the first, or became the primary one.
// Here addresses are matched without regard to ASCII case, shown as last given, and look-alikes are different people.
import { expect, it } from 'vitest';
import { readPeopleCsv } from '../../src/adapters/directory/file/csv-people.ts';
import { planImport } from '../../src/core/directory/plan.ts';
import { addressKey } from '../../src/core/model/address.ts';
import { type DirectoryFacts, NEW_PERSON } from '../../src/core/model/directory.ts';
import { PadlockError } from '../../src/core/model/errors.ts';
import { IMPORT_TERMS } from '../core/directory/store-model.ts';

const facts: DirectoryFacts = {
  account: { id: 1, version: 1 },
  people: [
    {
      ...NEW_PERSON,
      locked: false,
      id: 1,
      externalId: '7',
      origin: 'csv',
      address: 'First.Last@northwind.example',
      memberships: [{ scope: 'northwind', role: 'Editor', ended: false }],
    },
  ],
  scopes: ['northwind'],
  organizations: [],
  breakGlass: [],
  terms: IMPORT_TERMS,
};

function importOf(rows: readonly string[]) {
  const csv = `id,email,role\n${rows.map((row) => `${row},Editor\n`).join('')}`;
  const part = readPeopleCsv('people.csv', new TextEncoder().encode(csv), { account: 'northwind', customRoles: {}, myGlueAccounts: {} });
  return planImport({ account: 'northwind', origin: 'csv', ...part }, facts);
}

it('another spelling is the same person, shown as last given', () => {
  expect(addressKey('first.last@northwind.example')).toBe(addressKey('First.Last@northwind.example'));
  const { changes } = importOf(['7,first.last@northwind.example']);
  expect(changes.created).toEqual([]);
  expect(changes.updated).toEqual([{ id: 1, attributes: { address: 'first.last@northwind.example' } }]);
});

it('a file with both spellings is an error that names both rows, 2 and 7', () => {
  const rows = [
    '7,First.Last@northwind.example',
    '11,a@x.example',
    '12,b@x.example',
    '13,c@x.example',
    '14,d@x.example',
    '8,first.last@northwind.example',
  ];
  try {
    importOf(rows);
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof PadlockError)) throw error;
    expect(error.exitCode).toBe(1);
    expect(error.faults).toMatchObject([{ code: 'directory/duplicate-address', file: 'people.csv', line: 7 }]);
    expect(error.faults[0]?.message).toContain('people.csv:2');
  }
});

it('a Cyrillic look-alike is another person', () => {
  const { changes, conflicts } = importOf([
    '7,First.Last@northwind.example',
    '8,a.berg@northwind.example',
    '9,\u0430.berg@northwind.example',
  ]);
  expect(changes.created.map(({ externalId }) => externalId)).toEqual(['8', '9']);
  expect(conflicts).toEqual([]);
});
