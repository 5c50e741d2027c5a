import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';

type Row = Record<string, unknown>;

/** Bytes as PostgreSQL writes them. */
function inDialect(text: string): string {
  return text.replaceAll(/x'([0-9a-f]*)'/g, "'\\x$1'::bytea").replaceAll(/\bas blob\b/g, 'as bytea');
}

/**
 * A connection that is waited for, with as much of better-sqlite3's interface as tests use to look behind a store: one text of a test
 * looks behind either engine.
 */
export class RawPostgres {
  readonly #port: MessagePort;
  readonly #awake = new Int32Array(new SharedArrayBuffer(4));

  constructor(host: string, database: string) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const workerData = { port: port2, awake: this.#awake, host, database };
    new Worker(join(import.meta.dirname, 'raw-worker.ts'), { workerData, transferList: [port2] }).unref();
    port1.unref();
  }

  #run(text: string, values: readonly unknown[]): { rows: Row[]; changes: number } {
    Atomics.store(this.#awake, 0, 0);
    this.#port.postMessage({ text, values });
    if (Atomics.wait(this.#awake, 0, 0, 30_000) === 'timed-out') throw new Error(`no answer to ${text}`);
    const answer = receiveMessageOnPort(this.#port)?.message as { error: string } | { rows: Row[]; changes: number };
    if ('error' in answer) throw new Error(`${answer.error}: ${text}`);
    return answer;
  }

  exec(text: string): void {
    this.#run(inDialect(text), []);
  }

  prepare(text: string) {
    let index = 0;
    const numbered = inDialect(text).replaceAll('?', () => `$${++index}`);
    const one = (row: Row | undefined) => (row === undefined ? undefined : Object.values(row)[0]);
    return {
      all: (...values: unknown[]) => this.#run(numbered, values).rows,
      get: (...values: unknown[]) => this.#run(numbered, values).rows[0],
      run: (...values: unknown[]) => ({ changes: this.#run(numbered, values).changes }),
      pluck: () => ({
        all: (...values: unknown[]) => this.#run(numbered, values).rows.map(one),
        get: (...values: unknown[]) => one(this.#run(numbered, values).rows[0]),
      }),
    };
  }

  /** Only what tests ask for: rows that refer to nothing. */
  pragma(text: string): void {
    if (text !== 'foreign_keys = OFF') throw new RangeError(text);
    this.exec('set session_replication_role = replica');
  }

  transaction(work: () => void): () => void {
    return () => {
      this.exec('begin');
      work();
      this.exec('commit');
    };
  }

  tables(): string[] {
    const names = "select table_name from information_schema.tables where table_schema = 'public' order by 1";
    return this.prepare(names).pluck().all() as string[];
  }

  /** Every row of every table as one text, in one order. */
  content(): string {
    const rows = (name: string) => this.prepare(`select * from "${name}" as t order by cast(t.* as text)`).all();
    return this.tables()
      .map((name) => `${name} ${JSON.stringify(rows(name))}`)
      .join('\n');
  }

  close(): void {
    this.#port.close();
  }
}
