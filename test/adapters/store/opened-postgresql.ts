import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { StoreOptions } from '../../../src/adapters/store/options.ts';
import { openPostgres } from '../../../src/adapters/store/postgresql/open.ts';
import type { PostgresServer } from '../../../src/adapters/store/postgresql/server.ts';
import { TYPES } from '../../../src/adapters/store/postgresql/types.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { sharedSocket } from '../../servers/postgresql.ts';
import { KEYRING, RANDOM } from './opened.ts';

/** A store in a database of its own, with a second connection to look behind the port. */
export interface OpenedPostgres {
  readonly store: Store;
  readonly server: PostgresServer;
  /** For seeding in bulk, and for looking at what was written. */
  readonly raw: Client;
  /** Closes everything and removes the database. */
  close(): Promise<void>;
}

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

/** Runs as the owner of everything, beside any store. */
export async function administered<T>(socket: string, database: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ host: socket, user: 'padlock', database, types: TYPES });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A new, empty database of the shared server, without a store. */
export async function newDatabase(): Promise<{ readonly server: PostgresServer; drop(): Promise<void> }> {
  const socket = await sharedSocket();
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await administered(socket, 'postgres', (client) => client.query(`create database ${name} template template0`));
  const drop = async () => {
    await administered(socket, 'postgres', (client) => client.query(`drop database ${name} with (force)`));
  };
  return { server: onSocket(socket, name), drop };
}

/** Opens a new store on the shared server. */
export async function openTemporaryPostgres(options: Partial<StoreOptions> = {}): Promise<OpenedPostgres> {
  const { server, drop } = await newDatabase();
  const store = await openPostgres({ server, keyring: () => KEYRING, random: RANDOM, access: 'write', ...options });
  const raw = new Client({ host: server.host, user: server.user, database: server.database, types: TYPES });
  await raw.connect();
  const close = async () => {
    await raw.end();
    await store.close();
    await drop();
  };
  return { store, server, raw, close };
}

/** Every row of every table as one text, for "nothing was written". */
export async function contentOfPostgres(raw: Client): Promise<string> {
  const { rows } = await raw.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
  );
  const tables: string[] = [];
  for (const { name } of rows) {
    const { rows: all } = await raw.query<{ row: string }>(`select cast(t.* as text) as row from "${name}" as t order by 1`);
    tables.push(`${name} ${JSON.stringify(all.map(({ row }) => row))}`);
  }
  return tables.join('\n');
}
