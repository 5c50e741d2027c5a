import { describe, expect, it } from 'vitest';
import { compareDirectory } from '../../../src/core/directory/compare.ts';
import { digestDirectory } from '../../../src/core/directory/digest.ts';
import type { DirectoryChanges } from '../../../src/core/model/directory.ts';
import { IMPORT_TERMS, NOTHING, readOf, rowOf } from './store-model.ts';

const SAME = IMPORT_TERMS.enforcer;

const organization = { externalId: '5', name: 'Bakery', myGlueAccount: 'bakery', place: 'orgs.csv:2' };
const base: DirectoryChanges = {
  account: 'northwind',
  origin: 'csv',
  newAccount: false,
  newScopes: ['northwind/bakery'],
  organizations: [organization],
  created: [{ externalId: '1', attributes: { name: 'Ada' }, memberships: [{ scope: 'northwind', role: 'Editor' }] }],
  adopted: [{ id: 1, externalId: '4' }],
  updated: [{ id: 2, attributes: { address: null } }],
  joined: [{ id: 2, scope: 'northwind/bakery', role: 'Lite' }],
  rejoined: [],
  roleChanged: [{ id: 3, scope: 'northwind', from: 'Editor', to: 'Lite' }],
  ended: [{ id: 4, scope: 'northwind', role: 'Lite' }],
};
const digest = digestDirectory(base, 3, SAME);

describe('the digest of an import', () => {
  it('is a hex SHA-256', () => {
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  const others: readonly (readonly [string, Partial<DirectoryChanges>])[] = [
    ['account', { account: 'contoso' }],
    ['origin', { origin: 'itglue' }],
    ['new account', { newAccount: true }],
    ['new scopes', { newScopes: [] }],
    ['an organization’s name', { organizations: [{ ...organization, name: 'Baker' }] }],
    ['an organization’s MyGlue account', { organizations: [{ ...organization, myGlueAccount: null }] }],
    ['someone created', { created: [] }],
    [
      'a created one’s attribute',
      { created: [{ externalId: '1', attributes: { name: null }, memberships: [{ scope: 'northwind', role: 'Editor' }] }] },
    ],
    [
      'a created one’s role',
      { created: [{ externalId: '1', attributes: { name: 'Ada' }, memberships: [{ scope: 'northwind', role: 'Lite' }] }] },
    ],
    ['someone adopted', { adopted: [{ id: 1, externalId: '5' }] }],
    ['an update', { updated: [{ id: 2, attributes: { address: 'a@x.example' } }] }],
    ['said and not said', { updated: [{ id: 2, attributes: {} }] }],
    ['joined is not rejoined', { joined: [], rejoined: base.joined }],
    ['a role', { roleChanged: [{ id: 3, scope: 'northwind', from: 'Editor', to: 'Creator' }] }],
    ['an end', { ended: [] }],
  ];
  it.each(others)('tells apart: %s', (_, other) => {
    expect(digestDirectory({ ...base, ...other }, 3, SAME)).not.toBe(digest);
  });

  it('tells the version of the account apart', () => {
    expect(new Set([digest, digestDirectory(base, 4, SAME), digestDirectory(base, null, SAME)]).size).toBe(3);
  });

  it('does not change with files, lines, the order of rows or of columns', () => {
    const row = { name: 'Ada', address: 'ada@x.example' };
    const one = compareDirectory(readOf([rowOf('1', row), rowOf('2')]), NOTHING).changes;
    const other = compareDirectory(
      readOf([rowOf('2'), rowOf('1', { address: 'ada@x.example', name: 'Ada', place: 'x.csv:99' })]),
      NOTHING,
    ).changes;
    expect(digestDirectory(other, null, SAME)).toBe(digestDirectory(one, null, SAME));
    expect(digestDirectory({ ...base, organizations: [{ ...organization, place: 'y.csv:1' }] }, 3, SAME)).toBe(digest);
  });
});
