import { Kysely, sql } from 'kysely';
import { PadlockError } from '../../../core/model/errors.ts';
import { PATIENCE, type StoreOptions } from '../options.ts';
import type { Tables } from '../tables.ts';
import { connections, untilThere } from './connect.ts';
import { postgresDialect } from './driver.ts';
import { serverFailure } from './failures.ts';
import { type PostgresServer, shownServer } from './server.ts';

/** A server that answers, and is new enough. */
export interface Connected {
  /** What it is called in messages. */
  readonly shown: string;
  /** One snapshot a transaction. */
  readonly reading: Kysely<Tables>;
  /** One writer at a time, in any process. */
  readonly alone: Kysely<Tables>;
  end(): Promise<void>;
}

/** The oldest server that is known to do what is asked of it here. */
const OLDEST = 150_000;

/** Connects to a server, whatever is in its database. `store/unavailable`, `store/missing` where there is no such database. */
export async function connect(
  options: { readonly server: PostgresServer } & Pick<StoreOptions, 'patience' | 'onStatement'>,
): Promise<Connected> {
  const { server, patience = PATIENCE, onStatement = () => {} } = options;
  const shown = shownServer(server);
  const pool = connections(server, patience);
  const over = (purpose: 'reading' | 'alone') => new Kysely<Tables>({ dialect: postgresDialect(pool, purpose, onStatement) });
  const connected = { shown, reading: over('reading'), alone: over('alone'), end: () => pool.end() };
  try {
    await untilThere(() => checkVersion(connected.reading, shown));
    return connected;
  } catch (cause) {
    await pool.end();
    throw serverFailure(cause, shown, 'nothing was read or written');
  }
}

async function checkVersion(db: Kysely<Tables>, shown: string): Promise<void> {
  const { rows } = await sql<{ version: string }>`select current_setting('server_version_num') as version`.execute(db);
  if (Number(rows[0]?.version) >= OLDEST) return;
  throw new PadlockError('store/unavailable', `${shown} is older than version 15; nothing was read or written`, {
    fix: 'upgrade the server',
  });
}
