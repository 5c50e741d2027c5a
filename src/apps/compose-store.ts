import { readFileSync } from 'node:fs';
import type { StorePlace } from '../adapters/store/place.ts';
import type { PostgresServer } from '../adapters/store/postgresql/server.ts';
import { PadlockError } from '../core/model/errors.ts';
import type { StoreCopier } from '../core/ports/store-copier.ts';
import { type ServerConfiguration, type StoreConfiguration, shownStore } from './configuration/database.ts';

/** Where the configured store is; the driver of its engine alone is loaded. */
export async function storePlace(store: StoreConfiguration): Promise<StorePlace> {
  if (store.dialect === 'sqlite') {
    const { sqlitePlace } = await import('../adapters/store/sqlite/place.ts');
    return sqlitePlace(store.path);
  }
  const { postgresPlace } = await import('../adapters/store/postgresql/place.ts');
  return postgresPlace(serverOf(store));
}

/** Copies a store to another. `usage/invalid` where the one is no file, the other no database of a server, or a password was typed. */
export async function storeCopier(from: StoreConfiguration, to: StoreConfiguration): Promise<StoreCopier> {
  if (from.dialect !== 'sqlite') {
    throw new PadlockError('usage/invalid', `the store is ${shownStore(from)} already; nothing was copied`, {
      fix: 'set store to the file that is to be copied: sqlite:PATH',
    });
  }
  if (to.dialect !== 'postgresql') {
    throw new PadlockError('usage/invalid', '--to is for a database of a PostgreSQL server', {
      fix: 'write postgres://USER@HOST/DATABASE; a copy as a file is made by padlock store backup',
    });
  }
  if (to.password !== undefined && 'text' in to.password) {
    throw new PadlockError('usage/invalid', 'everybody on this machine sees the password of a command line', {
      fix: 'write it into a file for its owner alone, and name that by PADLOCK_DATABASE_PASSWORD_FILE',
    });
  }
  const { sqliteToPostgres } = await import('../adapters/store/copy/copy.ts');
  return sqliteToPostgres({ path: from.path, server: serverOf(to) });
}

function serverOf(store: ServerConfiguration): PostgresServer {
  const { host, port, database, user, connections, statementTimeout } = store;
  return { host, port, database, user, connections, statementTimeout, password: passwordOf(store), tls: tlsOf(store) };
}

/** A file is read at each connection: a password that was changed in it holds without a restart. */
function passwordOf({ password }: ServerConfiguration): (() => string) | undefined {
  if (password === undefined) return undefined;
  if ('text' in password) return () => password.text;
  return () => textOf(password.file, 'database.passwordFile').replace(/\r?\n$/, '');
}

function tlsOf({ tls }: ServerConfiguration) {
  if (tls === null) return null;
  const read = (path: string | undefined, key: string) => (path === undefined ? undefined : textOf(path, key));
  return {
    authority: read(tls.authority, 'database.certificateAuthority'),
    certificate: read(tls.certificate, 'database.certificate'),
    key: read(tls.key, 'database.key'),
  };
}

function textOf(path: string, key: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new PadlockError('config/unreadable', `${path} cannot be read`, { fix: `correct ${key} in the configuration`, cause });
  }
}
