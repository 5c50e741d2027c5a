import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { PostgresServer } from '../../src/adapters/store/postgresql/server.ts';
import { program, sharedSocket } from './postgresql.ts';

/** A database of a server on a socket. */
export function onSocket(socket: string, database: string): PostgresServer {
  return {
    host: socket,
    port: 5432,
    database,
    user: 'padlock',
    password: undefined,
    tls: null,
    connections: 10,
    statementTimeout: 300_000,
  };
}

/** Runs one statement as the owner of everything, beside any store. */
export async function administer(socket: string, statement: string, database = 'postgres'): Promise<void> {
  const client = new Client({ host: socket, user: 'padlock', database });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A new, empty database of the shared server, without a store. */
export async function newDatabase(): Promise<{ readonly server: PostgresServer; drop(): Promise<void> }> {
  const socket = await sharedSocket();
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await administer(socket, `create database ${name} template template0`);
  return { server: onSocket(socket, name), drop: () => administer(socket, `drop database ${name} with (force)`) };
}

/** What pg_dump makes of a database. */
export function dumpOf({ host, user, database }: PostgresServer): string {
  return client('pg_dump', ['--host', host, '--username', user, '--no-owner', database], '');
}

/** Restores a dump into an empty database. */
export function load({ host, user, database }: PostgresServer, dump: string): void {
  client('psql', ['--host', host, '--username', user, '--quiet', '--no-psqlrc', '--set', 'ON_ERROR_STOP=1', '--dbname', database], dump);
}

function client(name: string, args: readonly string[], input: string): string {
  return execFileSync(program(name), [...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}
