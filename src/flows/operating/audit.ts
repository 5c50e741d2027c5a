import { refuseLost, unwitnessed } from '../../core/audit/unwitnessed.ts';
import { type ChainFinding, verifyAccount } from '../../core/audit/verify.ts';
import { fallbacks } from '../../core/audit/witness.ts';
import { AUDIT_START, type AuditHead, type ListedEntry } from '../../core/model/audit.ts';
import type { ExecutedReset, Witnessed } from '../../core/model/witnessed.ts';
import type { Instant, Json } from '../../core/model/words.ts';
import type { StoreAuditing } from '../../core/ports/store-auditing.ts';
import { authorize } from '../authorize.ts';
import { personCalled, refuseUnknownAccount } from '../known.ts';
import type { OperatedWorld, World } from '../world.ts';

/** Which entries to list; `user` by address or id. */
export interface AuditQuestion {
  readonly account?: string;
  readonly since?: Instant;
  readonly act?: string;
  readonly user?: string;
  readonly limit: number;
}

/** Entries of the audit chains, newest first. Errors as {@link personCalled}. */
export function auditListFlow(world: World, question: AuditQuestion): Promise<{ entries: readonly ListedEntry[]; count: number }> {
  return world.store.read(async (reader) => {
    const { user, ...filter } = question;
    if (question.account !== undefined) refuseUnknownAccount((await reader.applied()).accounts, question.account);
    if (user === undefined) return reader.auditList(filter);
    const person = await personCalled(reader, question.account, user);
    return reader.auditList({ ...filter, account: person.account, userId: person.id });
  });
}

/**
 * Verifies every account's chain, or one's, against the heads known outside, in one snapshot. A chain that holds, and of which
 * nothing is known outside, may have been cut short: it does not verify either. `known`: as it was read at an earlier moment.
 */
export async function auditVerifyFlow(
  world: OperatedWorld,
  { account, known: earlier }: { readonly account?: string | undefined; readonly known?: Witnessed } = {},
): Promise<ChainFinding[]> {
  // Read first: the store may get ahead of what is known outside, never fall behind.
  const witnessed = earlier ?? (await world.witness.read());
  const { heads: known } = witnessed;
  return world.store.read(async (reader) => {
    const { accounts } = await reader.applied();
    const unknown = new Set((await unwitnessed(reader, witnessed, world.witness)).map((head) => head.account));
    const all = [...new Set([...accounts.map((a) => a.account), ...known.filter((h) => h.seq > 0).map((h) => h.account)])].sort();
    if (account !== undefined && !all.includes(account)) refuseUnknownAccount(accounts, account);
    const findings: ChainFinding[] = [];
    for (const one of all.filter((a) => account === undefined || a === account)) {
      const finding = await verifyAccount(reader, one, known.find((h) => h.account === one && h.seq > 0) ?? null);
      findings.push(unknown.has(one) && finding.broken === null ? unwitnessedChain(finding) : finding);
    }
    return findings;
  });
}

function unwitnessedChain(finding: ChainFinding): ChainFinding {
  const { account, entries } = finding;
  const why = `nothing outside tells whether the chain ends with entry ${entries}`;
  return { ...finding, broken: { account, seq: entries + 1, what: 'unwitnessed', why } };
}

/**
 * Every entry as JSON lines, to be verified by anybody: the hash is SHA-256 over the previous hash, a line feed and the body.
 * Behind each account's entries stands its head. `deliver` is given the text in chunks, within the snapshot.
 */
export function auditExportFlow<T>(
  world: World,
  options: { readonly account?: string; readonly deliver: (chunks: AsyncIterable<string>) => Promise<T> },
): Promise<T> {
  return world.store.read(async (reader) => {
    const { accounts } = await reader.applied();
    if (options.account !== undefined) refuseUnknownAccount(accounts, options.account);
    const all = accounts.map((a) => a.account).filter((a) => options.account === undefined || a === options.account);
    return options.deliver(
      (async function* lines() {
        for (const account of all.sort()) {
          let head: AuditHead = { account, seq: 0, hash: AUDIT_START };
          // Without the identity's row: it is no part of what was chained.
          for await (const { row: _row, ...entry } of reader.auditEntries(account)) {
            head = { account, seq: entry.seq, hash: entry.hash };
            yield `${JSON.stringify({ kind: 'AuditEntry', ...entry })}\n`;
          }
          yield `${JSON.stringify({ kind: 'AuditHead', ...head })}\n`;
        }
      })(),
    );
  });
}

/** What was acknowledged: from which head on, in each account, and in place of which; null: of none. */
export interface Acknowledged {
  readonly account: string;
  readonly known: AuditHead | null;
  readonly head: AuditHead;
}

/**
 * Takes a store that is older than what is known outside of it, or of which nothing is known there, as the one that holds from now
 * on, audited in every account that it still has. An Administrator's act. `store/lost` for one without any entry: there is nothing
 * to go on from. Empty: there was nothing to acknowledge.
 */
export async function acknowledgeFlow(world: OperatedWorld, reason: string): Promise<Acknowledged[]> {
  const now = world.clock.now();
  await world.witness.ready();
  const witnessed = await world.witness.read();
  const remembered = new Set(witnessed.resets.map((r) => `${r.account} ${r.requestId}`));
  const { acknowledged, resets } = await world.unwitnessed.write(now, async (transaction) => {
    if ((await transaction.auditHeads()).length === 0) refuseLost(witnessed, 'as it stands', world.witness.place);
    const deviations = await deviationsOf(world, transaction, witnessed);
    const { accounts } = await transaction.applied();
    for (const { account, known, seq, forked } of deviations) {
      if (!accounts.some((a) => a.account === account)) continue;
      const actor = await authorize(world, transaction, account, { act: 'acknowledge-restore' });
      const detail: Json = { known: known === null ? null : { seq: known.seq, hash: known.hash }, store: seq, forked, reason };
      await transaction.audit([{ account, at: now, actor, act: 'store.acknowledge', target: account, detail }]);
    }
    const heads = await transaction.auditHeads();
    const unknown: ExecutedReset[] = [];
    for (const { account } of deviations) unknown.push(...(await transaction.executedResets(account, 0)));
    return {
      acknowledged: deviations.map(({ account, known }): Acknowledged => {
        return { account, known, head: heads.find((h) => h.account === account) ?? { account, seq: 0, hash: AUDIT_START } };
      }),
      resets: unknown.filter((r) => !remembered.has(`${r.account} ${r.requestId}`)),
    };
  });
  await world.witness.append({ heads: [], resets, acknowledged: acknowledged.map(({ head }) => head) });
  return acknowledged;
}

/** Where the store is not the one known outside, account by account. */
async function deviationsOf(world: OperatedWorld, reader: StoreAuditing, witnessed: Witnessed) {
  const fallen = await fallbacks(reader, witnessed);
  const unknown = await unwitnessed(reader, witnessed, world.witness);
  return [
    ...fallen.map(({ known, seq, forked }) => ({ account: known.account, known, seq, forked })),
    ...unknown.map(({ account, seq }) => ({ account, known: null, seq, forked: false })),
  ];
}
