import { type Kysely, sql } from 'kysely';
import { PadlockError } from '../../core/model/errors.ts';
import type { Connection, Engine } from './engine.ts';
import * as first from './migrations/0001-first.ts';
import * as approvals from './migrations/0002-approvals.ts';
import * as reenabled from './migrations/0003-reenabled.ts';
import * as auditWords from './migrations/0004-audit-words.ts';
import * as signIn from './migrations/0005-sign-in.ts';
import * as waitingResets from './migrations/0006-waiting-resets.ts';
import * as carriedResets from './migrations/0007-carried-resets.ts';
import type { Tables } from './tables.ts';

/** In order; a store's schema version is how many of them it has seen. */
export const MIGRATIONS = [first, approvals, reenabled, auditWords, signIn, waitingResets, carriedResets] as const;

/** The schema version that this program writes and reads. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Creates or upgrades the schema, in one transaction. `store/newer-schema` when the store was written by a newer program,
 * `store/half-copied` where it is only being copied to.
 */
export async function migrate(db: Kysely<Tables>, engine: Engine): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await engine.refuseHalfCopied(transaction);
    await upgrade(transaction, engine);
  });
}

/** Creates or upgrades the schema within a transaction. */
export async function upgrade(transaction: Connection, engine: Engine): Promise<void> {
  await sql.raw(engine.schema('create table if not exists schema_version (version integer not null)')).execute(transaction);
  const version = await versionOf(transaction);
  refuseNewer(version);
  for (const migration of MIGRATIONS.slice(version)) await migration.up(transaction as unknown as Kysely<unknown>, engine);
  if (version === SCHEMA_VERSION) return;
  await sql`delete from schema_version`.execute(transaction);
  await sql`insert into schema_version (version) values (${SCHEMA_VERSION})`.execute(transaction);
}

/** Whether no store was ever made in a database. */
export async function isUnmade(db: Connection): Promise<boolean> {
  const tables = await db.introspection.getTables();
  return !tables.some((table) => table.name === 'schema_version');
}

/** Refuses a store whose schema is not this program's: newer, or not yet upgraded; and one that is not whole yet. */
export async function checkSchema(db: Connection, engine: Engine): Promise<void> {
  const version = (await isUnmade(db)) ? 0 : await versionOf(db);
  // Asked last: the mark of a copy comes together with its tables.
  await engine.refuseHalfCopied(db);
  refuseNewer(version);
  if (version < SCHEMA_VERSION) {
    throw new PadlockError('store/older-schema', `the store's schema is version ${version}, this padlock reads ${SCHEMA_VERSION}`, {
      fix: 'run a command that writes (apply, directory import): it upgrades the store',
    });
  }
}

async function versionOf(db: Connection): Promise<number> {
  const { rows } = await sql<{ version: number }>`select version from schema_version`.execute(db);
  return rows[0]?.version ?? 0;
}

function refuseNewer(version: number): void {
  if (version <= SCHEMA_VERSION) return;
  throw new PadlockError('store/newer-schema', `the store's schema is version ${version}, this padlock knows ${SCHEMA_VERSION}`, {
    fix: 'use the padlock that wrote it, or a newer one',
  });
}
