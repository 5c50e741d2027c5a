import { describe, expect, it } from 'vitest';
import { openDirectoryFile } from '../../../../src/adapters/directory/file/open.ts';
import { fileWith, MAPPING } from './files.ts';

const CSV = 'id,role\n1,Lite\n';
const JSON_USERS = '{"users":[{"id":"1","attributes":{"role-name":"Lite"}}]}';
const open = (people: readonly string[], organizations?: string) =>
  openDirectoryFile({ ...MAPPING, people, ...(organizations === undefined ? {} : { organizations }) }).read();

describe('opening a directory in files', () => {
  it.each([
    ['people.csv', CSV, 'csv'],
    ['PEOPLE.CSV', CSV, 'csv'],
    ['users.json', JSON_USERS, 'itglue'],
    ['download', JSON_USERS, 'itglue'],
    ['download', CSV, 'csv'],
    ['download.txt', ` \n[${JSON_USERS.replace('users', 'data').replace('{"id"', '{"type":"users","id"')}]`, 'itglue'],
  ])('%s', async (name, content, origin) => {
    const read = await open([fileWith(name, content)]);
    expect(read).toMatchObject({ account: 'northwind', origin, wholeScopes: ['northwind'], faults: [] });
    expect([...(read.rows ?? [])]).toMatchObject([{ externalId: '1', role: 'Lite' }]);
  });

  it('takes the origin that the file says', async () => {
    expect((await open([fileWith('p.csv', 'id,role,origin\n1,Lite,demo\n')])).origin).toBe('demo');
  });

  it('joins organizations from their own CSV', async () => {
    const read = await open([fileWith('p.csv', CSV)], fileWith('o.csv', 'id,name\n5,Sunrise\n'));
    expect(read.organizations).toMatchObject([{ externalId: '5' }]);
  });

  it('reads organizations alone: people are not said', async () => {
    const read = await open([], fileWith('o.csv', 'id,name\n5,Sunrise\n'));
    expect(read.rows).toBeUndefined();
    expect(read.wholeScopes).toEqual([]);
  });

  it('gives faults of all files instead of throwing', async () => {
    const read = await open([fileWith('p.csv', 'id,role\n1,Auditor\n')], fileWith('o.csv', 'id,name\n5,\n'));
    expect(read.faults.map(({ code }) => code)).toEqual(['directory/unmapped-role', 'directory/invalid-row']);
  });

  it.each([
    ['a path that does not exist', () => ['/nowhere/people.csv'], 'directory/unreadable', 6],
    ['a folder', () => ['/'], 'directory/unreadable', 6],
    ['two CSVs of people', () => [fileWith('a.csv', CSV), fileWith('b.csv', CSV)], 'directory/unreadable', 6],
    ['a CSV beside JSON', () => [fileWith('a.csv', CSV), fileWith('b.json', JSON_USERS)], 'directory/unreadable', 6],
    ['an empty file', () => [fileWith('a.csv', '')], 'directory/incomplete', 6],
    ['JSON that is not UTF-8', () => [fileWith('a.json', new Uint8Array([0x7b, 0xff, 0x7d]))], 'directory/unreadable', 6],
  ])('refuses %s', async (_, paths, code, exitCode) => {
    await expect(open(paths())).rejects.toMatchObject({ code, exitCode });
  });
});
