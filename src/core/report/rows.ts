import { formatInstant } from '../documents/values.ts';
import { kindsOf } from '../model/demand.ts';
import { PadlockError } from '../model/errors.ts';
import type { JudgedMembership, ScopeFacts } from '../model/findings.ts';
import { reasonAt, reasonIndex } from '../model/requirement.ts';
import { type ScopeKey, scopeOf } from '../model/scope.ts';
import type { Instant } from '../model/words.ts';
import { classify, type FindingClass } from './classify.ts';

/** Rows as a store gives them: all at once, or page by page. */
export type Rows = Iterable<JudgedMembership> | AsyncIterable<JudgedMembership>;

/** What a chunk of output holds at least, in UTF-16 units: few enough writes, and little memory. */
const CHUNK = 64 * 1024;

/** Where a padlock stands: closed by a factor that the scope allows, open, or the enforcer cannot tell. */
export type Padlock = 'open' | 'closed' | 'unknown';

/**
 * | what is known                                     | padlock |
 * | the kinds are not known                           | unknown |
 * | asked, and enrolled                               | closed  |
 * | asked, and not enrolled with a kind that counts   | open    |
 * | not asked: any kind counts                        | closed, open without one |
 */
export function padlockOf(membership: Pick<JudgedMembership, 'kinds' | 'reason'>): Padlock {
  if (membership.kinds === null) return 'unknown';
  if (membership.reason === 'enrolled') return 'closed';
  return reasonAt(reasonIndex(membership.reason)).rule <= 3 && membership.kinds !== 0 ? 'closed' : 'open';
}

/**
 * One membership as reports and lists give it to programs. Instants are RFC 3339 in UTC; null where there is nothing to say,
 * `kinds` null where the enforcer cannot tell.
 */
export interface FindingRow {
  readonly account: string;
  readonly myGlueAccount: string | null;
  readonly userId: number;
  readonly externalId: string;
  readonly address: string | null;
  readonly name: string | null;
  readonly role: string;
  readonly class: FindingClass;
  readonly padlock: Padlock;
  readonly reason: string;
  readonly state: string;
  readonly mode: 'Enforce' | 'ReportOnly';
  readonly enabled: boolean;
  readonly breakGlass: boolean;
  readonly kinds: readonly string[] | null;
  readonly joined: string;
  readonly lastSignIn: string | null;
  readonly reenabled: string | null;
  readonly deadline: string | null;
  readonly exemption: string | null;
  readonly exemptFrom: string | null;
  readonly exemptUntil: string | null;
  readonly provenBy: string | null;
  readonly provenAt: string | null;
}

/** The row of one membership, by the facts of its scope. */
export function findingRow(membership: JudgedMembership, facts: ScopeFacts): FindingRow {
  const { account, myGlueAccount } = scopeOf(membership.scope);
  return {
    account,
    myGlueAccount: myGlueAccount ?? null,
    userId: membership.userId,
    externalId: membership.externalId,
    address: membership.address,
    name: membership.name,
    role: membership.role,
    class: classify(membership, facts.enforceable),
    padlock: padlockOf(membership),
    reason: membership.reason,
    state: reasonAt(reasonIndex(membership.reason)).state,
    mode: facts.reportOnly ? 'ReportOnly' : 'Enforce',
    enabled: membership.enabled,
    breakGlass: membership.breakGlass,
    kinds: membership.kinds === null ? null : kindsOf(membership.kinds),
    joined: formatInstant(membership.joined),
    lastSignIn: instant(membership.lastSignIn),
    reenabled: instant(membership.reenabled),
    deadline: instant(membership.deadline),
    exemption: membership.exemption,
    exemptFrom: instant(membership.exemptFrom),
    exemptUntil: instant(membership.exemptUntil),
    provenBy: membership.provenBy,
    provenAt: instant(membership.provenAt),
  };
}

/**
 * Renders rows one by one into chunks of text, so that no more than a chunk is ever held. `expected` is how many rows there
 * must be. Throws `report/incomplete` when there are more or fewer, or one of a scope that is not among `scopes`: what was
 * written until then must not be kept.
 */
export async function* rowChunks(
  rows: Rows,
  scopes: readonly ScopeFacts[],
  expected: number,
  render: (row: FindingRow, index: number) => string,
): AsyncGenerator<string> {
  const factsOf = new Map<ScopeKey, ScopeFacts>(scopes.map((facts) => [facts.scope, facts]));
  let chunk = '';
  let count = 0;
  for await (const membership of rows) {
    const facts = factsOf.get(membership.scope);
    if (facts === undefined) throw incomplete(`a person in ${membership.scope} was read, but not the scope`);
    chunk += render(findingRow(membership, facts), count);
    count += 1;
    if (chunk.length >= CHUNK) {
      yield chunk;
      chunk = '';
    }
  }
  if (count !== expected) throw incomplete(`${count} people were read, of ${expected}`);
  if (chunk !== '') yield chunk;
}

function instant(value: Instant | null): string | null {
  return value === null ? null : formatInstant(value);
}

function incomplete(why: string): PadlockError {
  return new PadlockError('report/incomplete', `the list of people is incomplete: ${why}`, {
    fix: 'run it again: no report is made of a part',
  });
}
