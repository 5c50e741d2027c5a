import { expect, test } from 'vitest';
import { loadConfiguration } from '../../../src/apps/configuration/load.ts';
import { PadlockError } from '../../../src/core/model/errors.ts';

function load(text: string, env: Readonly<Record<string, string>> = {}) {
  return loadConfiguration({ text, file: '/etc/padlock/padlock.yaml', env }).store;
}

function faultsOf(text: string, env: Readonly<Record<string, string>> = {}): string[] {
  try {
    load(text, env);
  } catch (error) {
    if (!(error instanceof PadlockError)) throw error;
    return (error.faults ?? []).map((fault) => `${fault.file}:${fault.line}:${fault.column} ${fault.message}; ${fault.fix}`);
  }
  return [];
}

const SERVER = {
  dialect: 'postgresql',
  host: 'db.northwind.example',
  port: 5432,
  database: 'padlock',
  user: 'padlock',
  password: undefined,
  tls: { authority: undefined, certificate: undefined, key: undefined },
  connections: 10,
  statementTimeout: 300_000,
};

test('a server by its URL is reached over TLS, ten connections at most, five minutes a statement', () => {
  expect(load('store: postgres://padlock@db.northwind.example/padlock')).toEqual(SERVER);
  expect(load('store: postgresql://padlock@db.northwind.example:6432/padlock')).toEqual({ ...SERVER, port: 6432 });
  expect(load('store: postgres://padlock@[2001:db8::7]/padlock')).toMatchObject({ host: '2001:db8::7', tls: {} });
  expect(load('store: postgres://pad%40lock@db.northwind.example/pad%20lock')).toMatchObject({ user: 'pad@lock', database: 'pad lock' });
});

test.each([
  ['a socket', 'postgres://padlock@/padlock?host=/var/run/postgresql', '/var/run/postgresql'],
  ['a socket beside a port', 'postgres://padlock@localhost:6432/padlock?host=/run/pg', '/run/pg'],
  ['this machine', 'postgres://padlock@localhost/padlock', 'localhost'],
  ['this machine by its address', 'postgres://padlock@127.0.0.1/padlock', '127.0.0.1'],
])('%s needs no TLS', (_, url, host) => {
  expect(load(`store: ${url}`)).toMatchObject({ host, tls: null });
});

test('this machine is reached over TLS where that is asked for', () => {
  const text = 'store: postgres://padlock@localhost/padlock?sslmode=verify-full\ndatabase:\n  certificateAuthority: ca.pem';
  expect(load(text)).toMatchObject({ tls: { authority: '/etc/padlock/ca.pem' } });
});

test('keys of the file count from its folder, those of the environment from the working directory, and both together', () => {
  const text =
    'store: postgres://padlock@db.northwind.example/padlock\ndatabase:\n  passwordFile: password\n  certificate: c.pem\n  key: k.pem\n  connections: 20\n  statementTimeout: 1m';
  const env = { PADLOCK_DATABASE_PASSWORD_FILE: 'other', PADLOCK_DATABASE_CONNECTIONS: '5' };
  const tls = { authority: undefined, certificate: '/etc/padlock/c.pem', key: '/etc/padlock/k.pem' };
  const more = { tls, statementTimeout: 60_000 };
  expect(load(text)).toEqual({ ...SERVER, ...more, password: { file: '/etc/padlock/password' }, connections: 20 });
  expect(load(text, env)).toEqual({ ...SERVER, ...more, password: { file: 'other' }, connections: 5 });
});

