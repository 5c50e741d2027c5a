import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contentOf } from '../../adapters/store/opened.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const BIN = join(ROOT, 'bin', 'padlock.mjs');
let home: string;
let folder: string;
let count = 0;

const env = { PATH: process.env['PATH'], TZ: 'UTC' };
function padlock(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...argv], { cwd: folder, encoding: 'utf8', env });
  return { status, stdout, stderr };
}
function json(...argv: readonly string[]) {
  const { status, stdout } = padlock(...argv, '--output', 'json');
  const document = JSON.parse(stdout) as Record<string, unknown>;
  expect(document['exitCode']).toBe(status);
  return document;
}
const database = () => new Database(join(folder, '.padlock', 'padlock.db'), { timeout: 10_000 });
function sql(text: string) {
  const db = database();
  db.exec(text);
  db.close();
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'padlock-operating-'));
  folder = join(home, 'template');
  cpSync(join(ROOT, 'policies'), join(folder, 'policies'), { recursive: true });
  cpSync(join(ROOT, 'padlock.yaml'), join(folder, 'padlock.yaml'));
  expect([padlock('demo').status, padlock('apply').status]).toEqual([0, 0]);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));
beforeEach(() => {
  count += 1;
  folder = join(home, String(count));
  cpSync(join(home, 'template'), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('store backup', () => {
  test('while others write: consistent, verified, for its owner alone, and restored it is noticed', async () => {
    const writing = new Promise<void>((resolve) => {
      let left = 6;
      const next = () => {
        left -= 1;
        if (left < 0) return resolve();
        const user = ['elena', 'felix', 'grace', 'hugo', 'irene', 'jonas'][left] ?? '';
        const words = ['reset', `${user}@northwind.example`, '--account', 'northwind', '--reason', 'x', '--request-id', `B-${left}`];
        spawn(process.execPath, [BIN, ...words], { cwd: folder, env, stdio: 'ignore' }).on('close', next);
      };
      next();
    });
    const made = await Promise.all(
      [1, 2, 3].map(
        (n) =>
          new Promise<number | null>((resolve) => {
            spawn(process.execPath, [BIN, 'store', 'backup', `b${n}.db`], { cwd: folder, env, stdio: 'ignore' }).on('close', resolve);
          }),
      ),
    );
    await writing;
    expect(made).toEqual([0, 0, 0]);
    expect(readdirSync(folder).filter((file) => file.includes('part'))).toEqual([]);
    expect(statSync(join(folder, 'b1.db')).mode & 0o777).toBe(0o600);
    cpSync(join(folder, 'b1.db'), join(folder, '.padlock', 'padlock.db'));
    for (const end of ['-wal', '-shm']) rmSync(join(folder, `.padlock/padlock.db${end}`), { force: true });
    expect(json('doctor')).toMatchObject({ ok: false, exitCode: 1 });
    const { status, stderr } = padlock('status');
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(/^warning {2}store\/restored {2}the store is older/) });
  });

  test('says what is not in it, never overwrites, and leaves nothing where it cannot be made or does not verify', () => {
    expect(padlock('store', 'backup', 'b.db')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('not in it: the keys (.padlock/keys.json)'),
    });
    const before = readFileSync(join(folder, 'b.db'));
    expect(json('store', 'backup', 'b.db')).toMatchObject({ exitCode: 64, error: { code: 'usage/invalid' } });
    expect(readFileSync(join(folder, 'b.db')).equals(before)).toBe(true);
    expect(json('store', 'backup', 'nowhere/b.db')).toMatchObject({ exitCode: 6, error: { code: 'store/unavailable' } });
    sql("update audit set body = replace(body, 'policy.create', 'policy.delete') where seq = 4");
    expect(json('store', 'backup', 'c.db')).toMatchObject({ exitCode: 1, error: { code: 'store/audit-broken' } });
    expect(readdirSync(folder).filter((file) => /c\.db|part/.test(file))).toEqual([]);
  });
});

