import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { myGlueUser, organization, user, users } from '../../adapters/directory/itglue/people.ts';
import { type Fault, type ItGlue, PLANTED_KEY, startItGlue } from '../../adapters/directory/itglue/server.ts';
import { rowsIn, runBeside, runIn } from './program.ts';

const ADMINISTRATOR = { 'role-name': 'Administrator' };
const PEOPLE = [
  user(1, ADMINISTRATOR),
  user(2, { 'role-name': 'Manager' }),
  ...users(8, 3),
  ...Array.from({ length: 4 }, (_, index) => myGlueUser(51 + index, 7001)),
];
const ORGANIZATIONS = [organization(1, 'Sunrise Bakery', 7001), organization(2, 'Harbor Clinic', 7002)];

/** What everyone must have; a whole account is planned, applied and reported by it. */
const POLICY = `apiVersion: padlock.dev/v1alpha1
kind: MfaPolicy
metadata:
  name: northwind
spec:
  account: northwind
  requireMfa: true
  gracePeriod: 14d
  myGlueDefault:
    requireMfa: true
    gracePeriod: 14d
`;

let api: ItGlue;
let folder: string;

/** A folder with a configuration for the API, and the key in a file. */
function placed(more: { enforcer?: string; key?: string } = {}): string {
  const made = mkdtempSync(join(tmpdir(), 'padlock-itglue-'));
  writeFileSync(join(made, 'itglue.key'), `${PLANTED_KEY}\n`, { mode: 0o600 });
  mkdirSync(join(made, 'policies'));
  writeFileSync(join(made, 'policies', 'account.yaml'), POLICY);
  writeFileSync(
    join(made, 'padlock.yaml'),
    `actor: { user: user1@northwind.example }
accounts:
  northwind:
    enforcer: ${more.enforcer ?? 'portal'}
    myGlueAccounts: { bakery: "7001", clinic: "7002", garage: "7003" }
    directory: { itglue: { baseUrl: "${api.origin}", ${more.key ?? 'apiKeyFile: itglue.key'} } }
`,
  );
  return made;
}

const IMPORT = ['directory', 'import', '--account', 'northwind', '--from', 'itglue'];
const padlock = (...argv: readonly string[]) => runBeside(folder, argv);

beforeAll(async () => {
  api = await startItGlue({ users: PEOPLE, organizations: ORGANIZATIONS, largestPage: 5 });
  folder = placed();
});
beforeEach(() => {
  api.users = PEOPLE;
  api.fault = () => undefined;
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('an import from IT Glue', () => {
  test('takes everyone in, page by page; again: nothing to import, no row written', async () => {
    const first = await padlock(...IMPORT);
    expect(first).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('14 people, 3 scopes (new)') });
    expect(first.stdout).toContain('people: 14 created');
    const before = rowsIn(folder);
    expect(await padlock(...IMPORT)).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('nothing to import') });
    expect(rowsIn(folder)).toBe(before);
  });

  test('begins no scope that is in the configuration alone', () => {
    expect(runIn(folder, ['status']).stdout).not.toContain('garage');
  });

  test('the same people by file are the same people', async () => {
    const text = await (await fetch(`${api.origin}/users?page[size]=1000`, { headers: { 'x-api-key': PLANTED_KEY } })).json();
    const all = { users: PEOPLE, meta: { origin: 'itglue' } };
    expect((text as { meta: object }).meta).toMatchObject({ 'total-count': PEOPLE.length });
    writeFileSync(join(folder, 'users.json'), JSON.stringify(all));
    expect(runIn(folder, ['directory', 'import', 'users.json', '--account', 'northwind']).stdout).toContain('nothing to import');
  });

  test('dry: says what would be done, and writes nothing', async () => {
    const before = rowsIn(folder);
    api.users = [...PEOPLE, user(20)];
    const { status, stdout } = await padlock(...IMPORT, '--dry-run');
    expect({ status, created: stdout.includes('people: 1 created'), dry: stdout.includes('dry run: nothing written') }).toEqual({
      status: 0,
      created: true,
      dry: true,
    });
    expect(rowsIn(folder)).toBe(before);
  });

  test('meets the guard: too many who are gone are refused, nothing is written', async () => {
    const before = rowsIn(folder);
    api.users = PEOPLE.slice(0, 9);
    const { status, stdout } = await padlock(...IMPORT, '--print-overrides');
    expect(status).toBe(4);
    expect(stdout).toMatch(/5 of 14 enabled people removed, disabled or demoted \(36 %\), limit\s+25 %/);
    expect(stdout).toContain('nothing imported');
    expect(stdout).toContain('kind: GuardOverride');
    expect(rowsIn(folder)).toBe(before);
  });

  test('the last of a MyGlue account, gone, has left it', async () => {
    api.users = [...PEOPLE, myGlueUser(60, 7002)];
    expect((await padlock(...IMPORT)).stdout).toContain('imported');
    api.users = PEOPLE;
    const { status, stdout } = await padlock(...IMPORT);
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringMatching(/clinic +1 → 0 members · 1 ended/) });
  });

  test('its help has an example, which runs', async () => {
    const { stdout } = runIn(folder, ['directory', 'import', '--help']);
    const example = stdout.split('\n').find((line) => line.includes('$ padlock') && line.includes('--from itglue'));
    expect(await padlock(...(example ?? '').trim().split(' ').slice(2))).toMatchObject({ status: 0, stderr: '' });
  });
});

