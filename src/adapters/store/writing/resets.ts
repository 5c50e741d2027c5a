import { sql } from 'kysely';
import { SETTLED_OUTCOMES } from '../../../core/model/applied.ts';
import type { Instant } from '../../../core/model/words.ts';
import type { ResetWrite } from '../../../core/ports/store-writing.ts';
import type { Connection } from '../engine.ts';
import { identityOf } from './audit.ts';

/**
 * Records a request with its outcome. The row of (account, requestId) is the claim: a settled one is left as it is and
 * nothing happens; an open one takes
 * the new outcome, and keeps who asked; that it was once seen as approved, and who approved it, is never taken back. Executed: factors and recovery
 * codes enrolled before the request go, and the session epoch rises, so that every session and half-done sign-in dies. One that is
 * redone and stands as executed removes what was put back since.
 */
export async function putReset(db: Connection, write: ResetWrite, now: Instant): Promise<{ done: boolean; factorsRemoved: number }> {
  const account = await db.selectFrom('accounts').select('id').where('slug', '=', write.account).executeTakeFirstOrThrow();
  // Looked for first: an outcome that stands already leaves not even the name of who acted.
  const standing = await db
    .selectFrom('resets')
    .select(['outcome', 'reason', 'approved', 'user_id'])
    .where('account_id', '=', account.id)
    .where('request_id', '=', write.requestId)
    .executeTakeFirst();
  const approved = Number(write.approved);
  const elsewhere = write.elsewhere === true && write.outcome === 'Executed' ? 'pending' : null;
  // What was executed before a restore is done again whatever the store has made of it since.
  const settled: readonly string[] = write.redone === true ? ['Executed'] : SETTLED_OUTCOMES;
  const same =
    standing?.outcome === write.outcome &&
    standing.reason === write.reason &&
    standing.approved >= approved &&
    standing.user_id === write.userId;
  if (write.redone === true && standing?.outcome === 'Executed' && standing.user_id !== null && standing.user_id === write.userId) {
    await sql`update resets set reason = ${write.reason}, executed_at = ${now}, elsewhere = ${elsewhere}, elsewhere_notes = null
      where account_id = ${account.id} and request_id = ${write.requestId}`.execute(db);
    const again = await removeFactors(db, account.id, write.requestId, standing.user_id);
    return { done: true, factorsRemoved: again };
  }
  if (standing !== undefined && (same || settled.some((outcome) => outcome === standing.outcome)))
    return { done: false, factorsRemoved: 0 };
  const identity = await identityOf(db, account.id, write.actor);
  const executed = write.outcome === 'Executed' ? now : null;
  const requested = write.redone === true ? sql`excluded.requested_at` : sql`resets.requested_at`;
  const claimed =
    await sql`insert into resets (account_id, request_id, user_id, called, outcome, reason, requested_at, first_seen, executed_at, factors_removed, identity_id, approved, approver_id, asked, expires_at, elsewhere)
    values (${account.id}, ${write.requestId}, ${write.userId}, ${write.called}, ${write.outcome}, ${write.reason}, ${write.requestedAt}, ${now}, ${executed}, 0, ${identity}, ${approved}, ${write.approverId}, ${write.asked}, ${write.expiresAt}, ${elsewhere})
    on conflict (account_id, request_id) do update set outcome = excluded.outcome, reason = excluded.reason, executed_at = excluded.executed_at, requested_at = ${requested}, asked = excluded.asked, expires_at = excluded.expires_at, elsewhere = excluded.elsewhere,
      user_id = coalesce(resets.user_id, excluded.user_id), approved = case when resets.approved = 1 then 1 else excluded.approved end, approver_id = coalesce(resets.approver_id, excluded.approver_id)
    where resets.outcome not in (${sql.join(settled.map((o) => sql.lit(o)))}) and (excluded.outcome <> 'Executed' or coalesce(resets.user_id, excluded.user_id) = excluded.user_id)`.execute(
      db,
    );
  if (Number(claimed.numAffectedRows ?? 0n) === 0) return { done: false, factorsRemoved: 0 };
  if (write.outcome !== 'Executed' || write.userId === null) return { done: true, factorsRemoved: 0 };
  return { done: true, factorsRemoved: await removeFactors(db, account.id, write.requestId, write.userId) };
}

async function removeFactors(db: Connection, accountId: number, requestId: string, userId: number): Promise<number> {
  // The request's own time is the row's: the earlier of the claim and the first sight.
  const before = sql<number>`(select case when requested_at < first_seen then requested_at else first_seen end from resets where account_id = ${accountId} and request_id = ${requestId})`;
  const removed = await sql`delete from factors where user_id = ${userId} and enrolled_at < ${before}`.execute(db);
  await sql`delete from recovery_codes where user_id = ${userId} and created_at < ${before}`.execute(db);
  const count = Number(removed.numAffectedRows ?? 0n);
  await sql`update users set epoch = epoch + 1, kinds = ${kindsOfUser(userId)} where id = ${userId}`.execute(db);
  await sql`update memberships set kinds = (select kinds from users where id = ${userId}) where user_id = ${userId}`.execute(db);
  // Whoever was locked by wrong codes of what is gone now may come in again.
  await sql`update sign_in_state set code_failures = 0, locked_at = null where user_id = ${userId}`.execute(db);
  await sql`update resets set factors_removed = factors_removed + ${count} where account_id = ${accountId} and request_id = ${requestId}`.execute(
    db,
  );
  return count;
}

/** The mask of the kinds that somebody still has confirmed: bit by bit, since engines have no common OR over rows. */
function kindsOfUser(userId: number) {
  return sql`(select coalesce(sum(1 << cast(f.kind as integer)), 0) from (select distinct kind from factors where user_id = ${userId}) as f)`;
}
