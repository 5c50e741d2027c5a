import type { ResetOutcome } from '../model/applied.ts';
import type { AuditHead } from '../model/audit.ts';
import { PadlockError } from '../model/errors.ts';
import type { ExecutedReset, Witnessed } from '../model/witnessed.ts';
import type { StoreReading } from '../ports/store.ts';
import type { StoreAuditing } from '../ports/store-auditing.ts';

/** An account whose chain in the store is not the one known outside. */
export interface Fallback {
  readonly known: AuditHead;
  /** Entries that the store has; null: the store does not know the account. */
  readonly seq: number;
  /** Its chain is as long, and another. */
  readonly forked: boolean;
}

/**
 * The accounts in which the store is older than what is known outside of it: restored from a backup, cut short or written
 * anew. A store that is ahead only has not told yet (a crash between commit and export), and is none of them.
 */
export async function fallbacks(store: StoreAuditing, witnessed: Witnessed): Promise<Fallback[]> {
  if (witnessed.heads.length === 0) return [];
  const heads = new Map((await store.auditHeads()).map((head) => [head.account, head]));
  const found: Fallback[] = [];
  for (const known of witnessed.heads) {
    const head = heads.get(known.account);
    // Nothing is known of a chain that was acknowledged before its account was there.
    if (known.seq === 0 || (head?.seq === known.seq && head.hash === known.hash)) continue;
    const seq = head?.seq ?? 0;
    if (known.seq > seq) found.push({ known, seq, forked: false });
    else if ((await store.auditHash(known.account, known.seq)) !== known.hash) found.push({ known, seq, forked: true });
  }
  return found;
}

/** What the store has said since it was witnessed: new heads, and the resets behind the old ones. */
export async function untold(
  store: StoreAuditing,
  witnessed: Witnessed,
): Promise<{ readonly heads: readonly AuditHead[]; readonly resets: readonly ExecutedReset[] }> {
  const known = new Map(witnessed.heads.map((head) => [head.account, head]));
  const heads = (await store.auditHeads()).filter((head) => known.get(head.account)?.hash !== head.hash);
  const resets: ExecutedReset[] = [];
  for (const head of heads) resets.push(...(await store.executedResets(head.account, known.get(head.account)?.seq ?? 0)));
  return { heads, resets };
}

/** Resets that were executed, and of which the store knows nothing any more: the factors that they removed are alive again. */
export async function forgottenResets(store: Pick<StoreReading, 'knownResets'>, witnessed: Witnessed): Promise<ExecutedReset[]> {
  const known = new Map((await store.knownResets(witnessed.resets)).map((k) => [`${k.account} ${k.requestId}`, k.outcome]));
  return witnessed.resets.filter((reset) => !REMEMBERED.has(known.get(`${reset.account} ${reset.requestId}`)));
}

/** An executed request that the store says is anything else, Expired after a restore say, was forgotten all the same. */
const REMEMBERED: ReadonlySet<ResetOutcome | undefined> = new Set(['Executed', 'NoSuchUser', 'UserChanged']);

/** Refuses to go on with a store that has fallen back: `store/restored`. */
export function refuseFallen(fallen: readonly Fallback[]): void {
  if (fallen.length === 0) return;
  throw new PadlockError('store/restored', `${fallenWords(fallen)}; nothing was changed`, {
    fix: 'see padlock doctor; if it was restored on purpose: padlock audit acknowledge --reason TEXT',
    data: fallen.map(({ known, seq, forked }) => ({ account: known.account, known: known.seq, store: seq, forked })),
  });
}

/** What has happened, in words. */
export function fallenWords(fallen: readonly Fallback[]): string {
  const each = fallen.map(({ known, seq, forked }) =>
    forked ? `${known.account} (entry ${known.seq} is another one)` : `${known.account} (entry ${seq} of ${known.seq})`,
  );
  return `the store is older than what is known outside of it: ${each.join(', ')}`;
}
