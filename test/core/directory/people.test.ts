import { describe, expect, it } from 'vitest';
import { attributesOf, gatherPeople } from '../../../src/core/directory/people.ts';
import { readOf, rowOf } from './store-model.ts';

const BAKERY = 'northwind/bakery';

describe('gathering the rows of a read', () => {
  it('groups rows by person, in the order of the read', () => {
    const rows = [rowOf('2'), rowOf('1'), rowOf('2', { scope: BAKERY })];
    const { people, faults } = gatherPeople(readOf(rows));
    expect([...people.keys()]).toEqual(['2', '1']);
    expect(people.get('2')).toHaveLength(2);
    expect(faults).toEqual([]);
  });

  it('is empty when people are not said', () => {
    expect(gatherPeople({ account: 'northwind', origin: 'csv', wholeScopes: [], faults: [] }).people.size).toBe(0);
  });

  it('refuses a scope of another account', () => {
    const { faults } = gatherPeople(readOf([rowOf('1', { scope: 'contoso/bakery', place: 'people.csv:4' })]));
    expect(faults).toMatchObject([{ code: 'directory/invalid-row', file: 'people.csv', line: 4 }]);
    expect(faults[0]?.message).toContain('contoso/bakery');
  });

  it.each(['Administrator', 'Manager', 'ReadOnly'] as const)('refuses %s in a MyGlue account, which has no such role', (role) => {
    const { faults } = gatherPeople(readOf([rowOf('1', { scope: BAKERY, role })]));
    expect(faults).toMatchObject([{ code: 'directory/invalid-row' }]);
    expect(faults[0]?.fix).toContain('Editor, Creator, Lite');
  });

  it('refuses the same person twice in one scope, naming both places', () => {
    const { faults } = gatherPeople(readOf([rowOf('1', { place: 'people.csv:2' }), rowOf('1', { place: 'people.csv:7' })]));
    expect(faults).toMatchObject([{ code: 'directory/duplicate-row', line: 7 }]);
    expect(faults[0]?.message).toContain('people.csv:2');
  });

  it.each([
    ['address', 'a@x.example', 'A@x.example'],
    ['name', 'Ada', null],
    ['enabled', true, false],
    ['service', true, false],
    ['localPassword', true, false],
    ['sso', true, false],
    ['kinds', 1, 0],
    ['lastSignIn', 1, 2],
  ])('refuses rows of one person that disagree in %s, naming both places', (attribute, one, other) => {
    const rows = [
      rowOf('1', { [attribute]: one, place: 'users.json: data[1]' }),
      rowOf('1', { scope: BAKERY, [attribute]: other, place: 'users.json: data[5]' }),
    ];
    const { faults } = gatherPeople(readOf(rows));
    expect(faults).toMatchObject([{ code: 'directory/invalid-row', file: 'users.json', line: 0 }]);
    expect(faults[0]?.message).toMatch(/^data\[5\]: .*users\.json: data\[1\]/);
  });

  it('takes from one row what another does not say', () => {
    const rows = [rowOf('1', { name: 'Ada' }), rowOf('1', { scope: BAKERY, address: 'ada@x.example', name: 'Ada', kinds: null })];
    expect(gatherPeople(readOf(rows)).faults).toEqual([]);
    expect(attributesOf(rows)).toEqual({ name: 'Ada', address: 'ada@x.example', kinds: null });
  });

  it('tells every fault at once', () => {
    const { faults } = gatherPeople(
      readOf([rowOf('1'), rowOf('1'), rowOf('2', { scope: BAKERY, role: 'Manager' }), rowOf('3', { scope: 'other' })]),
    );
    expect(faults.map(({ code }) => code).sort()).toEqual(['directory/duplicate-row', 'directory/invalid-row', 'directory/invalid-row']);
  });
});
