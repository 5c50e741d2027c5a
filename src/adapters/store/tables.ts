import type { Generated } from 'kysely';

/**
 * The tables, as columns and their types. Booleans are 0 and 1, instants and durations milliseconds, roles the index in
 * `ROLES`, kinds a bit mask, documents canonical JSON: the same on every engine.
 */
export interface Tables {
  accounts: {
    id: Generated<number>;
    slug: string;
    title: string;
    enforcer: string;
    exemptions_version: Generated<number>;
    version: Generated<number>;
  };
  scopes: { id: Generated<number>; account_id: number; my_glue: string | null; key: string; title: string };
  organizations: { id: Generated<number>; account_id: number; external_id: string; name: string; scope_id: number | null };
  users: {
    id: Generated<number>;
    account_id: number;
    external_id: string;
    origin: string;
    address: string | null;
    /** The address in the form that is compared; null once every membership has ended, so that the address is free again. */
    address_key: string | null;
    name: string | null;
    enabled: number;
    service: number;
    local_password: number;
    sso: number;
    /** Confirmed kinds; null where the enforcer cannot tell. Copied to the memberships, in the same transaction. */
    kinds: number | null;
    /** Raised by whatever ends sessions. */
    epoch: Generated<number>;
    last_sign_in: number | null;
    /** When an import enabled again who had been disabled, the last time. */
    reenabled_at: Generated<number | null>;
  };
  memberships: {
    scope_id: number;
    user_id: number;
    role: number;
    joined_at: number;
    ended_at: number | null;
    /** The person is enabled and no service account. */
    active: number;
    kinds: number | null;
  };
  sign_in_state: { user_id: number; code_failures: number; locked_at: number | null };
  passwords: { user_id: number; hash: string; version: number; changed_at: number };
  /** By the hash of what is counted: a name that was typed, a network address. */
  failures: { key: string; count: number; first_at: number; last_at: number };
  /** Half-done sign-ins, by the hash of the bearer's token. */
  attempts: {
    hash: string;
    user_id: number;
    scope_id: number;
    proven: string;
    method: string;
    token_shown: number;
    epoch: number;
    password_version: number;
    created_at: number;
  };
  sessions: {
    hash: string;
    user_id: number;
    scope_id: number;
    method: string;
    epoch: number;
    created_at: number;
    seen_at: number;
    proven_at: number;
    device: string;
  };
  /** Factors that nobody has confirmed yet, by the bearer's hash. */
  set_ups: {
    bearer: string;
    kind: number;
    user_id: number;
    key_id: string;
    sealed: Uint8Array;
    opened_at: number;
    failures: Generated<number>;
  };
  /** Challenges that passkeys answer, by the hash of whoever asked; each is taken by its first answer. */
  challenges: { bearer: string; challenge: string; created_at: number };
  links: {
    hash: string;
    purpose: string;
    user_id: number;
    created_at: number;
    expires_at: number;
    used_at: number | null;
    replaced_at: number | null;
    /** The address that the person had when it was made. */
    address_key: string | null;
  };
  notices: {
    id: Generated<number>;
    user_id: number;
    address: string;
    about: string;
    detail: string;
    created_at: number;
    due_at: number;
    tries: Generated<number>;
  };
  /** Addresses that somebody had, for what they must be told of. */
  former_addresses: { user_id: number; address: string; until: number };
  factors: {
    id: Generated<number>;
    user_id: number;
    kind: number;
    label: string;
    enrolled_at: number;
    last_step: Generated<number>;
    version: Generated<number>;
    key_id: string;
    sealed: Uint8Array;
  };
  recovery_codes: { user_id: number; hash: string; created_at: number; used_at: number | null };
  upstream_proofs: { user_id: number; provider: string; claim: string; value: string; at: number };
  documents: {
    id: Generated<number>;
    kind: string;
    channel: string;
    name: string;
    account_id: number | null;
    scope_id: number | null;
    spec: string;
    source: string;
    version: number;
    applied_at: number;
  };
  terms: {
    scope_id: number;
    require_mfa: number;
    report_only: number;
    demand: number;
    enforce_from: number | null;
    grace: number;
    rules: string;
    origin: string;
    version: number;
  };
  trusts: { scope_id: number; provider: string; claim: string; value: string; max_age: number };
  obligations: { scope_id: number; demand: number; since: number };
  exemption_users: {
    account_id: number;
    channel: string;
    document: string;
    user_id: number;
    called: string;
    starts_at: number;
    expires_at: number;
  };
  resets: {
    account_id: number;
    request_id: string;
    user_id: number | null;
    called: string;
    outcome: string;
    reason: string;
    requested_at: number;
    first_seen: number;
    executed_at: number | null;
    factors_removed: number;
    identity_id: number;
    /** Seen with `approved: true`. */
    approved: Generated<number>;
    approver_id: number | null;
    /** The request's own reason and end. */
    asked: string | null;
    expires_at: number | null;
    /** `pending` or `done` at an enforcer that keeps factors of its own; null: the store was all. With what it needs to go on, as JSON. */
    elsewhere: string | null;
    elsewhere_notes: string | null;
  };
  identities: { id: Generated<number>; account_id: number; channel: string; subject: string; user_id: number | null };
  audit: { account_id: number; seq: number; at: number; identity_id: number; act: string; body: string; previous: string; hash: string };
  /** What of an audit entry's detail may name a person; its hash stands in the body. */
  audit_words: { account_id: number; seq: number; pointer: string; salt: string; value: string };
  /** The clock's highest reading, one row. */
  clock: { id: number; highest: number };
}
