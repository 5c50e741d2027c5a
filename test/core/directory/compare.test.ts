import { describe, expect, it } from 'vitest';
import { compareDirectory } from '../../../src/core/directory/compare.ts';
import { isEmpty } from '../../../src/core/directory/plan.ts';
import type { DirectoryRead } from '../../../src/core/model/directory.ts';
import { PadlockError } from '../../../src/core/model/errors.ts';
import { ACCOUNT, factsOf, membershipOf, NOTHING, personOf, readOf, rowOf, rowsFor } from './store-model.ts';

const BAKERY = 'northwind/bakery';

function refusal(read: DirectoryRead): PadlockError {
  try {
    compareDirectory(read, NOTHING);
  } catch (error) {
    if (error instanceof PadlockError) return error;
  }
  throw new Error('expected a PadlockError');
}

describe('comparing people', () => {
  it('creates whom the store does not know, with what is said and every membership', () => {
    const rows = [rowOf('7', { scope: BAKERY, role: 'Lite', name: 'Ada' }), rowOf('7', { name: 'Ada' })];
    const { changes } = compareDirectory(readOf(rows), NOTHING);
    expect(changes.newAccount).toBe(true);
    expect(changes.newScopes).toEqual([ACCOUNT, BAKERY]);
    expect(changes.created).toMatchObject([
      {
        externalId: '7',
        attributes: { name: 'Ada' },
        memberships: [
          { scope: ACCOUNT, role: 'Editor' },
          { scope: BAKERY, role: 'Lite' },
        ],
      },
    ]);
    expect(Object.keys(changes.created[0]?.attributes ?? {})).toEqual(['name']);
  });

  it('updates what is said and differs, nothing else', () => {
    const stored = personOf(1, { name: 'Ada', address: 'ada@x.example', kinds: 1 });
    const { changes } = compareDirectory(
      readOf([rowOf('1', { name: 'Ada', address: 'Ada@x.example', kinds: null, enabled: false })]),
      factsOf([stored]),
    );
    expect(changes.updated).toEqual([{ id: 1, attributes: { address: 'Ada@x.example', kinds: null, enabled: false } }]);
  });

  it.each([
    [null, 5, 5],
    [5, 6, 6],
    [5, 5, undefined],
    [5, 4, undefined],
    [5, null, undefined],
  ])('moves a last sign-in forward only: %s, said %s', (held, said, moved) => {
    const { changes } = compareDirectory(readOf([rowOf('1', { lastSignIn: said })]), factsOf([personOf(1, { lastSignIn: held })]));
    expect(changes.updated).toEqual(moved === undefined ? [] : [{ id: 1, attributes: { lastSignIn: moved } }]);
  });

  it('lets memberships begin, come back, change their role and end', () => {
    const stored = personOf(1, {
      memberships: [membershipOf(ACCOUNT, 'Manager'), membershipOf(BAKERY, 'Lite', true), membershipOf('northwind/clinic', 'Lite')],
    });
    const rows = [
      rowOf('1', { role: 'Editor' }),
      rowOf('1', { scope: BAKERY, role: 'Creator' }),
      rowOf('1', { scope: 'northwind/garage' }),
    ];
    const { changes } = compareDirectory(readOf(rows, { wholeScopes: ['northwind/clinic'] }), factsOf([stored]));
    expect(changes).toMatchObject({
      newScopes: ['northwind/garage'],
      joined: [{ id: 1, scope: 'northwind/garage', role: 'Editor' }],
      rejoined: [{ id: 1, scope: BAKERY, role: 'Creator' }],
      roleChanged: [{ id: 1, scope: ACCOUNT, from: 'Manager', to: 'Editor' }],
      ended: [{ id: 1, scope: 'northwind/clinic', role: 'Lite' }],
    });
  });

  it('ends what a whole list does not name, in whole scopes and for its own origin alone', () => {
    const people = [
      personOf(1),
      personOf(2, { memberships: [membershipOf(BAKERY, 'Lite')] }),
      personOf(3, { origin: 'local' }),
      personOf(4, { memberships: [membershipOf(ACCOUNT, 'Lite', true)] }),
    ];
    const { changes } = compareDirectory(readOf([], { wholeScopes: [ACCOUNT] }), factsOf(people));
    expect(changes.ended).toEqual([{ id: 1, scope: ACCOUNT, role: 'Editor' }]);
  });

  it('a whole list that names nobody of a scope begins none: its mapping may be a typo', () => {
    const { changes } = compareDirectory(readOf([rowOf('1')], { wholeScopes: [ACCOUNT, 'northwind/bakrey'] }), factsOf([personOf(1)]));
    expect(changes.newScopes).toEqual([]);
  });

  it('people that are not said are left alone', () => {
    const read: DirectoryRead = { account: ACCOUNT, origin: 'csv', wholeScopes: [], faults: [] };
    expect(isEmpty(compareDirectory(read, factsOf([personOf(1), personOf(2)])).changes)).toBe(true);
  });

  it('leaves a newcomer with a contested address out, and imports the rest', () => {
    const people = [personOf(1, { origin: 'local', address: 'ada@x.example' })];
    const { changes, conflicts } = compareDirectory(readOf([rowOf('8', { address: 'ada@x.example' }), rowOf('9')]), factsOf(people));
    expect(conflicts).toHaveLength(1);
    expect(changes.created.map(({ externalId }) => externalId)).toEqual(['9']);
  });

  it('lets a known person with a contested address keep the old one, and takes the rest', () => {
    const people = [personOf(1, { origin: 'local', address: 'ada@x.example' }), personOf(2, { address: 'ben@x.example' })];
    const { changes } = compareDirectory(readOf([rowOf('2', { address: 'ada@x.example', name: 'Ben' })]), factsOf(people));
    expect(changes.updated).toEqual([{ id: 2, attributes: { name: 'Ben' } }]);
    expect(changes.ended).toEqual([]);
  });

  it('does not bring back a leaver whose address is taken by now', () => {
    const gone = personOf(2, { address: 'ada@x.example', memberships: [membershipOf(ACCOUNT, 'Editor', true)] });
    const { changes, conflicts } = compareDirectory(
      readOf([rowOf('2')]),
      factsOf([personOf(1, { origin: 'local', address: 'ada@x.example' }), gone]),
    );
    expect(conflicts).toMatchObject([{ address: 'ada@x.example', externalId: '2', holder: { id: 1 } }]);
    expect(isEmpty(changes)).toBe(true);
  });

  it('takes over whom it may, keeping their id', () => {
    const local = personOf(1, {
      origin: 'local',
      address: 'ada@x.example',
      memberships: [membershipOf(ACCOUNT, 'Lite'), membershipOf(BAKERY, 'Lite')],
    });
    const read = readOf([rowOf('8', { address: 'ada@x.example', role: 'Lite' })], { wholeScopes: [ACCOUNT, BAKERY] });
    const { changes } = compareDirectory(read, factsOf([local]), new Set(['ada@x.example']));
    expect(changes).toMatchObject({ created: [], adopted: [{ id: 1, externalId: '8' }], updated: [], ended: [{ id: 1, scope: BAKERY }] });
  });

  it('sorts every list by id and scope, whatever the order of the rows', () => {
    const people = [personOf(10), personOf(9), personOf(2)];
    const rows = ['10', 'b', '2', 'a', '9'].flatMap((id) => [rowOf(id, { scope: BAKERY, name: id }), rowOf(id, { name: id })]);
    const { changes } = compareDirectory(readOf(rows), factsOf(people));
    expect(changes.created.map(({ externalId }) => externalId)).toEqual(['a', 'b']);
    expect(changes.updated.map(({ id }) => id)).toEqual([2, 9, 10]);
    const reversed = compareDirectory(readOf([...rows].reverse()), factsOf([...people].reverse()));
    expect(reversed.changes).toEqual(changes);
  });
});

