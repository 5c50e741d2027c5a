import type { PadlockDocument } from '../../src/core/documents/document.ts';
import { readDocuments } from '../../src/core/documents/read.ts';
import type { SourceText } from '../../src/core/ports/source.ts';
import { applyFlow } from '../../src/flows/reconcile/apply.ts';
import { NOW, type Place } from './place.ts';

const DAY = 86_400_000;

/** How large a store is. */
export interface Size {
  readonly users: number;
  /** The account's own scope among them; each has a policy. */
  readonly scopes: number;
  /** How many of a hundred are not enrolled. */
  readonly missing: number;
}

/** The days of grace that the first policies give. Each change takes one away: a change that asks for less would be refused. */
export const GRACE = 300;

/** Brings the people in by bulk SQL, the same for the same size, and the first policies by an apply. */
export async function seed(place: Place, size: Size): Promise<void> {
  const { engine } = place;
  const { users, scopes, missing } = size;
  const numbers = (count: number) =>
    engine === 'sqlite'
      ? `(with recursive numbered(n) as (select 0 union all select n + 1 from numbered where n < ${count - 1}) select n from numbered) as g`
      : `(select n from generate_series(0::bigint, ${count - 1}) as numbered(n)) as g`;
  const round = `(n / ${scopes})`;
  // Whoever runs the bench is the first person: an administrator, enrolled.
  const kinds = `(case when n > 0 and (${round} * 7919 + (n % ${scopes}) * 31) % 1000 < ${Math.round(missing * 10)} then 0 else 1 end)`;
  const role = `(case when n = 0 then 0 when n % ${scopes} = 0 then 1 + ${round} % 3 when ${round} % 3 = 2 then 5 else 2 + ${round} % 3 end)`;
  // The server would look each of a million keys up; they are right.
  if (engine === 'postgresql') await place.exec('set session_replication_role = replica');
  await place.exec('begin');
  await place.exec("insert into accounts (id, slug, title, enforcer) values (1, 'northwind', 'Northwind IT', 'portal')");
  const client = `'client-' || cast(n as text)`;
  await place.exec(`insert into scopes (id, account_id, my_glue, key, title) select n + 1, 1, case when n > 0 then ${client} end,
    case when n > 0 then 'northwind/' || ${client} else 'northwind' end, 'Client ' || cast(n as text) from ${numbers(scopes)}`);
  const address = `'person' || cast(n as text) || '@northwind.example'`;
  await place.exec(`insert into users (id, account_id, external_id, origin, address, address_key, name, enabled, service, local_password, sso, kinds)
    select n + 1, 1, cast(n + 1 as text), 'demo', ${address}, ${address}, 'Person ' || cast(n as text), 1, 0, 1, 0, ${kinds} from ${numbers(users)}`);
  await place.exec(`insert into memberships (scope_id, user_id, role, joined_at, active, kinds)
    select n % ${scopes} + 1, n + 1, ${role}, ${NOW} - (n % 400 + 1) * ${DAY}, 1, ${kinds} from ${numbers(users)}`);
  const sealed = engine === 'sqlite' ? 'zeroblob(60)' : `decode(repeat('00', 60), 'hex')`;
  await place.exec(`insert into factors (user_id, kind, label, enrolled_at, key_id, sealed)
    select n + 1, 0, 'phone', ${NOW - DAY}, 'k1', ${sealed} from ${numbers(users)} where ${kinds} = 1`);
  await place.exec('commit');
  if (engine === 'postgresql') await place.exec('set session_replication_role = origin');
  const { held } = await applyFlow(place.world, { documents: read(textsOf(scopes, GRACE)), channel: 'file', names: 5 });
  if (held > 0) throw new Error(`${held} of the first policies are held`);
  // As it would be after a day of work.
  await place.exec(engine === 'postgresql' ? 'vacuum analyze' : 'pragma wal_checkpoint(truncate)');
  if (engine === 'postgresql') await place.exec('checkpoint');
}

/** A policy for each scope, a file each; the first `changed` ones with one day of grace less. */
export function textsOf(scopes: number, grace: number, changed = 0): SourceText[] {
  return Array.from({ length: scopes }, (_, n) => {
    const scope = n === 0 ? '' : `  myGlueAccount: client-${n}\n`;
    // Hundreds of resets a day are what is measured here.
    const guards = n === 0 ? '  guards:\n    resets: 100000\n' : '';
    const text = `apiVersion: padlock.dev/v1alpha1
kind: MfaPolicy
metadata:
  name: client-${n}
spec:
  account: northwind
${scope}  requireMfa: true
  mode: Enforce
  gracePeriod: ${n < changed ? grace - 1 : grace}d
${guards}`;
    return { file: `client-${n}.yaml`, text };
  });
}

/** Texts as documents; none may be wrong. */
export function read(texts: readonly SourceText[]): readonly PadlockDocument[] {
  const { documents, faults } = readDocuments(texts);
  if (faults.length > 0) throw new Error(JSON.stringify(faults[0]));
  return [...documents];
}
