import type Database from 'better-sqlite3';
import { type CopyOptions, sqliteToPostgres } from '../../../../src/adapters/store/copy/copy.ts';
import { verifyAccount } from '../../../../src/core/audit/verify.ts';
import type { CopyStep } from '../../../../src/core/ports/store-copier.ts';
import { RawPostgres } from '../../../servers/raw-postgres.ts';
import { tablesOf } from '../opened.ts';

/** Copies, and verifies the chains as the flow does. */
export function copying(options: CopyOptions, progress: (step: CopyStep) => void = () => undefined) {
  return sqliteToPostgres(options).copy({
    now: Date.UTC(2026, 10, 25, 12),
    progress,
    verify: async (target, heads) => {
      for (const head of heads) {
        const { broken } = await verifyAccount(target, head.account, head);
        if (broken !== null) throw new Error(broken.why);
      }
    },
  });
}

/** Every row of every table, whichever database: the rows in one order, bytes as text. */
export function everything(raw: Database.Database | RawPostgres): Readonly<Record<string, readonly string[]>> {
  const database = raw as Database.Database;
  const row = (values: unknown) =>
    JSON.stringify(values, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value));
  const rows = (table: string) => {
    const all = database.prepare(`select * from "${table}"`).all() as Record<string, unknown>[];
    // Columns that a later migration added stand in the same order in both; Buffer's own JSON would hide the bytes.
    return all
      .map((one) => row(Object.entries(one).map(([name, value]) => [name, Buffer.isBuffer(value) ? value.toString('hex') : value])))
      .sort();
  };
  return Object.fromEntries(tablesOf(database).map((table) => [table, rows(table)]));
}

/** Looks into a PostgreSQL database for as long as it takes. */
export function lookInto<T>(server: CopyOptions['server'], work: (raw: RawPostgres) => T): T {
  const raw = new RawPostgres(server.host, server.database);
  try {
    return work(raw);
  } finally {
    raw.close();
  }
}
