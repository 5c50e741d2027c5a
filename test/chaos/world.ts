import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { readKeyFile } from '../../src/adapters/store/key-file.ts';
import { openSqlite } from '../../src/adapters/store/sqlite/open.ts';
import type { Random } from '../../src/core/ports/random.ts';
import { edited, examplePolicies, type Policies, without } from '../flows/northwind.ts';
import type { Server } from './program.ts';

/** What every clock reads. */
export const NOW = Date.UTC(2026, 10, 25, 8);
const DAY = 86_400_000;
const ROOT = join(import.meta.dirname, '..', '..');

/** Folders with a store to begin from: none, the 62 people of Northwind IT, and those with policies in force. */
export type Base = 'empty' | 'people' | 'policies';

/** A second pull request: documents that change, move and go, another exempt person, two more resets. */
function secondPolicies(policies: Policies): Policies {
  const reset = policies['policies/resets/sven.yaml'] ?? '';
  const another = (name: string, id: string) => reset.replaceAll('sven', name).replace('NW-4720', id);
  const exempt = edited(policies, 'policies/exemptions/field-work.yaml', '- xenia@', '- yusuf@');
  const shorter = edited(exempt, 'policies/account.yaml', 'gracePeriod: 30d\n  factors', 'gracePeriod: 25d\n  factors');
  const moved = edited(shorter, 'policies/myglue/clinic.yaml', 'name: clinic', 'name: harbor-clinic');
  return {
    ...without(moved, 'policies/reports/weekly.yaml'),
    'policies/resets/rosa.yaml': another('rosa', 'NW-4721'),
    'policies/resets/nils.yaml': another('nils', 'NW-4722'),
  };
}

/** Trust in an identity provider, so that rows of trusts come and go. */
const SSO = '  sso:\n    - provider: entra\n      upstreamMfa: Trust\n      amr: [mfa]\n      maxAge: 12h\n';

/** Makes the bases and the files that commands read below a folder, by the commands themselves. */
export async function makeWorld(root: string, server: Server): Promise<void> {
  const first = examplePolicies();
  const garage = 'policies/myglue/garage.yaml';
  writePolicies(join(root, 'files', 'first'), first);
  const second = secondPolicies(first);
  writePolicies(join(root, 'files', 'second'), { ...second, [garage]: `${second[garage]}${SSO}` });
  for (const base of ['empty', 'people', 'policies']) {
    mkdirSync(join(root, base), { recursive: true });
    cpSync(join(ROOT, 'padlock.yaml'), join(root, base, 'padlock.yaml'));
  }
  const run = async (base: Base, now: number, ...argv: string[]) => {
    const { code, said } = await server.run({ now, argv }, join(root, base));
    if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${said}`);
  };
  await run('people', NOW - 9 * DAY, 'demo');
  await run('people', NOW, 'directory', 'export', '--account', 'northwind', '--out', '../files/people.csv');
  const people = readFileSync(join(root, 'files', 'people.csv'), 'utf8');
  writeFileSync(join(root, 'files', 'changed.csv'), changed(people));
  writeFileSync(join(root, 'files', 'organizations.csv'), ORGANIZATIONS);
  await writeBehind(join(root, 'people'));
  cpSync(join(root, 'people', '.padlock'), join(root, 'policies', '.padlock'), { recursive: true });
  await run('policies', NOW - DAY, 'apply', '../files/first/policies');
}

const ORGANIZATIONS = 'id,name,my_glue_account\n5001,Sunrise Bakery & Sons,bakery\n5009,Harbor Clinic South,clinic\n5010,No MyGlue,\n';

/** Somebody leaves, is promoted, is disabled, gets another address, is in two scopes, is new. */
function changed(csv: string): string {
  const line = (external: string) => csv.split('\n').find((text) => text.startsWith(`${external},`)) ?? '';
  const [ada, ben, elena, felix, rita] = ['100003', '100004', '100008', '100009', '100036'].map(line);
  return [
    ...csv.split('\n').filter((text) => text !== '' && ![ada, ben, elena, felix].includes(text)),
    ben?.replace('ben@', 'benjamin@'),
    elena?.replace(',Editor,', ',Manager,'),
    felix?.replace(',true,person', ',false,person'),
    rita?.replace(',bakery,', ',clinic,'),
    ben?.replace('100004', '200001').replace('Ben Okafor', 'Another Ben'),
    '',
  ].join('\n');
}

function writePolicies(folder: string, policies: Policies): void {
  for (const [file, text] of Object.entries(policies)) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

/** What no command writes yet: recovery codes from before and after a request, and a newer factor of the person to be reset. */
async function writeBehind(folder: string): Promise<void> {
  await enroll(folder, 'sven@northwind.example', NOW - DAY);
  const raw = new Database(join(folder, '.padlock', 'padlock.db'));
  const code = raw.prepare('insert into recovery_codes select id, ?, ?, null from users where address_key like ?');
  for (const name of ['sven@%', 'nils@%', 'carla@%']) {
    code.run('code from before', NOW - 8 * DAY, name);
    code.run('code from after', NOW + DAY, name);
  }
  raw.close();
}

/** Not random, so that the same act leaves the same bytes. */
const SAME: Random = { bytes: (length) => new Uint8Array(length).fill(7) };

/** Somebody enrolls an authenticator, at that moment. */
export async function enroll(folder: string, address: string, enrolledAt: number): Promise<void> {
  const keys = join(folder, '.padlock', 'keys.json');
  const store = await openSqlite({
    path: join(folder, '.padlock', 'padlock.db'),
    access: 'write',
    random: SAME,
    keyring: () => readKeyFile(keys),
  });
  try {
    await store.write(NOW, async (transaction) => {
      const [user] = await transaction.findUsers([{ account: 'northwind', called: address }]);
      if (user === undefined) throw new RangeError(address);
      const factor = { userId: user.id, kind: 'totp', label: 'a newer phone', secret: SAME.bytes(20), enrolledAt } as const;
      await transaction.enroll([factor]);
    });
  } finally {
    await store.close();
  }
}

/** Begins a folder anew from a base, with nothing of an earlier run in it. */
export function begin(root: string, base: Base, folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder);
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  cpSync(join(root, base), folder, { recursive: true });
}
