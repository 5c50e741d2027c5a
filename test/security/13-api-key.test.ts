// Threat: the API key of IT Glue, which reads every password of every client, leaks: into a log, an error, a plan, the store, the
// audit log, a report, or to another host. A distinctive key is planted, everything that can be made to speak is made to, and
// whatever it wrote is searched.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SMALL } from '../adapters/directory/itglue/people.ts';
import { type Fault, type ItGlue, PLANTED_KEY, startItGlue } from '../adapters/directory/itglue/server.ts';
import { ROOT, runBeside } from '../apps/cli/program.ts';

/** Any stretch of the key: a part of one is a leak too. */
const PARTS = [PLANTED_KEY, PLANTED_KEY.slice(4, 20), PLANTED_KEY.slice(-20), Buffer.from(PLANTED_KEY).toString('base64').slice(0, 30)];

let api: ItGlue;
let elsewhere: ItGlue;
let folder: string;
let output = '';

beforeAll(async () => {
  api = await startItGlue(SMALL);
  elsewhere = await startItGlue(SMALL);
  folder = mkdtempSync(join(tmpdir(), 'padlock-key-'));
  cpSync(join(ROOT, 'policies'), join(folder, 'policies'), { recursive: true });
  writeFileSync(join(folder, 'itglue.key'), `${PLANTED_KEY}\n`, { mode: 0o600 });
});
afterAll(async () => {
  await Promise.all([api.close(), elsewhere.close()]);
  rmSync(folder, { recursive: true, force: true });
});

function configure(itglue: string): void {
  writeFileSync(
    join(folder, 'padlock.yaml'),
    `actor: { user: user1@northwind.example }
accounts:
  northwind:
    customRoles: { Dispatcher: Editor }
    myGlueAccounts: { bakery: "7001", clinic: "7002" }
    directory: { itglue: { baseUrl: "${api.origin}", ${itglue} } }
`,
  );
}

async function run(...argv: readonly string[]) {
  const result = await runBeside(folder, [...argv, '--verbose'], { ITGLUE_KEY: PLANTED_KEY, BROKEN_KEY: `${PLANTED_KEY}\nsecond` });
  output += result.stdout + result.stderr;
  return result.status;
}

const IMPORT = ['directory', 'import', '--account', 'northwind', '--from', 'itglue'];

test('whatever the API answers, and whatever is asked of the key', async () => {
  const now = { 'retry-after': '0' };
  const echo = (status: number, headers = {}): Fault => ({ status, headers, body: JSON.stringify({ errors: [{ detail: PLANTED_KEY }] }) });
  const faults: readonly (Fault | undefined)[] = [
    undefined,
    echo(200),
    echo(401),
    echo(403),
    echo(404),
    echo(500, now),
    { status: 200, body: `not json ${PLANTED_KEY}` },
    { status: 302, headers: { location: `${elsewhere.origin}/users?key=${PLANTED_KEY}` } },
    { status: 429, headers: { 'retry-after': PLANTED_KEY.length > 60 ? '9999' : '0' } },
    ({ data, meta, links }) => ({ data, links, meta: { ...meta, 'total-count': PLANTED_KEY } }),
  ];
  const statuses: (number | null)[] = [];
  for (const key of ['apiKeyFile: itglue.key', 'apiKeyEnv: ITGLUE_KEY']) {
    configure(key);
    for (const fault of faults) {
      api.fault = () => fault;
      statuses.push(await run(...IMPORT, '--output', 'json'));
    }
    api.fault = () => undefined;
  }
  expect(new Set(statuses)).toEqual(new Set([0, 6]));
  configure('apiKeyEnv: BROKEN_KEY');
  expect(await run(...IMPORT)).toBe(6);
  for (const wrong of ['apiKey', 'token', 'apiKeyFile', 'apiKeyEnv', 'region']) {
    configure(`${wrong}: ${PLANTED_KEY}`);
    expect(await run(...IMPORT), wrong).toBe(64);
  }
}, 120_000);

test('and whatever else is written of it: plans, reports, exports, the audit log, backups', async () => {
  configure('apiKeyFile: itglue.key');
  for (const words of [
    ['plan', '--out', 'p.plan'],
    ['status'],
    ['report', '--out', 'reports'],
    ['audit', 'list'],
    ['doctor'],
    ['explain', 'user1@northwind.example'],
  ])
    await run(...words);
  await run('directory', 'export', '--account', 'northwind', '--out', 'people.csv');
  await run('audit', 'export', '--out', 'audit');
  await run('store', 'backup', 'backup.db');
  writeFileSync(join(folder, 'output.txt'), output);
  const searched = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name !== 'itglue.key' && statSync(join(folder, name)).isFile(),
  );
  expect(searched.length).toBeGreaterThan(10);
  expect(output.length).toBeGreaterThan(5000);
  for (const name of searched) {
    const bytes = readFileSync(join(folder, name)).toString('latin1');
    for (const part of PARTS) expect(bytes.includes(part), name).toBe(false);
  }
});

test('nor does it go anywhere else', () => {
  expect(elsewhere.requests).toEqual([]);
  expect(api.requests.join('\n')).not.toContain('Planted');
});