test('a password stands in the URL of the environment, or in a file; never in padlock.yaml, and never in words', () => {
  const url = 'postgres://padlock:hunter%202@db.northwind.example/padlock';
  expect(load('', { PADLOCK_STORE: url })).toEqual({ ...SERVER, password: { text: 'hunter 2' } });
  const faults = [...faultsOf(`store: ${url}`), ...faultsOf('database:\n  passwordFile: x', { PADLOCK_STORE: url })];
  expect(faults).toEqual([
    '/etc/padlock/padlock.yaml:1:1 a password does not stand in this file; write it into a file for its owner alone and name that with database.passwordFile',
    '/etc/padlock/padlock.yaml:2:3 the URL of the server has a password already; keep it in the file alone',
  ]);
  for (const broken of [`store: ${url}/x`, `store: ${url}?sslmode=require`, `store: ${url}?password=hunter2`])
    expect(faultsOf(broken).join()).not.toContain('hunter');
});

const FORM = 'write it as postgres://padlock@db.northwind.example/padlock, or sqlite: and the path of a file';

test.each([
  ['postgres://db.northwind.example/padlock', 'this names no user, server and database', FORM],
  ['postgres://padlock@db.northwind.example', 'this names no user, server and database', FORM],
  ['postgres://padlock@db.northwind.example/a/b', 'this names no user, server and database', FORM],
  ['postgres://pad%zzlock@db.northwind.example/a', 'this names no user, server and database', FORM],
  ['postgres://padlock@db.northwind.example:port/a', 'this names no user, server and database', FORM],
  [
    'postgres://padlock@db.northwind.example/padlock?sslmode=require',
    '"require" believes whoever answers in the place of the server',
    'write sslmode=verify-full, and name the authority in database.certificateAuthority where it is one of your own',
  ],
  [
    'postgres://padlock@db.northwind.example/padlock?sslmode=disable',
    'without TLS everybody on the way reads and changes what the store holds',
    'remove sslmode=disable',
  ],
  ['postgres://padlock@/padlock?host=/run/pg&sslmode=verify-full', 'a socket has no TLS', 'remove sslmode'],
  [
    'postgres://padlock@localhost/padlock?options=-c%20fsync=off',
    '"options" cannot be asked for here',
    'ask for host (the folder of a socket) and sslmode alone; the rest is in database',
  ],
])('%s is refused', (url, message, fix) => {
  expect(faultsOf(`store: ${url}`)).toEqual([`/etc/padlock/padlock.yaml:1:8 ${message}; ${fix}`]);
});

test.each([
  ['connections: 0', '3:16 this is beyond the limit, which is 1; write a number within it'],
  ['connections: 101', '3:16 this is beyond the limit, which is 100; write a number within it'],
  ['connections: many', '3:16 this is text, not a whole number; write a whole number'],
  ['statementTimeout: soon', '3:21 this is no duration of a second or more; write it as 5m'],
  ['statementTimeout: 0d', '3:21 this is no duration of a second or more; write it as 5m'],
  ['certificate: c.pem', '3:3 a certificate and its key go together; set both, or neither'],
  ['key: k.pem', '3:3 a certificate and its key go together; set both, or neither'],
  ['passwordfile: x', '3:3 there is no key "passwordfile" here; did you mean passwordFile?'],
])('database: %s is refused', (line, said) => {
  const faults = faultsOf(`store: postgres://padlock@db.northwind.example/padlock\ndatabase:\n  ${line}`);
  expect(faults).toEqual([`/etc/padlock/padlock.yaml:${said}`]);
});

test('what is for a server is refused beside a file, and certificates where there is no TLS', () => {
  expect(faultsOf('store: sqlite:x.db\ndatabase:\n  connections: 3')).toEqual([
    '/etc/padlock/padlock.yaml:3:3 the store is a file, and this is for a server; remove it, or set store to a postgres:// URL',
  ]);
  expect(faultsOf('store: postgres://padlock@localhost/padlock\ndatabase:\n  certificateAuthority: ca.pem')).toEqual([
    '/etc/padlock/padlock.yaml:3:3 this server is reached without TLS; write sslmode=verify-full behind the URL, or remove it',
  ]);
  expect(faultsOf('', { PADLOCK_DATABASE_CONNECTIONS: 'ten' })).toEqual([
    'PADLOCK_DATABASE_CONNECTIONS:0:0 this is not JSON; write a number',
  ]);
});
