import { describe, expect, it } from 'vitest';
import { matchPeople } from '../../../src/core/directory/match.ts';
import { gatherPeople } from '../../../src/core/directory/people.ts';
import type { DirectoryRow, StoredPerson } from '../../../src/core/model/directory.ts';
import { ACCOUNT, factsOf, membershipOf, personOf, readOf, rowOf } from './store-model.ts';

function match(
  rows: readonly DirectoryRow[],
  people: readonly StoredPerson[],
  adopt: readonly string[] = [],
  wholeScopes: readonly string[] = [ACCOUNT],
) {
  const read = readOf(rows, { wholeScopes });
  return matchPeople(gatherPeople(read).people, read, factsOf(people), new Set(adopt));
}

const ada = 'ada@northwind.example';
const ben = 'ben@northwind.example';

describe('who of a read is whom in the store', () => {
  it('external id and origin say it', () => {
    const matching = match([rowOf('1'), rowOf('2')], [personOf(1), personOf(2, { origin: 'itglue' })]);
    expect([...matching.stored].map(([externalId, person]) => [externalId, person.id])).toEqual([['1', 1]]);
  });

  it('an address alone says nothing: it is a conflict that names both', () => {
    const matching = match(
      [rowOf('9', { address: 'Ada@northwind.example', place: 'people.csv:3' })],
      [personOf(1, { origin: 'local', address: ada })],
    );
    expect(matching.stored.size).toBe(0);
    expect(matching.conflicts).toEqual([
      { address: 'Ada@northwind.example', externalId: '9', place: 'people.csv:3', holder: { id: 1, externalId: '1', origin: 'local' } },
    ]);
    expect([...matching.contested]).toEqual(['9']);
  });

  it('unless it is declared: the two are one', () => {
    const local = personOf(1, { origin: 'local', address: ada });
    const matching = match([rowOf('9', { address: 'Ada@northwind.example' })], [local], [ada]);
    expect(matching.conflicts).toEqual([]);
    expect(matching.stored.get('9')).toBe(local);
    expect([...matching.adopted]).toEqual([[1, '9']]);
  });

  it('who is known already adopts nobody: two people never become one', () => {
    const matching = match([rowOf('9', { address: ada })], [personOf(1, { origin: 'local', address: ada }), personOf(9)], [ada]);
    expect(matching.conflicts).toHaveLength(1);
    expect(matching.adopted.size).toBe(0);
  });

  it('the address of a leaver is free, and stays theirs in the past', () => {
    expect(match([rowOf('9', { address: ada })], [personOf(1, { address: ada })]).conflicts).toEqual([]);
    const gone = personOf(1, { origin: 'local', address: ada, memberships: [membershipOf(ACCOUNT, 'Editor', true)] });
    expect(match([rowOf('9', { address: ada })], [gone]).conflicts).toEqual([]);
  });

  it('who leaves one scope and stays in another keeps the address', () => {
    const stays = personOf(1, { address: ada, memberships: [membershipOf(ACCOUNT), membershipOf('northwind/bakery')] });
    expect(match([rowOf('9', { address: ada })], [stays]).conflicts).toHaveLength(1);
  });

  it('a leaver of the same directory may be declared the same person under a new id', () => {
    const matching = match([rowOf('9', { address: ada })], [personOf(1, { address: ada })], [ada]);
    expect([...matching.adopted]).toEqual([[1, '9']]);
  });

  it('two people swap their addresses', () => {
    const matching = match(
      [rowOf('1', { address: ben }), rowOf('2', { address: ada })],
      [personOf(1, { address: ada }), personOf(2, { address: ben })],
    );
    expect(matching.conflicts).toEqual([]);
  });

  it('a contested address keeps the whole chain behind it where it is', () => {
    const people = [
      personOf(1, { address: ada }),
      personOf(2, { address: ben }),
      personOf(3, { origin: 'local', address: 'cara@x.example' }),
    ];
    const rows = [rowOf('9', { address: ada }), rowOf('1', { address: ben }), rowOf('2', { address: 'cara@x.example' })];
    const matching = match(rows, people);
    expect(matching.conflicts.map(({ externalId, holder }) => [externalId, holder.id])).toEqual([
      ['1', 2],
      ['2', 3],
      ['9', 1],
    ]);
  });

  it('two people of one file with one address are a fault that names both places', () => {
    const matching = match(
      [rowOf('1', { address: ada, place: 'people.csv:2' }), rowOf('2', { address: 'ADA@northwind.example', place: 'people.csv:7' })],
      [],
    );
    expect(matching.faults).toMatchObject([{ code: 'directory/duplicate-address', line: 7 }]);
    expect(matching.faults[0]?.message).toContain('people.csv:2');
  });

  it('so they are when the store has the address of one of whom the file says none', () => {
    const matching = match([rowOf('1'), rowOf('9', { address: ada })], [personOf(1, { address: ada })]);
    expect(matching.faults).toMatchObject([{ code: 'directory/duplicate-address' }]);
  });

  it('any number of people have no address', () => {
    const matching = match(
      [rowOf('1', { address: null }), rowOf('2', { address: null }), rowOf('3')],
      [personOf(4, { origin: 'local', address: null })],
    );
    expect(matching).toMatchObject({ faults: [], conflicts: [] });
  });
});
