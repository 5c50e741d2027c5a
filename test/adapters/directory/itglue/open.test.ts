import { chmodSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openDirectoryFile } from '../../../../src/adapters/directory/file/open.ts';
import { type ItGlueAccount, openItGlue } from '../../../../src/adapters/directory/itglue/open.ts';
import type { DirectoryRead } from '../../../../src/core/model/directory.ts';
import { PadlockError } from '../../../../src/core/model/errors.ts';
import { fileWith, MAPPING } from '../file/files.ts';
import { myGlueUser, organization, SMALL, user, users } from './people.ts';
import { type Asked, type Fault, type ItGlue, itGlueFor, PLANTED_KEY, type Resource } from './server.ts';

interface Heard {
  readonly waits: number[];
  readonly told: [number, number | null][];
  readonly steps: [number, number][];
}

/** The directory that a server tells of, read without waiting. */
function open(api: Pick<ItGlue, 'origin'>, more: Partial<ItGlueAccount> = {}) {
  const heard: Heard = { waits: [], told: [], steps: [] };
  let now = Date.parse('2026-11-25T08:00:00Z');
  const source = openItGlue({
    ...MAPPING,
    address: { baseUrl: api.origin },
    key: { variable: 'ITGLUE_KEY', value: PLANTED_KEY },
    clock: { now: () => now },
    random: { bytes: (length) => new Uint8Array(length) },
    sleep: async (milliseconds) => {
      heard.waits.push(milliseconds);
      now += milliseconds;
    },
    waiting: (...words) => heard.told.push(words),
    progress: (...step) => heard.steps.push(step),
    ...more,
  });
  return { source, heard };
}

async function failing(api: ItGlue, more: Partial<ItGlueAccount> = {}) {
  const { source, heard } = open(api, more);
  const error = await source.read().then(
    () => expect.fail('it was read'),
    (failure: unknown) => failure,
  );
  if (!(error instanceof PadlockError)) throw error;
  expect(error.exitCode).toBe(6);
  expect(error.fix).toMatch(/\w/);
  expect(inspect(error, { depth: 9, showHidden: true }) + error.stack).not.toContain('Planted');
  return { code: error.code, message: error.message, fix: error.fix, data: error.data, ...heard };
}

/** What a read says, places apart: walked through, in an order of its own. */
function said({ rows = [], wholeScopes, organizations = [], ...rest }: DirectoryRead) {
  const placeless = <T extends { place: string; externalId: string }>(list: Iterable<T>) =>
    [...list].map(({ place: _, ...row }) => row).sort((a, b) => a.externalId.localeCompare(b.externalId));
  return { ...rest, rows: placeless(rows), organizations: placeless(organizations), wholeScopes: [...wholeScopes].sort() };
}

const on = (type: Asked['type'], page: number, fault: Fault) => (asked: Asked) =>
  asked.type === type && asked.page === page ? fault : undefined;