describe('comparing organizations', () => {
  const known = [{ externalId: '5', name: 'Bakery', myGlueAccount: 'bakery' }];

  it.each([
    ['new', { externalId: '6', name: 'Clinic' }, true],
    ['another name', { externalId: '5', name: 'Sunrise Bakery' }, true],
    ['another MyGlue account', { externalId: '5', name: 'Bakery', myGlueAccount: 'clinic' }, true],
    ['no MyGlue account any more', { externalId: '5', name: 'Bakery', myGlueAccount: null }, true],
    ['MyGlue account not said', { externalId: '5', name: 'Bakery' }, false],
    ['the same', { externalId: '5', name: 'Bakery', myGlueAccount: 'bakery' }, false],
  ])('%s', (_, organization, isChanged) => {
    const read = readOf([], { organizations: [{ ...organization, place: 'orgs.csv:2' }] });
    const { changes } = compareDirectory(read, factsOf([], { organizations: known }));
    expect(changes.organizations).toHaveLength(isChanged ? 1 : 0);
  });

  it('brings the scope of a MyGlue account that nobody is in yet', () => {
    const read = readOf([], { organizations: [{ externalId: '8', name: 'Garage', myGlueAccount: 'garage', place: 'orgs.csv:2' }] });
    expect(compareDirectory(read, factsOf([])).changes.newScopes).toEqual(['northwind/garage']);
  });

  it('refuses one that stands there twice', () => {
    const organization = { externalId: '8', name: 'Garage', place: 'orgs.csv:2' };
    const error = refusal(readOf([], { organizations: [organization, { ...organization, place: 'orgs.csv:3' }] }));
    expect(error.faults).toMatchObject([{ code: 'directory/duplicate-row', line: 3 }]);
  });
});

describe('faults', () => {
  it('come all at once, those of the file too, in the order of the file, and nothing is imported', () => {
    const own = { code: 'directory/unmapped-role', message: 'x', file: 'people.csv', line: 1, column: 1 } as const;
    const rows = [
      rowOf('1', { address: 'a@x.example', place: 'people.csv:2' }),
      rowOf('2', { address: 'A@x.example', place: 'people.csv:9' }),
    ];
    const error = refusal(readOf([...rows, rowOf('1', { place: 'people.csv:4' })], { faults: [own] }));
    expect(error.faults.map(({ code, line }) => [code, line])).toEqual([
      ['directory/unmapped-role', 1],
      ['directory/duplicate-row', 4],
      ['directory/duplicate-address', 9],
    ]);
    expect(error.exitCode).toBe(1);
    expect(error.message).toBe('3 errors in the directory; nothing is imported');
    expect(error.fix).toBeDefined();
  });
});

it('the rows of what the store holds change nothing', () => {
  const people = [
    personOf(1, { lastSignIn: 4, kinds: 2, sso: true }),
    personOf(2, { enabled: false, memberships: [membershipOf(BAKERY, 'Lite')] }),
  ];
  expect(isEmpty(compareDirectory(readOf(people.flatMap(rowsFor)), factsOf(people)).changes)).toBe(true);
});
