import { AUDIT_START, type AuditHead } from '../model/audit.ts';
import { PadlockError } from '../model/errors.ts';
import type { Witnessed } from '../model/witnessed.ts';
import type { StoreAuditing } from '../ports/store-auditing.ts';
import type { Witness } from '../ports/witness.ts';

/**
 * The heads of accounts that have entries, and of which nothing is known outside: the file was lost, emptied or damaged, or it is
 * that of another store. Whether such a store was restored nobody can tell, so it is never taken for a new one.
 */
export async function unwitnessed(
  store: Pick<StoreAuditing, 'auditHeads'>,
  witnessed: Witnessed,
  witness: Pick<Witness, 'read'>,
): Promise<AuditHead[]> {
  const heads = await store.auditHeads();
  const unknownTo = ({ heads: known }: Witnessed) => heads.filter((head) => !known.some((k) => k.account === head.account));
  // A chain is announced before its first entry is committed: one that another process has begun meanwhile is known by now.
  return unknownTo(witnessed).length === 0 ? [] : unknownTo(await witness.read());
}

/** What is told outside before the first entry of these chains is committed: whoever is killed in between leaves no unknown chain. */
export function announced(heads: readonly AuditHead[], witnessed: Witnessed): AuditHead[] {
  const begun = heads.filter((head) => !witnessed.heads.some((known) => known.account === head.account));
  return begun.map(({ account }) => ({ account, seq: 0, hash: AUDIT_START }));
}

/** Refuses to go on with a store of which nothing is known outside: `witness/unreadable`. */
export function refuseUnwitnessed(unknown: readonly AuditHead[], place: string): void {
  if (unknown.length === 0) return;
  throw new PadlockError('witness/unreadable', `${unwitnessedWords(unknown, place)}; nothing was changed`, {
    fix: UNWITNESSED_FIX,
    data: unknown.map(({ account, seq }) => ({ account, known: null, store: seq })),
  });
}

/** What to do about a store of which nothing is known outside. */
export const UNWITNESSED_FIX =
  'put the file back; if it is lost, make sure that the store is not an older one, then: padlock audit acknowledge --reason TEXT';

/** What has happened, in words. */
export function unwitnessedWords(unknown: readonly AuditHead[], place: string): string {
  const each = unknown.map(({ account, seq }) => `${account} (entry ${seq})`);
  return `nothing is known outside of the store of ${each.join(', ')}: ${place} is missing, emptied, damaged or that of another store`;
}

/** Refuses to begin a new store where one was that is known outside: `store/lost`. `path`: where it was. */
export function refuseLost({ heads }: Witnessed, path: string, place: string): void {
  const known = heads.filter((head) => head.seq > 0);
  if (known.length === 0) return;
  const each = known.map(({ account, seq }) => `${account} up to entry ${seq}`);
  throw new PadlockError(
    'store/lost',
    `there is nothing in the store ${path}, and ${place} knows ${each.join(', ')}; nothing was written`,
    {
      fix: `restore a backup: "The store is lost, and a backup is restored" in docs/runbook.md; to begin anew on purpose, move ${place} away first`,
      data: known.map(({ account, seq }) => ({ account, known: seq, store: 0 })),
    },
  );
}