describe('the directory that the API tells of', () => {
  it('is the one that files with the same pages tell of', async () => {
    const api = await itGlueFor({ ...SMALL, largestPage: 2 });
    const live = await open(api).source.read();
    const get = async (type: string, page: number) =>
      (await fetch(`${api.origin}/${type}?page[size]=1000&page[number]=${page}`, { headers: { 'x-api-key': PLANTED_KEY } })).text();
    const pages = await Promise.all([get('users', 3), get('users', 1), get('users', 2), get('organizations', 1), get('organizations', 2)]);
    const files = await openDirectoryFile({ ...MAPPING, people: pages.map((text, i) => fileWith(`${i}.json`, text)) }).read();
    expect(said(live)).toEqual(said(files));
    expect(live).toMatchObject({ account: 'northwind', origin: 'itglue', faults: [] });
    expect([[...(live.rows ?? [])].length, live.organizations?.length]).toEqual([6, 4]);
  });

  it('asks as the contract says, and for nothing else', async () => {
    const api = await itGlueFor(SMALL);
    await open(api).source.read();
    expect(api.requests.map(decodeURIComponent)).toEqual([
      'GET /organizations?page[size]=1000&page[number]=1&sort=id',
      'GET /users?page[size]=1000&page[number]=1&sort=id',
    ]);
  });

  it('names everyone: a MyGlue account that nobody is left in is whole too', async () => {
    const api = await itGlueFor({ users: users(3) });
    expect((await open(api).source.read()).wholeScopes).toEqual(['northwind', 'northwind/bakery', 'northwind/clinic']);
  });

  it('takes in all of a page size that the server caps', async () => {
    const api = await itGlueFor({ users: users(2345), largestPage: 100 });
    const { source, heard } = open(api);
    const read = await source.read();
    expect(new Set([...(read.rows ?? [])].map(({ externalId }) => externalId)).size).toBe(2345);
    expect(heard.steps.at(-1)).toEqual([47, 47]);
  });

  it('reads 1 000 a page where it may, each of several pages twice but the last', async () => {
    const api = await itGlueFor({ users: users(3500) });
    const read = await open(api).source.read();
    expect([...(read.rows ?? [])]).toHaveLength(3500);
    expect(api.requests.filter((line) => line.includes('/users'))).toHaveLength(7);
  });

  it.each([
    ['an unknown role', user(9, { 'role-name': 'Auditor' }), 'directory/unmapped-role', /customRoles/],
    ['a null role', user(9, { 'role-name': null }), 'directory/invalid-row', /Administrator/],
    ['an unmapped MyGlue account', myGlueUser(9, 7009), 'directory/unmapped-myglue-account', /harbor-lights: "7009"/],
    ['a MyGlue user of no account', user(9, { 'my-glue': true }), 'directory/invalid-row', /attribute/],
  ])('tells of %s with everything else, and where it stands', async (_, wrong, code, fix) => {
    const api = await itGlueFor({
      users: [...SMALL.users, wrong],
      organizations: [organization(60, 'Harbor Lights', code.endsWith('account') ? 7009 : null)],
      largestPage: 4,
    });
    const { faults } = await open(api).source.read();
    expect(faults).toMatchObject([{ code, fix: expect.stringMatching(fix) }]);
    if (code !== 'directory/unmapped-myglue-account')
      expect(faults[0]).toMatchObject({ file: 'IT Glue, page 2 of users', message: expect.stringMatching(/^data\[2\]: /) });
  });

  it('reads the key from a file', async () => {
    const api = await itGlueFor(SMALL);
    const file = fileWith('itglue.key', `${PLANTED_KEY}\n`);
    chmodSync(file, 0o600);
    expect((await open(api, { key: { file } }).source.read()).faults).toEqual([]);
    chmodSync(file, 0o644);
    expect(await failing(api, { key: { file } })).toMatchObject({ code: 'directory/no-key' });
  });
});

/** Everything that can go wrong with the first answer, and the code that it has then. */
const FIRST: readonly [string, Fault, string, RegExp][] = [
  ['401', { status: 401 }, 'directory/unauthorized', /90 days/],
  ['403', { status: 403 }, 'directory/wrong-key', /ITGLUE_KEY, or the region/],
  ['429 without end', { status: 429 }, 'directory/rate-limited', /5 minutes/],
  ['429 for an hour', { status: 429, headers: { 'retry-after': '3600' } }, 'directory/rate-limited', /5 minutes/],
  ['500 without end', { status: 500 }, 'directory/unreachable', /is up/],
  ['503 without end', { status: 503, headers: { 'retry-after': '1' } }, 'directory/unreachable', /is up/],
  ['a connection that breaks', 'hang up', 'directory/unreachable', /reaches it/],
  ['half an answer', 'half', 'directory/unreachable', /reaches it/],
  ['a redirect', { status: 301, headers: { location: 'https://elsewhere.example/users' } }, 'directory/contract-broken', /baseUrl/],
  ['404', { status: 404 }, 'directory/contract-broken', /baseUrl/],
  ['a page for people', { status: 200, body: '<html>' }, 'directory/contract-broken', /baseUrl/],
  ['a document without meta', ({ data }) => ({ data }), 'directory/contract-broken', /baseUrl/],
];

describe('what fails before anything was read', () => {
  it.each(FIRST)('%s', async (_, fault, code, fix) => {
    const api = await itGlueFor({ ...SMALL, fault: () => fault });
    expect(await failing(api)).toMatchObject({ code, fix: expect.stringMatching(fix) });
  });

  it('a wrong key is not tried again', async () => {
    const api = await itGlueFor(SMALL);
    expect(await failing(api, { key: { variable: 'ITGLUE_KEY', value: 'ITG.another' } })).toMatchObject({
      code: 'directory/wrong-key',
      waits: [],
    });
    expect(api.requests).toHaveLength(1);
  });

  it('a server that is not there', async () => {
    const api = await itGlueFor(SMALL);
    await api.close();
    const failure = await failing(api);
    expect(failure).toMatchObject({ code: 'directory/unreachable', message: expect.stringContaining('ECONNREFUSED') });
    expect(failure.told).toHaveLength(5);
  });

  it('silence is waited for as long as it is said', async () => {
    const api = await itGlueFor({ ...SMALL, fault: () => 'silence' });
    const failure = await failing(api, { bounds: { timeout: 30, bytes: 1000 } });
    expect(failure).toMatchObject({ code: 'directory/unreachable', message: expect.stringContaining('no whole answer within') });
    expect(failure.waits).toHaveLength(5);
  });
});

