import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newDatabase } from '../../servers/postgresql-database.ts';
import { ROOT, rowsIn, runBeside } from './program.ts';

const CONFIGURATION = 'actor:\n  subject: ops\n  user: admin.dana@northwind.example\n';

let folder: string;
let target: Awaited<ReturnType<typeof newDatabase>>;
let url: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-copy-'));
  target = await newDatabase();
  url = `postgres://padlock@/${target.server.database}?host=${target.server.host}`;
  configure('');
  for (const words of [['demo'], ['apply', join(ROOT, 'policies')]]) {
    const { status, stderr } = await runBeside(folder, words);
    expect(status, stderr).toBe(0);
  }
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await target.drop();
});

const configure = (more: string) => writeFileSync(join(folder, 'padlock.yaml'), `${CONFIGURATION}${more}`);
const padlock = (...argv: string[]) => runBeside(folder, argv);
/** The padlock list, without the moment that it is of. */
const list = ({ stdout }: { readonly stdout: string }) => stdout.replace(/\d{4}-\d\d-\d\dT[\d:]+Z\n/, '');
const copy = (to: string, ...more: string[]) => padlock('store', 'copy', '--to', to, ...more);

test.each([
  ['no URL', 'padlock', '--to  error  config/invalid'],
  ['a file', 'sqlite:other.db', '--to is for a database of a PostgreSQL server'],
  ['a password for everybody to see', 'postgres://padlock:secret@localhost/padlock', 'everybody on this machine sees the password'],
  ['a server without TLS', 'postgres://padlock@db.northwind.example/padlock?sslmode=disable', '--to  error  config/invalid'],
])('--to with %s is refused before anything is read: exit 64, and no password is shown', async (_, to, message) => {
  const { status, stdout, stderr } = await copy(to);
  expect(status).toBe(64);
  expect(stderr).toContain(message);
  expect(stdout + stderr).not.toContain('secret');
});

test('copied, with counts and heads; afterwards every command works on it, and the old file is as it was', async () => {
  const before = rowsIn(folder);
  const status = await padlock('status', '--names', 'all');
  // Keys for the server may stand in the file already: of the store that is copied they say nothing.
  configure('database:\n  connections: 4\n');
  const { stdout, stderr, status: code } = await copy(url);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^copied and verified: PostgreSQL at \/\S+\/t_\w+ {3}\d+ rows in \d+ tables, the same byte for byte\n/);
  expect(stdout).toMatch(/ · users 62/);
  expect(stdout).toMatch(/audit log of northwind: entry \d+, [0-9a-f]{64}\n {2}\d+ audit entries verified in the copy\nnext: set store/);
  expect(rowsIn(folder)).toBe(before);
  configure(`store: ${url}\ndatabase:\n  connections: 4\n`);
  expect(list(await padlock('status', '--names', 'all'))).toBe(list(status));
  expect(await padlock('audit', 'verify')).toMatchObject({ status: 0 });
  expect(await padlock('plan', join(ROOT, 'policies'))).toMatchObject({ status: 0, stdout: expect.stringMatching(/no changes/) });
  expect(await copy(url)).toMatchObject({ status: 64, stderr: expect.stringContaining('the store is PostgreSQL at') });
});

test('called again: refused, as one JSON document', async () => {
  configure('');
  const { status, stdout } = await copy(url, '--output', 'json');
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'StoreResult', ok: false, error: { code: 'store/not-empty' } });
});

test('the JSON of a copy: rows, heads, what was there from before', async () => {
  const other = await newDatabase();
  try {
    const { stdout } = await copy(`postgres://padlock@/${other.server.database}?host=${other.server.host}`, '--output', 'json');
    const { tables, heads, ...rest } = JSON.parse(stdout);
    expect(rest).toMatchObject({ kind: 'StoreResult', ok: true, exitCode: 0, resumed: 0, movedOn: false });
    expect(tables).toContainEqual({ name: 'users', rows: 62 });
    expect(heads).toEqual([{ account: 'northwind', seq: rest.entries, hash: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  } finally {
    await other.drop();
  }
});

test('a database that is not there, and a password file that is not: told, and nothing was made', async () => {
  expect(await copy(`${url.replace(target.server.database, 'nobody')}`)).toMatchObject({
    status: 6,
    stderr: expect.stringContaining('has no such database'),
  });
  const env = { PADLOCK_DATABASE_PASSWORD_FILE: 'nowhere' };
  const { status, stderr } = await runBeside(folder, ['store', 'copy', '--to', 'postgres://padlock@localhost:1/padlock'], env);
  expect({ status, stderr }).toMatchObject({
    status: expect.any(Number),
    stderr: expect.stringMatching(/store\/unavailable|config\/unreadable/),
  });
});

test('the docs say what the command says', () => {
  const docs = readFileSync(join(ROOT, 'docs/postgresql.md'), 'utf8');
  for (const code of ['store/not-empty', 'store/half-copied', 'store/copy-differs', 'store/conflict', 'store/restored']) {
    expect(docs).toContain(`\`${code}\``);
  }
});