const on =
  (page: number, fault: Fault): ItGlue['fault'] =>
  (asked) =>
    asked.type === 'users' && asked.page === page ? fault : undefined;
const everywhere =
  (fault: Fault): ItGlue['fault'] =>
  () =>
    fault;
const now = { 'retry-after': '0' };

/** What the API does then, the code that it ends with, and words that say what to do. */
const FAULTS: readonly [string, Partial<Pick<ItGlue, 'fault' | 'users'>>, string, string][] = [
  ['401', { fault: everywhere({ status: 401 }) }, 'directory/unauthorized', 'revoked'],
  ['403', { fault: everywhere({ status: 403 }) }, 'directory/wrong-key', 'correct the key in the file itglue.key'],
  ['429 for an hour', { fault: everywhere({ status: 429, headers: { 'retry-after': '3600' } }) }, 'directory/rate-limited', 'try again'],
  ['503 without end', { fault: everywhere({ status: 503, headers: now }) }, 'directory/unreachable', 'import again'],
  ['a redirect', { fault: everywhere({ status: 302, headers: { location: '/elsewhere' } }) }, 'directory/contract-broken', 'baseUrl'],
  ['page 3 fails', { fault: on(3, { status: 500, headers: now }) }, 'directory/incomplete', 'import again'],
  ['page 3 is cut off', { fault: on(3, { status: 200, body: '{"data":[' }) }, 'directory/incomplete', 'baseUrl'],
  [
    'page 2 once more',
    { fault: on(3, (page) => ({ ...page, meta: { ...page.meta, 'current-page': 2 } })) },
    'directory/incomplete',
    'import again',
  ],
  ['one fewer than counted', { fault: on(2, (page) => ({ ...page, data: page.data.slice(1) })) }, 'directory/incomplete', 'import again'],
  ['nobody', { users: [] }, 'directory/incomplete', 'import again'],
];

describe('a read that fails is incomplete: exit 6, and nothing is changed', () => {
  test.each(FAULTS)('%s', async (_, world, code, words) => {
    const before = rowsIn(folder);
    Object.assign(api, world);
    const { status, stdout, stderr } = await padlock(...IMPORT, '--output', 'json');
    expect({ status, json: JSON.parse(stdout) }).toMatchObject({
      status: 6,
      json: { kind: 'DirectoryResult', ok: false, exitCode: 6, error: { code } },
    });
    expect(stderr).toContain(code);
    expect(stderr).toContain(words);
    expect(rowsIn(folder)).toBe(before);
  });

  test('what passes is waited out', async () => {
    api.fault = ({ page, before, type }) =>
      type === 'users' && page === 2 && before % 2 === 0 ? { status: 429, headers: now } : undefined;
    expect(await padlock(...IMPORT)).toMatchObject({ status: 0, stderr: '' });
  });

  test.each([
    ['an unknown role', user(30, { 'role-name': 'Auditor' }), 'directory/unmapped-role'],
    ['a null role', user(30, { 'role-name': null }), 'directory/invalid-row'],
  ])('%s refuses the import: exit 1, with where it stands', async (_, wrong, code) => {
    const before = rowsIn(folder);
    api.users = [...PEOPLE, wrong];
    const { status, stderr } = await padlock(...IMPORT);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(code) });
    expect(stderr).toMatch(/IT Glue, page \d of users/);
    expect(rowsIn(folder)).toBe(before);
  });
});