describe('what fails once a part was read is incomplete, and says why', () => {
  it.each(FIRST)('page 3 of users: %s', async (_, fault, code, fix) => {
    const api = await itGlueFor({ users: users(10), largestPage: 2, fault: on('users', 3, fault) });
    const failure = await failing(api);
    expect(failure).toMatchObject({
      code: 'directory/incomplete',
      message: expect.stringMatching(/^only a part was read: .*; nothing is imported$/),
    });
    expect(failure.fix).toMatch(fix);
    expect(failure.data).toEqual({ reason: code });
  });

  it.each<[string, Fault]>([
    ['a page once more', ({ data, meta, ...rest }) => ({ ...rest, data, meta: { ...meta, 'current-page': 2, 'next-page': 3 } })],
    ['the people of page 1 once more', (document) => ({ ...document, data: [user(1), user(2)] })],
    ['an empty page', (document) => ({ ...document, data: [] })],
    ['one fewer', (document) => ({ ...document, data: document.data.slice(1) })],
    ['another total-count', (document) => ({ ...document, meta: { ...document.meta, 'total-count': 11 } })],
    ['the last page already', (document) => ({ ...document, meta: { ...document.meta, 'next-page': null } })],
  ])('page 3 of users is %s', async (_, fault) => {
    const api = await itGlueFor({ users: users(10), largestPage: 2, fault: on('users', 3, fault) });
    expect(await failing(api)).toMatchObject({ code: 'directory/incomplete' });
  });

  it('no user at all is not an account without users', async () => {
    const api = await itGlueFor({ organizations: SMALL.organizations });
    expect(await failing(api)).toMatchObject({ code: 'directory/incomplete', message: expect.stringContaining('names no user at all') });
  });
});

describe('what passes', () => {
  it('is tried again after as long as it asks for, and told of', async () => {
    const first = (fault: Fault) => (asked: Asked) => (asked.before === 0 ? fault : undefined);
    const api = await itGlueFor({ ...SMALL, fault: first({ status: 429, headers: { 'retry-after': '7' } }) });
    const { source, heard } = open(api);
    expect((await source.read()).faults).toEqual([]);
    expect(heard.waits).toEqual([7000, 7000]);
    expect(heard.told).toEqual([
      [7000, 429],
      [7000, 429],
    ]);
  });

  it.each<[string, Fault, number | null]>([
    ['503', { status: 503 }, 503],
    ['a connection that breaks', 'hang up', null],
    ['half an answer', 'half', null],
  ])('%s, five times of six', async (_, fault, status) => {
    const api = await itGlueFor({ ...SMALL, fault: ({ type, before }) => (type === 'users' && before < 5 ? fault : undefined) });
    const { source, heard } = open(api);
    expect([...((await source.read()).rows ?? [])]).toHaveLength(6);
    expect(heard.told).toEqual([500, 1000, 2000, 4000, 8000].map((wait) => [wait, status]));
  });

  it('a list that changes once is read once more', async () => {
    const more: readonly Resource[] = users(6);
    const api = await itGlueFor({ users: users(5), largestPage: 2 });
    api.fault = ({ type, page, before }) => {
      if (type === 'users' && page === 2 && before === 0) api.users = more;
      return undefined;
    };
    const read = await open(api).source.read();
    expect([...(read.rows ?? [])].map(({ externalId }) => externalId)).toEqual(more.map(({ id }) => id));
  });

  it('one that changes each time is incomplete', async () => {
    const api = await itGlueFor({ users: users(5), largestPage: 2 });
    api.fault = ({ type, page }) => {
      if (type === 'users' && page === 2) api.users = users(api.users.length + 1);
      return undefined;
    };
    expect(await failing(api)).toMatchObject({
      code: 'directory/incomplete',
      message: expect.stringContaining('changes while it is read'),
    });
  });
});
