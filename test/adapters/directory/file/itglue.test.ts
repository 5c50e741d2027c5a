import { describe, expect, it } from 'vitest';
import { readItGlue } from '../../../../src/adapters/directory/file/itglue.ts';
import { errorOf, MAPPING } from './files.ts';

const user = (id: string, attributes: object = {}) => ({ id, type: 'users', attributes: { 'role-name': 'Editor', ...attributes } });
const organization = (id: string, attributes: object) => ({ id, type: 'organizations', attributes });

function read(...documents: unknown[]) {
  return readItGlue(
    documents.map((document, index) => ({ file: `users${index || ''}.json`, text: JSON.stringify(document) })),
    MAPPING,
  );
}

/** A page as IT Glue sends it. */
function page(number: number, of: number, total: number, data: unknown[], type = 'users') {
  const link = (page: number) => `https://api.itglue.com/${type}?page%5Bnumber%5D=${page}`;
  return {
    data,
    meta: { 'current-page': number, 'next-page': number < of ? number + 1 : null, 'total-pages': of, 'total-count': total },
    links: { self: link(number), next: number < of ? link(number + 1) : null },
  };
}

describe('users in IT Glue’s shape', () => {
  it('are read with what Padlock has use for', () => {
    const { rows, faults, wholeScopes } = read({
      users: [
        user('1', {
          name: 'Ada Moreau',
          email: 'Ada@northwind.example',
          'role-name': 'Read-only',
          'last-sign-in-at': '2026-11-20T08:00:00Z',
          'current-sign-in-at': '2026-11-24T08:00:00Z',
          'my-glue': false,
          'my-glue-account-id': null,
          reputation: 12,
        }),
        user('2', {
          email: null,
          name: null,
          'first-name': 'Ben',
          'last-name': null,
          'my-glue': true,
          'my-glue-account-id': 7001,
          'last-sign-in-at': null,
        }),
      ],
    });
    expect(faults).toEqual([]);
    expect(wholeScopes).toEqual(['northwind', 'northwind/bakery']);
    expect(rows).toEqual([
      {
        externalId: '1',
        scope: 'northwind',
        role: 'ReadOnly',
        address: 'Ada@northwind.example',
        name: 'Ada Moreau',
        lastSignIn: Date.parse('2026-11-24T08:00:00Z'),
        place: 'users.json: users[0]',
      },
      {
        externalId: '2',
        scope: 'northwind/bakery',
        role: 'Editor',
        address: null,
        name: 'Ben',
        lastSignIn: null,
        place: 'users.json: users[1]',
      },
    ]);
  });

  it('absent attributes are not said', () => {
    expect(read({ users: [user('1')] }).rows).toEqual([
      { externalId: '1', scope: 'northwind', role: 'Editor', place: 'users.json: users[0]' },
    ]);
  });

  it.each([
    ['no role', user('1', { 'role-name': null }), 'directory/invalid-row'],
    ['an unmapped role', user('1', { 'role-name': 'Auditor' }), 'directory/unmapped-role'],
    ['a number for an id', { ...user('1'), id: 1 }, 'directory/invalid-row'],
    ['no id', { type: 'users', attributes: { 'role-name': 'Lite' } }, 'directory/invalid-row'],
    ['no attributes', { id: '1', type: 'users' }, 'directory/invalid-row'],
    ['no object', 'ada', 'directory/invalid-row'],
    ['another type', organization('1', { name: 'A', 'role-name': 'Lite' }), 'directory/invalid-row'],
    ['a MyGlue user without an account', user('1', { 'my-glue': true, 'my-glue-account-id': null }), 'directory/invalid-row'],
    ['an account of who is no MyGlue user', user('1', { 'my-glue': false, 'my-glue-account-id': 7001 }), 'directory/invalid-row'],
    ['an unmapped MyGlue account', user('1', { 'my-glue': true, 'my-glue-account-id': 9 }), 'directory/unmapped-myglue-account'],
    ['a bad address', user('1', { email: 'ada' }), 'directory/invalid-row'],
    ['a number for an address', user('1', { email: 3 }), 'directory/invalid-row'],
    ['a bad instant', user('1', { 'last-sign-in-at': 'soon' }), 'directory/invalid-row'],
  ])('a fault: %s', (_, resource, code) => {
    const { faults } = read({ users: [user('0'), resource] });
    expect(faults).toMatchObject([{ code, file: 'users.json', line: 0 }]);
    expect(faults[0]?.message).toMatch(/^users\[1\]: /);
    expect(faults[0]?.fix).not.toBe('');
  });

  it('an unmapped MyGlue account is told once, with the line to add, named by its organization', () => {
    const lost = (id: string) => user(id, { 'my-glue': true, 'my-glue-account-id': 9 });
    const { faults } = read({
      users: [lost('1'), lost('2')],
      organizations: [organization('5', { name: 'Harbor Clinic (North)', 'my-glue-account-id': 9 })],
    });
    expect(faults).toHaveLength(1);
    expect(faults[0]?.fix).toBe('add it to accounts.northwind.myGlueAccounts of padlock.yaml: harbor-clinic-north: "9"');
  });
});