describe('the key', () => {
  test('in a variable is as good; one that is not set is asked for by its name', async () => {
    const place = placed({ key: 'apiKeyEnv: ITGLUE_API_KEY' });
    expect(await runBeside(place, IMPORT)).toMatchObject({
      status: 6,
      stderr: expect.stringMatching(/directory\/no-key.*ITGLUE_API_KEY/s),
    });
    expect(await runBeside(place, IMPORT, { ITGLUE_API_KEY: PLANTED_KEY })).toMatchObject({ status: 0, stderr: '' });
    rmSync(place, { recursive: true });
  });

  test('in a file that everybody can read is not used', async () => {
    const asked = api.requests.length;
    chmodSync(join(folder, 'itglue.key'), 0o644);
    expect(await padlock(...IMPORT)).toMatchObject({ status: 6, stderr: expect.stringContaining('chmod 600 itglue.key') });
    chmodSync(join(folder, 'itglue.key'), 0o600);
    expect(api.requests.length).toBe(asked);
  });
});

describe('with the enforcer none, all of it is unenforceable', () => {
  let place: string;
  const run = (...argv: readonly string[]) => runIn(place, argv);
  const scopesOf = (stdout: string) =>
    (JSON.parse(stdout) as { scopes: { scope: string; enforcer: string; enforced: boolean; compliant: boolean }[] }).scopes;
  const SCOPES = ['northwind', 'northwind/bakery', 'northwind/clinic'];

  beforeAll(async () => {
    place = placed({ enforcer: 'none' });
    expect(await runBeside(place, IMPORT)).toMatchObject({ status: 0 });
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  test('in a plan, of every format', () => {
    const text = run('plan').stdout;
    expect(text.match(/! unenforceable: the enforcer is none/g)).toHaveLength(3);
    expect(text).toContain('10 unknown: the enforcer cannot tell');
    expect(run('plan', '--output', 'markdown').stdout.match(/! unenforceable: the enforcer is `none`/g)).toHaveLength(3);
    expect(run('plan', '--output', 'html').stdout.match(/Unenforceable: the enforcer is/g)).toHaveLength(3);
    const { plan } = JSON.parse(run('plan', '--output', 'json').stdout) as { plan: { scopes: { enforcer: string }[] } };
    expect(plan.scopes.map(({ enforcer }) => enforcer)).toEqual(['none', 'none', 'none']);
  });

  test('in the padlock list, and nobody is compliant', () => {
    expect(run('apply')).toMatchObject({ status: 0, stdout: expect.stringContaining('applied 3 changes') });
    const { stdout } = run('status');
    expect(stdout.match(/^ *(northwind|bakery|clinic) +unenforceable /gm)).toHaveLength(3);
    expect(stdout).toContain('0 of 3 scopes enforced');
    const scopes = scopesOf(run('status', '--output', 'json').stdout);
    expect(scopes.map(({ scope }) => scope)).toEqual(SCOPES);
    for (const scope of scopes) expect(scope).toMatchObject({ enforcer: 'none', enforced: false, compliant: false });
  });

  test('in a report, of every format, and --fail-on finds it', () => {
    const { stdout } = run('report', '--out', 'reports');
    expect(stdout.match(/unenforceable, not enforced/g)).toHaveLength(3);
    expect(stdout).toContain('0 of 3 scopes enforced · not compliant');
    const read = (ending: string) => {
      const name = readdirSync(join(place, 'reports')).find((file) => file.endsWith(ending) && !file.endsWith(`.sig${ending}`));
      return readFileSync(join(place, 'reports', name ?? ''), 'utf8');
    };
    expect(read('.html').match(/Unenforceable/g)?.length).toBeGreaterThanOrEqual(3);
    for (const scope of scopesOf(read('.json'))) expect(scope).toMatchObject({ enforcer: 'none', enforced: false, compliant: false });
    expect(
      read('.csv')
        .trim()
        .split('\r\n')
        .slice(1)
        .every((line) => line.includes(',unknown,cannot-tell,Unknown,')),
    ).toBe(true);
  });

  test('in what holds for one person', () => {
    expect(run('explain', 'user3@northwind.example').stdout).toContain('nothing is enforced here: the enforcer is none');
  });
});
