// IMP-01: zero administrators after a sync. Elsewhere accounts were linked by address, the admin role was taken away, and
// nobody could administer any more. Here an import is a plan, a hand-made user is not taken over, and an absent column is not said.
import { expect, it } from 'vitest';
import { readPeopleCsv } from '../../src/adapters/directory/file/csv-people.ts';
import { isEmpty, planImport } from '../../src/core/directory/plan.ts';
import { type DirectoryFacts, NEW_PERSON, type StoredPerson } from '../../src/core/model/directory.ts';
import { IMPORT_TERMS } from '../core/directory/store-model.ts';

const administrator: StoredPerson = {
  ...NEW_PERSON,
  locked: false,
  id: 1,
  externalId: 'hand-made',
  origin: 'local',
  address: 'dana@northwind.example',
  memberships: [{ scope: 'northwind', role: 'Administrator', ended: false }],
};
const facts: DirectoryFacts = {
  account: { id: 1, version: 1 },
  people: [administrator],
  scopes: ['northwind'],
  organizations: [],
  breakGlass: [1],
  terms: IMPORT_TERMS,
};

function importOf(csv: string, held: DirectoryFacts, adopt?: ReadonlySet<string>) {
  const part = readPeopleCsv('people.csv', new TextEncoder().encode(csv), { account: 'northwind', customRoles: {}, myGlueAccounts: {} });
  return planImport({ account: 'northwind', origin: 'csv', ...part }, held, adopt);
}
const sameAddress = 'id,email,role\n7,Dana@northwind.example,Editor\n';

it('the same address with a lesser role is refused, and takes nothing from the administrator', () => {
  const plan = importOf(sameAddress, facts);
  expect(plan.verdicts).toMatchObject([{ guard: 'directory', outcome: 'refused' }]);
  expect(isEmpty(plan.changes)).toBe(true);
});

it('declared to be one person, the import is refused still: nobody could administer, and a break-glass user is demoted', () => {
  const plan = importOf(sameAddress, facts, new Set(['dana@northwind.example']));
  expect(plan.changes.adopted).toEqual([{ id: 1, externalId: '7' }]);
  expect(plan.verdicts.map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
  expect(plan.summary.administrators).toEqual({ before: 1, after: 0 });
});

it('declared to be one person with the same role, it passes', () => {
  const plan = importOf(sameAddress.replace('Editor', 'Administrator'), facts, new Set(['dana@northwind.example']));
  expect(plan.verdicts).toMatchObject([{ outcome: 'passed' }]);
});

it('a file without the column active disables and enables nobody', () => {
  const csv = {
    ...facts,
    people: [
      { ...administrator, origin: 'csv', externalId: '7' },
      { ...administrator, id: 2, externalId: '8', origin: 'csv', address: null, enabled: false },
    ],
  };
  const plan = importOf('id,role\n7,Administrator\n8,Administrator\n', csv);
  expect(isEmpty(plan.changes)).toBe(true);
});
