import { createHash } from 'node:crypto';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { contentOf } from '../adapters/store/opened.ts';

/** What is wrong with a store, in words; empty: nothing. */
export type Faults = readonly string[];

/** A store as it stands: everything in it, and what is wrong with it by itself. */
export interface State {
  /** Every row of every table; empty where there is no store yet. */
  readonly content: string;
  readonly faults: Faults;
}

/** Looks at a copy, log and all, so that the next command finds the store as the kill has left it. */
export function stateOf(path: string): State {
  const copy = `${path}.looked-at`;
  for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) cpSync(path + suffix, copy + suffix);
  if (!existsSync(copy)) return { content: '', faults: [] };
  const raw = new Database(copy);
  try {
    const content = contentOf(raw);
    return { content, faults: content === '' ? [] : faultsOf(raw) };
  } finally {
    raw.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
  }
}

/** Where the store is in a folder that a command runs in. */
export function storeIn(folder: string): string {
  return join(folder, '.padlock', 'padlock.db');
}

/** What must hold between any two commits, whatever was done. Each query gives the rows that break it. */
const RULES: Readonly<Record<string, string>> = {
  'kinds beside a person are those of the factors': `select u.id from users as u where u.kinds is not
    (select coalesce(sum(1 << f.kind), 0) from (select distinct kind from factors where user_id = u.id) as f)`,
  'kinds beside a membership are those of the person': `select u.id from memberships as m join users as u on u.id = m.user_id
    where m.kinds is not u.kinds`,
  'a reset is audited once for each outcome that it had': `select r.request_id from resets as r where 1 <> (select count(*) from audit as a
    where a.account_id = r.account_id and a.act = 'reset.' || lower(r.outcome) and a.body ->> '$.target' = r.request_id)`,
  'an audited reset was recorded': `select a.seq from audit as a where a.act like 'reset.%' and not exists
    (select 1 from resets as r where r.account_id = a.account_id and r.request_id = a.body ->> '$.target')`,
  'an executed reset leaves no factor from before it': `select r.request_id from resets as r join factors as f on f.user_id = r.user_id
    where r.outcome = 'Executed' and f.enrolled_at < min(r.requested_at, r.first_seen)`,
  'a policy in force is audited': `select d.name from documents as d where d.kind = 'MfaPolicy' and not exists
    (select 1 from audit as a where a.act like 'policy.%' and a.body ->> '$.detail.document' = d.name)`,
  'every scope with terms that ask somebody has an obligation': `select t.scope_id from terms as t where t.require_mfa = 1
    and t.report_only = 0 and t.demand <> 0 and not exists (select 1 from obligations as o where o.scope_id = t.scope_id)`,
  'the clock has seen every entry': 'select a.seq from audit as a, clock as c where a.at > c.highest',
};

function faultsOf(raw: Database.Database): string[] {
  const integrity = raw.pragma('integrity_check', { simple: true }) as string;
  const references = raw.pragma('foreign_key_check') as unknown[];
  const broken = Object.entries(RULES).filter(([, query]) => raw.prepare(query).all().length > 0);
  return [
    ...(integrity === 'ok' ? [] : [`integrity_check: ${integrity}`]),
    ...(references.length === 0 ? [] : [`foreign_key_check: ${references.length} rows`]),
    ...broken.map(([rule]) => `broken: ${rule}`),
    ...chainFaults(raw),
  ];
}

/** The audit chains, by the published rule alone. */
function chainFaults(raw: Database.Database): string[] {
  const entries = raw.prepare('select account_id, seq, body, previous, hash from audit order by account_id, seq').all() as {
    account_id: number;
    seq: number;
    body: string;
    previous: string;
    hash: string;
  }[];
  const heads = new Map<number, { seq: number; hash: string }>();
  for (const { account_id, seq, body, previous, hash } of entries) {
    const head = heads.get(account_id) ?? { seq: 0, hash: '0'.repeat(64) };
    const fits = createHash('sha256').update(`${head.hash}\n${body}`).digest('hex') === hash;
    if (seq !== head.seq + 1 || previous !== head.hash || !fits) return [`the audit chain of account ${account_id} breaks at ${seq}`];
    heads.set(account_id, { seq, hash });
  }
  return [];
}

/** The first place at which two contents differ, short enough to read. */
export function difference(expected: string, found: string): string {
  const [a, b] = [expected.split('\n'), found.split('\n')];
  const line = a.findIndex((text, i) => text !== b[i]);
  const [left, right] = [a[line] ?? '', b[line] ?? ''];
  const at = [...left].findIndex((character, i) => character !== right[i]);
  const from = Math.max(0, at - 60);
  return `${left.split(' ')[0]} …${left.slice(from, at + 60)}… is …${right.slice(from, at + 60)}…`;
}
