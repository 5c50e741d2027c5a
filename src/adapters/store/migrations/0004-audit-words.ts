import { type Kysely, sql } from 'kysely';
import type { Engine } from '../engine.ts';

/** Words of audit entries that may name a person, apart from the chain, which holds their salted hashes: they can be erased. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await sql
    .raw(
      engine.schema(`create table audit_words (account_id integer not null references accounts, seq integer not null, pointer text not null,
    salt text not null, value text not null, primary key (account_id, seq, pointer)) ${engine.clustered}`),
    )
    .execute(db);
}
