// IMP-03: an import that did not mention the members. Elsewhere absent and empty were both read as "none", and every
// membership was removed. Here what is absent is not said, and an explicit empty list meets the guard.
import { describe, expect, it } from 'vitest';
import { readItGlue } from '../../src/adapters/directory/file/itglue.ts';
import { isEmpty, planImport } from '../../src/core/directory/plan.ts';
import { type DirectoryFacts, NEW_PERSON, type StoredPerson } from '../../src/core/model/directory.ts';
import { IMPORT_TERMS } from '../core/directory/store-model.ts';

const mapping = { account: 'northwind', customRoles: {}, myGlueAccounts: { bakery: '7001' } };
const member = (id: number, scope: string): StoredPerson => ({
  ...NEW_PERSON,
  locked: false,
  id,
  externalId: String(id),
  origin: 'itglue',
  memberships: [{ scope, role: id === 1 ? 'Administrator' : 'Editor', ended: false }],
});
const account = Array.from({ length: 40 }, (_, index) => member(index + 1, 'northwind'));
const myGlue = Array.from({ length: 60 }, (_, index) => member(index + 101, 'northwind/bakery'));
const facts: DirectoryFacts = {
  account: { id: 1, version: 1 },
  people: [...account, ...myGlue],
  scopes: ['northwind', 'northwind/bakery'],
  organizations: [],
  breakGlass: [],
  terms: IMPORT_TERMS,
};
const user = ({ externalId, memberships }: StoredPerson) => ({
  id: externalId,
  type: 'users',
  attributes: { 'role-name': memberships[0]?.role },
});

function importOf(document: object) {
  const part = readItGlue([{ file: 'users.json', text: JSON.stringify(document) }], mapping);
  return planImport({ account: 'northwind', origin: 'itglue', ...part }, facts);
}

describe('40 users of the account and 60 of MyGlue', () => {
  it('the account tab alone leaves the 60 untouched', () => {
    const plan = importOf({ users: account.map(user) });
    expect(isEmpty(plan.changes)).toBe(true);
    expect(plan.verdicts).toMatchObject([{ outcome: 'passed' }]);
  });

  it('the account tab without one of the 40 ends that one', () => {
    const plan = importOf({ users: account.slice(0, 39).map(user) });
    expect(plan.changes.ended).toEqual([{ id: 40, scope: 'northwind', role: 'Editor' }]);
    expect(plan.verdicts).toMatchObject([{ outcome: 'passed' }]);
  });

  it('an absent list of users says nothing', () => {
    expect(isEmpty(importOf({ organizations: [] }).changes)).toBe(true);
  });

  it('an explicit empty list would remove all 100, and is refused: too many, and no administrator left', () => {
    const plan = importOf({ users: [] });
    expect(plan.summary.people.removed).toBe(100);
    expect(plan.verdicts.map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
    expect(plan.verdicts[0]?.message).toBe('100 of 100 enabled people removed, disabled or demoted (100 %), limit 25 %');
  });
});
