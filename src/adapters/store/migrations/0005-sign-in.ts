import { type Kysely, sql } from 'kysely';
import type { Engine } from '../engine.ts';

/**
 * What signing in needs: passwords, half-done sign-ins, sessions, factors being set up, links that work once, counts of failures, and
 * mails that wait. Tokens stand here as their hashes alone. Failures of passwords count by what was typed, known or not, so they left the person's row.
 */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const run = async (text: string) => {
    await sql.raw(engine.schema(text)).execute(db);
  };
  const user = 'user_id integer not null references users';
  await run('alter table sign_in_state drop column password_failures');
  await run(`create table passwords (user_id integer primary key references users, hash text not null, version integer not null,
    changed_at integer not null)`);
  await run(`create table failures (key text not null primary key, count integer not null, first_at integer not null,
    last_at integer not null) ${engine.clustered}`);
  await run('create index failures_last on failures (last_at)');
  await run(`create table attempts (hash text not null primary key, ${user}, scope_id integer not null references scopes, proven text not null,
    method text not null, token_shown integer not null, epoch integer not null, password_version integer not null, created_at integer not null)
    ${engine.clustered}`);
  await run('create index attempts_user on attempts (user_id)');
  await run('create index attempts_created on attempts (created_at)');
  await run(`create table sessions (hash text not null primary key, ${user}, scope_id integer not null references scopes, method text not null,
    epoch integer not null, created_at integer not null, seen_at integer not null, proven_at integer not null, device text not null)
    ${engine.clustered}`);
  await run('create index sessions_user on sessions (user_id)');
  await run('create index sessions_seen on sessions (seen_at)');
  await run(`create table set_ups (bearer text not null primary key, kind integer not null, ${user}, key_id text not null, sealed blob not null,
    opened_at integer not null, failures integer not null default 0) ${engine.clustered}`);
  await run('create index set_ups_opened on set_ups (opened_at)');
  await run(`create table challenges (bearer text not null primary key, challenge text not null, created_at integer not null)
    ${engine.clustered}`);
  await run(`create table links (hash text not null primary key, purpose text not null, ${user}, created_at integer not null,
    expires_at integer not null, used_at integer, replaced_at integer, address_key text) ${engine.clustered}`);
  await run('create index links_user on links (user_id, purpose)');
  await run(`create table notices (id integer primary key autoincrement, ${user}, address text not null, about text not null, detail text not null,
    created_at integer not null, due_at integer not null, tries integer not null default 0)`);
  await run('create index notices_due on notices (due_at)');
  await run(`create table former_addresses (${user}, address text not null, until integer not null, primary key (user_id, address))
    ${engine.clustered}`);
}
