import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { OnStatement } from '../options.ts';
import { Turns } from './turns.ts';

/** Rows of one message: large enough to cost little, small enough that nobody waits for their being unpacked. */
export const SURVEY_ROWS = 500;

/** What the thread is begun with. */
export interface SurveyData {
  readonly path: string;
  readonly patience: number;
}

/** What the thread is asked: to run a statement, for more of its rows, or to leave the rest; `id` tells statements apart, of which several may be open. */
export type Asked =
  | { readonly what: 'run'; readonly id: number; readonly sql: string; readonly values: readonly unknown[] }
  | { readonly what: 'more' | 'end'; readonly id: number };

/** What it answers: some rows, and whether there are more; or what went wrong, with the code that SQLite gave. */
export type Answer =
  | { readonly rows: readonly unknown[]; readonly more: boolean }
  | { readonly failed: string; readonly code: string | null };

/** Beside this program in a checkout, beside the bundle in an install. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './survey-worker.ts' : './survey.mjs', import.meta.url);

/** kysely's SQLite dialect over a connection on a thread of its own: however long a statement takes, this thread goes on. One at a time. */
export function surveyDialect(data: SurveyData, onStatement: OnStatement): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SurveyDriver(data, onStatement),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class SurveyDriver implements Driver {
  readonly #data: SurveyData;
  readonly #onStatement: OnStatement;
  readonly #turns = new Turns();
  #thread: Thread | undefined;

  constructor(data: SurveyData, onStatement: OnStatement) {
    this.#data = data;
    this.#onStatement = onStatement;
  }

  async init(): Promise<void> {}

  /** The thread is begun by the first survey, and anew where it ended. */
  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#turns.begin();
    if (this.#thread?.ended !== false) this.#thread = new Thread(this.#data);
    return new SurveyConnection(this.#thread, this.#onStatement);
  }

  async releaseConnection(): Promise<void> {
    this.#turns.end();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A thread that ended has nothing to roll back.
    if (this.#thread?.ended === false) await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    await this.#thread?.end();
  }
}

/** The thread: it answers in the order in which it is asked. */
class Thread {
  readonly #worker: Worker;
  readonly #asked: { resolve(answer: Answer): void; reject(cause: unknown): void }[] = [];
  #ids = 0;
  ended = false;

  constructor(workerData: SurveyData) {
    this.#worker = new Worker(WORKER, { workerData });
    // Whoever serves ends when its server does, not when this thread does.
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer) => this.#asked.shift()?.resolve(answer));
    this.#worker.on('error', (cause) => this.#over(cause));
    this.#worker.on('exit', () => this.#over(new Database.SqliteError('the thread that reads ended', 'SQLITE_ABORT')));
  }

  #over(cause: unknown): void {
    this.ended = true;
    for (const { reject } of this.#asked.splice(0)) reject(cause);
  }

  /** A number for another statement. */
  id(): number {
    return this.#ids++;
  }

  async ask(asked: Asked): Promise<Exclude<Answer, { failed: string }>> {
    const answer = await new Promise<Answer>((resolve, reject) => {
      if (this.ended) return reject(new Database.SqliteError('the thread that reads ended', 'SQLITE_ABORT'));
      this.#asked.push({ resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage(asked);
    }).finally(() => {
      if (this.#asked.length === 0) this.#worker.unref();
    });
    if (!('failed' in answer)) return answer;
    throw answer.code === null ? new Error(answer.failed) : new Database.SqliteError(answer.failed, answer.code);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

class SurveyConnection implements DatabaseConnection {
  readonly #thread: Thread;
  readonly #onStatement: OnStatement;

  constructor(thread: Thread, onStatement: OnStatement) {
    this.#thread = thread;
    this.#onStatement = onStatement;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const rows: R[] = [];
    for await (const step of this.streamQuery<R>(query)) rows.push(...step.rows);
    return { rows };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    this.#onStatement(query.sql);
    const id = this.#thread.id();
    let more = true;
    try {
      let asked: Asked = { what: 'run', id, sql: query.sql, values: query.parameters };
      while (more) {
        const answer = await this.#thread.ask(asked);
        more = answer.more;
        asked = { what: 'more', id };
        if (answer.rows.length > 0) yield { rows: answer.rows as R[] };
      }
    } finally {
      // Whoever leaves early leaves no statement open.
      if (more && !this.#thread.ended) await this.#thread.ask({ what: 'end', id }).catch(() => undefined);
    }
  }
}
