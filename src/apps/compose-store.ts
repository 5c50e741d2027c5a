import { readFileSync } from 'node:fs';
import type { StorePlace } from '../adapters/store/place.ts';
import { PadlockError } from '../core/model/errors.ts';
import type { ServerConfiguration, StoreConfiguration } from './configuration/database.ts';

/** Where the configured store is; the driver of its engine alone is loaded. */
export async function storePlace(store: StoreConfiguration): Promise<StorePlace> {
  if (store.dialect === 'sqlite') {
    const { sqlitePlace } = await import('../adapters/store/sqlite/place.ts');
    return sqlitePlace(store.path);
  }
  const { postgresPlace } = await import('../adapters/store/postgresql/place.ts');
  const { host, port, database, user, connections, statementTimeout } = store;
  return postgresPlace({ host, port, database, user, connections, statementTimeout, password: passwordOf(store), tls: tlsOf(store) });
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
