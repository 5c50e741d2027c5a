import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { PoolClient } from 'pg';
import Cursor from 'pg-cursor';
import type { OnStatement } from '../options.ts';
import type { Connections } from './connect.ts';
import { CommitUnknown } from './failures.ts';
import { TYPES } from './types.ts';

/**
 * What a connection's transactions are for. `reading`: one snapshot. `alone`: nobody else writes from its first statement on, in any
 * process, as SQLite has it: whatever it reads stands still until it commits.
 */
export type Purpose = 'reading' | 'alone';

/** The advisory lock of whoever writes; any number that nothing else in the database uses. */
const WRITERS = 0x7061_646c;

const BEGIN: Readonly<Record<Purpose, readonly string[]>> = {
  reading: ['begin isolation level repeatable read read only'],
  // Each statement behind the lock sees all that was committed before it.
  alone: ['begin isolation level read committed', `select pg_advisory_xact_lock(${WRITERS})`],
};

/** kysely's PostgreSQL dialect over a pool, for transactions of one purpose; any query streams, by a cursor. */
export function postgresDialect(pool: Connections, purpose: Purpose, onStatement: OnStatement): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PostgresDriver(pool, purpose, onStatement),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class PostgresDriver implements Driver {
  readonly #pool: Connections;
  readonly #purpose: Purpose;
  readonly #onStatement: OnStatement;

  constructor(pool: Connections, purpose: Purpose, onStatement: OnStatement) {
    this.#pool = pool;
    this.#purpose = purpose;
    this.#onStatement = onStatement;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    return new PostgresConnection(await this.#pool.take(), this.#onStatement);
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release();
  }

  async beginTransaction(connection: PostgresConnection): Promise<void> {
    try {
      for (const statement of BEGIN[this.#purpose]) await run(connection, statement);
    } catch (cause) {
      // Nobody else rolls back what never began in full, and the connection is another's next.
      await this.rollbackTransaction(connection);
      throw cause;
    }
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    connection.committing();
    await run(connection, 'commit');
    connection.committed();
  }

  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    // A connection that is gone has rolled back; what went wrong first is what is told.
    await run(connection, 'rollback').catch(() => connection.discard());
  }

  /** The pool is ended by whoever made it. */
  async destroy(): Promise<void> {}
}

async function run(connection: DatabaseConnection, text: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(text));
}

class PostgresConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  readonly #onStatement: OnStatement;
  #commits = false;
  #broken = false;

  constructor(client: PoolClient, onStatement: OnStatement) {
    this.#client = client;
    this.#onStatement = onStatement;
    client.on('error', this.#lost);
  }

  /** Without a listener, a connection that is cut while nothing runs would end the process. */
  readonly #lost = () => {
    this.#broken = true;
  };

  committing(): void {
    this.#commits = true;
  }

  committed(): void {
    this.#commits = false;
  }

  discard(): void {
    this.#broken = true;
  }

  release(): void {
    this.#client.off('error', this.#lost);
    this.#client.release(this.#broken);
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    this.#onStatement(query.sql);
    try {
      const { command, rowCount, rows } = await this.#client.query(query.sql, [...query.parameters]);
      // The server ends a transaction in which a statement failed by rolling back, whatever it was asked.
      if (this.#commits && command === 'ROLLBACK') throw new RangeError('a statement of the transaction had failed');
      const changes = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE';
      return { rows: rows as R[], ...(changes && { numAffectedRows: BigInt(rowCount ?? 0) }) };
    } catch (cause) {
      if (this.#commits && !isAnswered(cause)) throw new CommitUnknown(cause);
      throw cause;
    }
  }

  async *streamQuery<R>(query: CompiledQuery, chunk: number): AsyncIterableIterator<QueryResult<R>> {
    this.#onStatement(query.sql);
    const cursor = this.#client.query(new Cursor<R>(query.sql, [...query.parameters], { types: TYPES }));
    try {
      for (let rows = await cursor.read(chunk); rows.length > 0; rows = await cursor.read(chunk)) yield { rows };
    } finally {
      await cursor.close();
    }
  }
}

/** Whether the server said itself what went wrong (it has a code of five characters), so that nothing was committed. */
function isAnswered(cause: unknown): boolean {
  return cause instanceof Error && 'severity' in cause && 'code' in cause && /^(?!08|57P0)[0-9A-Z]{5}$/.test(String(cause.code));
}
