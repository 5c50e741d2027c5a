import type Database from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import type { OnStatement } from '../options.ts';
import { Turns } from './turns.ts';

/** Rows that one step of a stream carries: large enough to cost little, small enough to hold no memory. */
const STREAM_ROWS = 500;

/** Statements kept compiled, at most: a running portal has fewer. */
const STATEMENTS = 400;
/** What is kept: statements on rows, and the ends of transactions. */
const KEPT = /^\s*(select|with|insert|update|delete|begin|commit|rollback)\b/i;

/**
 * kysely's SQLite dialect over one better-sqlite3 connection, with two differences from the stock driver: a writing
 * transaction begins IMMEDIATE (it waits for its turn at once, instead of failing later with what it read gone stale),
 * and any query streams, in steps of some hundred rows.
 */
export function sqliteDialect(database: Database.Database, onStatement: OnStatement): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(new SqliteConnection(database, onStatement), database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class SqliteDriver implements Driver {
  readonly #connection: DatabaseConnection;
  readonly #database: Database.Database;
  readonly #turns = new Turns();

  constructor(connection: DatabaseConnection, database: Database.Database) {
    this.#connection = connection;
    this.#database = database;
  }

  async init(): Promise<void> {}

  /** One at a time: SQLite has one transaction a connection. */
  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#turns.begin();
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#turns.end();
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await run(connection, settings.accessMode === 'read only' ? 'begin' : 'begin immediate');
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await run(connection, 'commit');
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk or a busy lock may have rolled back already.
    if (this.#database.inTransaction) await run(connection, 'rollback');
  }

  async destroy(): Promise<void> {
    this.#database.close();
  }
}

async function run(connection: DatabaseConnection, text: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(text));
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: Database.Database;
  readonly #onStatement: OnStatement;
  /** By text, the one used longest ago first: compiling takes longer than running does, where few rows are met. */
  readonly #prepared = new Map<string, Database.Statement>();

  constructor(database: Database.Database, onStatement: OnStatement) {
    this.#database = database;
    this.#onStatement = onStatement;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    this.#onStatement(query.sql);
    const statement = this.#statement(query.sql);
    if (statement.reader) return { rows: statement.all(query.parameters) as R[] };
    const { changes, lastInsertRowid } = statement.run(query.parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  #statement(text: string): Database.Statement {
    const statement = this.#prepared.get(text) ?? this.#database.prepare(text);
    this.#prepared.delete(text);
    // What changes tables changes what columns a statement has.
    if (!KEPT.test(text)) this.#prepared.clear();
    else this.#prepared.set(text, statement);
    const [oldest] = this.#prepared.keys();
    if (this.#prepared.size > STATEMENTS && oldest !== undefined) this.#prepared.delete(oldest);
    return statement;
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    this.#onStatement(query.sql);
    let rows: R[] = [];
    for (const row of this.#database.prepare(query.sql).iterate(query.parameters)) {
      if (rows.push(row as R) < STREAM_ROWS) continue;
      yield { rows };
      rows = [];
    }
    if (rows.length > 0) yield { rows };
  }
}
