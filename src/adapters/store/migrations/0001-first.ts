import { type Kysely, sql } from 'kysely';
import type { Engine } from '../engine.ts';

/** The first schema. Forward only: a later one is a new file, this one is never edited once released. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const run = async (text: string) => {
    await sql.raw(engine.schema(text)).execute(db);
  };
  const id = 'id integer primary key autoincrement';
  const clustered = engine.clustered;
  await run(`create table accounts (${id}, slug text not null unique, title text not null, enforcer text not null,
    exemptions_version integer not null default 0, version integer not null default 0)`);
  await run(
    `create table scopes (${id}, account_id integer not null references accounts, my_glue text, key text not null unique, title text not null)`,
  );
  await run(`create index scopes_account on scopes (account_id)`);
  await run(`create table organizations (${id}, account_id integer not null references accounts, external_id text not null,
    name text not null, scope_id integer references scopes, unique (account_id, external_id))`);
  await run(`create table users (${id}, account_id integer not null references accounts, external_id text not null, origin text not null,
    address text, address_key text, name text, enabled integer not null, service integer not null, local_password integer not null,
    sso integer not null, kinds integer, epoch integer not null default 0, last_sign_in integer, unique (account_id, origin, external_id))`);
  await run(`create index users_external on users (account_id, external_id)`);
  await run(`create unique index users_address on users (account_id, address_key) where address_key is not null`);
  await run(`create table memberships (scope_id integer not null references scopes, user_id integer not null references users,
    role integer not null, joined_at integer not null, ended_at integer, active integer not null, kinds integer,
    primary key (scope_id, user_id)) ${clustered}`);
  await run(`create index memberships_user on memberships (user_id)`);
  await run(`create index memberships_open on memberships (scope_id, role) where ended_at is null and active = 1 and kinds = 0`);
  await run(`create table sign_in_state (user_id integer primary key references users, password_failures integer not null,
    code_failures integer not null, locked_at integer)`);
  await run(`create table factors (${id}, user_id integer not null references users, kind integer not null, label text not null,
    enrolled_at integer not null, last_step integer not null default 0, version integer not null default 1, key_id text not null, sealed blob not null)`);
  await run(`create index factors_user on factors (user_id)`);
  await run(`create table recovery_codes (user_id integer not null references users, hash text not null, created_at integer not null,
    used_at integer, primary key (user_id, hash))`);
  await run(`create table upstream_proofs (user_id integer not null references users, provider text not null, claim text not null,
    value text not null, at integer not null, primary key (user_id, provider, claim, value))`);
  await run(`create table documents (${id}, kind text not null, channel text not null, name text not null,
    account_id integer references accounts, scope_id integer references scopes, spec text not null, source text not null,
    version integer not null, applied_at integer not null, unique (kind, channel, name))`);
  await run(`create unique index documents_scope on documents (scope_id) where scope_id is not null`);
  await run(`create table terms (scope_id integer primary key references scopes, require_mfa integer not null, report_only integer not null,
    demand integer not null, enforce_from integer, grace integer not null, rules text not null, origin text not null, version integer not null)`);
  await run(`create table trusts (scope_id integer not null references scopes, provider text not null, claim text not null,
    value text not null, max_age integer not null, primary key (scope_id, provider, claim, value))`);
  await run(`create table obligations (scope_id integer not null references scopes, demand integer not null, since integer not null,
    primary key (scope_id, demand)) ${clustered}`);
  await run(`create table exemption_users (account_id integer not null references accounts, channel text not null, document text not null,
    user_id integer not null references users, called text not null, starts_at integer not null, expires_at integer not null,
    primary key (user_id, channel, document, starts_at))`);
  await run(`create table identities (${id}, account_id integer not null references accounts, channel text not null, subject text not null,
    user_id integer references users, unique (account_id, channel, subject))`);
  await run(`create table resets (account_id integer not null references accounts, request_id text not null, user_id integer references users,
    called text not null, outcome text not null, reason text not null, requested_at integer not null, first_seen integer not null,
    executed_at integer, factors_removed integer not null, identity_id integer not null references identities,
    primary key (account_id, request_id))`);
  await run(`create index resets_executed on resets (account_id, executed_at)`);
  await run(`create table audit (account_id integer not null references accounts, seq integer not null, at integer not null,
    identity_id integer not null references identities, act text not null, body text not null, previous text not null, hash text not null,
    primary key (account_id, seq)) ${clustered}`);
  await run(`create table clock (id integer primary key, highest integer not null)`);
  await run(`insert into clock (id, highest) values (1, 0)`);
}