describe('audit', () => {
  test('export can be verified by anybody: the published rule alone', () => {
    expect(padlock('audit', 'export', '--out', 'audit.jsonl').status).toBe(0);
    const lines = readFileSync(join(folder, 'audit.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    let previous = '0'.repeat(64);
    for (const entry of lines.slice(0, -1)) {
      expect(entry.hash).toBe(createHash('sha256').update(`${previous}\n${entry.body}`).digest('hex'));
      previous = entry.hash;
    }
    expect(lines.at(-1)).toEqual({ kind: 'AuditHead', account: 'northwind', seq: lines.length - 1, hash: previous });
  });

  test.each([
    ['changed', "update audit set body = replace(body, 'policy.create', 'policy.delete') where seq = 4", 4],
    ['missing', 'delete from audit_words where seq = 5; delete from audit where seq = 5', 5],
    [
      'swapped',
      'update audit set seq = case seq when 4 then -5 when 5 then -4 end where seq in (4, 5); update audit set seq = -seq where seq < 0',
      4,
    ],
    ['truncated', 'delete from audit_words where seq > 7; delete from audit where seq > 7', 8],
  ])('verify names the first broken entry: %s', (what, statement, seq) => {
    expect(json('audit', 'verify')).toMatchObject({ exitCode: 0, chains: [{ holds: true }] });
    sql(statement);
    expect(json('audit', 'verify')).toMatchObject({ exitCode: 1, chains: [{ account: 'northwind', holds: false, broken: { seq, what } }] });
  });

  test('list filters by account, time, act and person, and cuts to a limit', () => {
    const list = (...words: readonly string[]) =>
      json('audit', 'list', ...words) as { count: number; entries: { act: string; seq: number }[] };
    const all = list('--limit', 'all');
    expect(all.entries.map((e) => e.seq)).toEqual(all.entries.map((_, i) => all.count - i));
    expect(list('--limit', '2').entries).toHaveLength(2);
    expect(new Set(list('--act', 'policy').entries.map((e) => e.act))).toEqual(new Set(['policy.create']));
    expect(list('--act', 'pol').count).toBe(0);
    expect(list('--user', 'sven@northwind.example').entries.map((e) => e.act)).toEqual(['reset.executed']);
    expect(list('--since', '2036-01-01').count).toBe(0);
    expect(list('--since', '1d', '--act', 'factor').count).toBe(0);
    expect(json('audit', 'list', '--account', 'nobody')).toMatchObject({ exitCode: 1, error: { code: 'policy/unknown-account' } });
    expect(json('audit', 'list', '--user', 'nobody')).toMatchObject({ exitCode: 1, error: { code: 'store/unknown-user' } });
    expect(json('audit', 'list', '--since', 'yesterday')).toMatchObject({ exitCode: 64 });
  });
});

describe('doctor', () => {
  test('goes as far as it can: no configuration, no store', () => {
    writeFileSync(join(folder, 'wrong.yaml'), 'stroe: sqlite:x\nactor: 7\n');
    const { status, stdout } = padlock('doctor', '--config', 'wrong.yaml');
    expect(status).toBe(1);
    expect(stdout).toContain('did you mean store?');
    expect(stdout.match(/wrong\.yaml:/g)).toHaveLength(2);
    rmSync(join(folder, '.padlock'), { recursive: true });
    expect(json('doctor')).toMatchObject({
      exitCode: 1,
      checks: [
        { name: 'config', outcome: 'ok' },
        { name: 'store', outcome: 'fault' },
      ],
    });
    expect(existsSync(join(folder, '.padlock'))).toBe(false);
  });

  test('writes no row, and tells no key', () => {
    const rows = () => {
      const db = database();
      const text = contentOf(db);
      db.close();
      return text;
    };
    const before = rows();
    const { status, stdout, stderr } = padlock('doctor', '--all');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(rows()).toBe(before);
    const { keys } = JSON.parse(readFileSync(join(folder, '.padlock', 'keys.json'), 'utf8')) as { keys: { k1: string } };
    expect(stdout).not.toContain(keys.k1);
  });
});

test('keys: a rotation tells ids alone, and a second store has heads of its own', () => {
  expect(json('keys', 'rotate')).toMatchObject({ exitCode: 0, active: 'k2', made: true, unreadable: 0 });
  expect(json('keys', 'rotate', '--finish')).toMatchObject({ removed: ['k1'] });
  expect(json('keys', 'rotate', '--finish', '--lost')).toMatchObject({ exitCode: 64 });
  expect(json('keys', 'list')).toMatchObject({ keys: [{ id: 'k2', active: true, held: true }] });
  const { keys } = JSON.parse(readFileSync(join(folder, '.padlock', 'keys.json'), 'utf8')) as { keys: Record<string, string> };
  expect(padlock('keys', 'list').stdout).not.toContain(keys['k2']);
});

test('reset --redo and a new request do not mix', () => {
  expect(json('reset', '--redo', 'R-1', '--account', 'northwind', '--request-id', 'R-2')).toMatchObject({ exitCode: 64 });
  expect(json('reset', 'carla@northwind.example', '--redo', 'R-1', '--account', 'northwind')).toMatchObject({ exitCode: 64 });
  expect(json('reset', 'carla@northwind.example', '--account', 'northwind')).toMatchObject({ exitCode: 64 });
  expect(json('reset', '--redo', 'R-1', '--account', 'northwind')).toMatchObject({ exitCode: 1, error: { code: 'store/not-forgotten' } });
});
