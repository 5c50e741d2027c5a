import { type AuditBody, type AuditEntry, ERASED_WORD, type RecordedReset } from '../model/audit.ts';
import type { Instant } from '../model/words.ts';

/** What the chain tells of one reset request. */
interface Told {
  /** The last entry about it. */
  readonly seq: number;
  readonly outcome: string;
  readonly executedAt: Instant | null;
  /** Undefined: the entry tells none, or it was erased. */
  readonly reason: string | undefined;
  /** As they were told first: a row keeps them. */
  readonly user: number | null;
  readonly approver: number | null;
  readonly identity: number;
}

/** What the chain tells of reset requests, by their ids. */
export type ToldResets = Map<string, Told>;

/** A row that is not what the chain tells of it. */
interface OtherReset {
  readonly seq: number;
  readonly what: 'changed' | 'missing';
  readonly why: string;
}

/** Adds what an entry tells of a request, if it is about one. */
export function tellReset(told: ToldResets, entry: AuditEntry, { act, at, target, identity, detail }: AuditBody): void {
  if (!act.startsWith('reset.')) return;
  const { outcome, user, approver, redone } = detail as {
    outcome: string;
    user?: number | null;
    approver?: number | null;
    redone?: boolean;
  };
  const before = told.get(target);
  const reason = entry.words.find((w) => w.pointer === '/reason');
  // A request that was done again for nobody is recorded for nobody.
  const person = redone === true && outcome === 'NoSuchUser' ? null : user;
  told.set(target, {
    seq: entry.seq,
    outcome,
    executedAt: outcome === 'Executed' ? at : null,
    reason: reason === undefined ? undefined : (JSON.parse(reason.value) as string),
    user: before?.user ?? person ?? null,
    approver: before?.approver ?? approver ?? null,
    identity: before?.identity ?? identity,
  });
}

/** The first request, by entry, whose row is not what the chain tells of it; `erasedAt`: the last entry that tells of an erasure. */
export function otherReset(told: ToldResets, rows: readonly RecordedReset[], head: number, erasedAt: number): OtherReset | null {
  const found: OtherReset[] = [];
  const left = new Map(told);
  for (const row of rows) {
    const chained = told.get(row.requestId);
    left.delete(row.requestId);
    if (chained === undefined) {
      found.push({ seq: head + 1, what: 'missing', why: `no entry tells of request ${row.requestId}, which the store holds` });
      continue;
    }
    const fields = differing(chained, row, erasedAt);
    if (fields.length > 0)
      found.push({ seq: chained.seq, what: 'changed', why: `the row of request ${row.requestId} says ${fields.join(', ')}` });
  }
  for (const [requestId, { seq }] of left) {
    found.push({ seq, what: 'missing', why: `it tells of request ${requestId}, whose row is gone` });
  }
  return found.sort((a, b) => a.seq - b.seq)[0] ?? null;
}

function differing(told: Told, row: RecordedReset, erasedAt: number): string[] {
  const erased = row.reason === ERASED_WORD && erasedAt > told.seq;
  return [
    ...(row.outcome === told.outcome ? [] : [`another outcome (${row.outcome})`]),
    ...(row.userId === told.user ? [] : [`another person (${row.userId === null ? 'nobody' : `user ${row.userId}`})`]),
    ...(row.executedAt === told.executedAt ? [] : ['another time']),
    ...(told.reason === undefined || row.reason === told.reason || erased ? [] : ['another reason']),
    ...(row.identity === told.identity ? [] : ['another requester']),
    ...(row.approverId === told.approver ? [] : ['another approver']),
  ];
}