describe('what is whole', () => {
  it('a list of account users says nothing of MyGlue accounts', () => {
    expect(read({ users: [user('1')] }).wholeScopes).toEqual(['northwind']);
  });

  it('an explicit empty list is the whole list of every scope', () => {
    const part = read({ users: [] });
    expect(part.rows).toEqual([]);
    expect(part.wholeScopes).toEqual(['northwind', 'northwind/bakery', 'northwind/clinic']);
    expect(read(page(1, 1, 0, [])).wholeScopes).toHaveLength(3);
  });

  it('an absent list says nothing', () => {
    const part = read({ organizations: [] });
    expect(part.rows).toBeUndefined();
    expect(part.wholeScopes).toEqual([]);
  });
});

describe('organizations', () => {
  it('tell an absent MyGlue account from none', () => {
    const { organizations } = read({
      organizations: [
        organization('5', { name: 'Sunrise', 'my-glue-account-id': 7001 }),
        organization('6', { name: 'Miller', 'my-glue-account-id': null }),
        organization('7', { name: 'Third' }),
      ],
    });
    expect(organizations?.map(({ myGlueAccount }) => myGlueAccount)).toEqual(['bakery', null, undefined]);
  });

  it('without a name are faults', () => {
    expect(read({ organizations: [organization('5', { name: null })] }).faults).toMatchObject([{ code: 'directory/invalid-row' }]);
  });
});

describe('pages', () => {
  const first = page(1, 2, 3, [user('1'), user('2')]);
  const last = page(2, 2, 3, [user('3')]);

  it.each([
    ['one file each', [first, last]],
    ['in any order', [last, first]],
    ['a list in one file', [[first, last]]],
  ])('are joined: %s', (_, documents) => {
    const part = read(...documents);
    expect(part.rows?.map(({ externalId }) => externalId).sort()).toEqual(['1', '2', '3']);
    expect(part.faults).toEqual([]);
  });

  it('organizations beside users', () => {
    const part = read(page(1, 1, 1, [user('1')]), page(1, 1, 1, [organization('5', { name: 'A' })], 'organizations'));
    expect([part.rows?.length, part.organizations?.length]).toEqual([1, 1]);
  });

  it.each([
    ['the last is missing', [first]],
    ['the first is missing', [last]],
    ['one has fewer than it says', [page(1, 1, 4, [user('1')])]],
    ['a next one is named and not there', [{ data: [user('1')], links: { next: '/users?page=2' } }]],
    ['a document without resources does not say of what', [{ data: [] }]],
    ['no page', [[]]],
  ])('an incomplete read: %s', (_, documents) => {
    const error = errorOf(() => read(...documents));
    expect([error.code, error.exitCode]).toEqual(['directory/incomplete', 6]);
  });

  it.each([
    ['a text', 'ada'],
    ['nothing of ours', { people: [] }],
    ['something beside the lists', { users: [], groups: [] }],
    ['a list that is none', { users: null }],
    ['data that is no list', { data: {} }],
    ['an origin that is no slug', { users: [], meta: { origin: 'My Files' } }],
  ])('an unreadable one: %s', (_, document) => {
    expect(errorOf(() => read(document)).code).toBe('directory/unreadable');
  });

  it.each([
    ['', 'directory/incomplete'],
    [' \n', 'directory/incomplete'],
    ['{"users": [', 'directory/unreadable'],
  ])('the text %j: %s', (text, code) => {
    expect(errorOf(() => readItGlue([{ file: 'users.json', text }], MAPPING)).code).toBe(code);
  });

  it('name their origin in meta, all the same one', () => {
    expect(read({ users: [user('1')], meta: { origin: 'demo' } }).origin).toBe('demo');
    const other = { users: [user('2')], meta: { origin: 'csv' } };
    expect(errorOf(() => read({ users: [user('1')], meta: { origin: 'demo' } }, other)).code).toBe('directory/unreadable');
  });
});
