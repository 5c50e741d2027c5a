import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PostgresServer } from '../../../../src/adapters/store/postgresql/server.ts';
import { importWorld } from '../../../contract/store-world.ts';
import { type Cluster, makeCluster } from '../../../servers/postgresql.ts';
import { onSocket } from '../../../servers/postgresql-database.ts';
import { openAt } from '../opened.ts';

/** Threat: somebody on the way answers in the server's place, and reads and changes what the store holds. */
let folder: string;
let cluster: Cluster;
let port: number;

/** A certificate for names and addresses, signed by an authority of this test. */
function certify(authority: string, name: string, alternative: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const days = ['-days', '30', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...days, '-keyout', `${authority}.key`, '-out', `${authority}.pem`, '-subj', `/CN=${authority}`);
  const signed = ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-addext', `subjectAltName=${alternative}`];
  openssl('req', '-x509', ...days, ...signed, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-tls-'));
  chmodSync(folder, 0o755);
  certify('ours', 'here', 'IP:127.0.0.1');
  certify('foreign', 'visitor', 'DNS:padlock');
  certify('other', 'elsewhere', 'DNS:db.northwind.example');
  for (const name of ['here', 'elsewhere']) {
    chmodSync(join(folder, `${name}.key`), 0o600);
    if (process.getuid?.() === 0) chownSync(join(folder, `${name}.key`), 65_534, 65_534);
  }
  port = await freePort();
  const at = (file: string) => `'${join(folder, file)}'`;
  cluster = makeCluster(join(folder, 'server'), [
    "listen_addresses = '127.0.0.1'",
    `port = ${port}`,
    'ssl = on',
    `ssl_cert_file = ${at('here.pem')}`,
    `ssl_key_file = ${at('here.key')}`,
  ]);
});
afterAll(() => {
  cluster.remove();
  rmSync(folder, { recursive: true, force: true });
});

const pem = (name: string) => readFileSync(join(folder, `${name}.pem`), 'utf8');

function reached(tls: Partial<NonNullable<PostgresServer['tls']>> | null, host = '127.0.0.1'): PostgresServer {
  const none = { authority: undefined, certificate: undefined, key: undefined };
  return { ...onSocket(host, 'postgres'), port, tls: tls === null ? null : { ...none, ...tls } };
}

test('a server that proves its name by an authority that is named is believed, and what goes there is enciphered', async () => {
  const statements: string[] = [];
  const store = await openAt({ server: reached({ authority: pem('ours') }) }, { onStatement: (text) => void statements.push(text) });
  await importWorld(store);
  const enciphered = execFileSync('psql', [
    ...['--host', cluster.socket, '--port', String(port), '--username', 'padlock', '--tuples-only', '--no-align', 'postgres', '--command'],
    "select bool_and(s.ssl) from pg_stat_ssl as s join pg_stat_activity as a using (pid) where a.application_name = 'padlock'",
  ]);
  expect(String(enciphered).trim()).toBe('t');
  await store.close();
});

test.each([
  ['by an authority that nobody named', () => reached({ authority: pem('foreign') })],
  ['by none', () => reached({})],
])('one that proves itself %s is not', async (_, server) => {
  const refused = { code: 'store/unavailable', message: expect.stringContaining('the certificate of PostgreSQL at 127.0.0.1') };
  await expect(openAt({ server: server() })).rejects.toMatchObject(refused);
});

test('one with the certificate of another is not', async () => {
  const server = reached({ authority: pem('ours') }, 'localhost');
  await expect(openAt({ server })).rejects.toMatchObject({
    code: 'store/unavailable',
    fix: expect.stringContaining('the name that it is made for'),
  });
});

test('one that offers no TLS is not asked without it', async () => {
  const plain = makeCluster(join(folder, 'plain'), ["listen_addresses = '127.0.0.1'", `port = ${await freePort()}`]);
  try {
    const listening = Number(/port = (\d+)/.exec(readFileSync(join(plain.data, 'postgresql.auto.conf'), 'utf8'))?.[1]);
    const server = { ...reached({ authority: pem('ours') }), port: listening };
    await expect(openAt({ server })).rejects.toMatchObject({
      code: 'store/unavailable',
      message: expect.stringContaining('offers no TLS'),
    });
  } finally {
    plain.remove();
  }
});
