import type { JudgedMembership } from '../../core/model/findings.ts';
import { REASONS, type Reason } from '../../core/model/requirement.ts';
import type { Instant } from '../../core/model/words.ts';
import { wholeSecond } from '../../core/policy/deadline.ts';
import type { StoreReading } from '../../core/ports/store.ts';
import type { PadlockList } from '../../core/report/padlock-list.ts';
import { type Summary, summarize } from '../../core/report/summary.ts';
import { scopeFacts } from '../enforcing.ts';
import { refuseUnknownAccount } from '../known.ts';
import type { World } from '../world.ts';

/** States in which a padlock is open or unknown and something is, or would be, asked. */
const OPEN: ReadonlySet<Reason> = new Set(
  REASONS.filter((r) => ['Unknown', 'Exempt', 'WouldRequire', 'Pending', 'Overdue'].includes(r.state)).map((r) => r.reason),
);

/** Factors of each key that are opened to see whether they do, and how many that do not are named. */
const TRIES = 1000;
const NAMED = 100;

/** The padlock list: figures by scope, and by name whoever is not enrolled, at most `names` of each scope (null: all). */
export function statusFlow(world: World, options: { readonly account?: string; readonly names: number | null }): Promise<PadlockList> {
  const now = world.clock.now();
  return world.store.survey(async (reader) => {
    const { summary, open } = await summarizeStore(world, reader, now, options.account);
    const people: JudgedMembership[] = [];
    const filter = {
      openOnly: true,
      perScope: options.names ?? Number.MAX_SAFE_INTEGER,
      ...(options.account !== undefined && { account: options.account }),
    };
    for await (const row of reader.memberships(now, filter)) people.push(row);
    return { now: wholeSecond(now), summary, people, count: open, unreadable: await reader.checkFactors(TRIES, NAMED) };
  });
}

/** Figures by scope, agreed with what the store counts apart; and how many padlocks are open or unknown. */
export async function summarizeStore(
  world: World,
  reader: StoreReading,
  now: Instant,
  account?: string,
): Promise<{ summary: Summary; open: number; total: number }> {
  const scopes = await scopeFacts(world, reader, account);
  if (account !== undefined && scopes.length === 0) refuseUnknownAccount((await reader.applied()).accounts, account);
  const counts = await reader.stateCounts(now, account);
  const summary = summarize(scopes, counts, await reader.membershipCounts(account));
  const open = counts.filter((c) => OPEN.has(c.reason)).reduce((sum, c) => sum + c.count, 0);
  return { summary, open, total: summary.total.members };
}
