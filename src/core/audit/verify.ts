import {
  AUDIT_START,
  type AuditBody,
  type AuditEntry,
  type AuditHead,
  type AuditWords,
  auditHash,
  type RecordedReset,
  SUBJECT,
  wordsHash,
  wordsIn,
} from '../model/audit.ts';
import type { StoreAuditing } from '../ports/store-auditing.ts';
import { otherRow } from './actor.ts';
import { otherReset, type ToldResets, tellReset } from './resets.ts';

/** What is wrong with an entry. */
export type Breach = 'changed' | 'missing' | 'swapped' | 'truncated' | 'replaced' | 'unwitnessed';

/** The first entry of a chain that does not hold. */
export interface Broken {
  readonly account: string;
  readonly seq: number;
  readonly what: Breach;
  /** In words, for people. */
  readonly why: string;
}

/** One account's chain as it was found. */
export interface ChainFinding {
  readonly account: string;
  /** Entries that hold, from the first. */
  readonly entries: number;
  /** Places whose words were erased, by an act that the chain tells of. */
  readonly erased: number;
  readonly head: AuditHead | null;
  /** The head known outside; null when none is. */
  readonly known: AuditHead | null;
  readonly broken: Broken | null;
}

/** One account's chain, with the rows that it tells of beside it: {@link verifyChain}. */
export async function verifyAccount(
  reader: Pick<StoreAuditing, 'auditEntries' | 'recordedResets'>,
  account: string,
  known: AuditHead | null,
): Promise<ChainFinding> {
  return verifyChain(account, reader.auditEntries(account), known, await reader.recordedResets(account));
}

/**
 * Recomputes one account's chain from its first entry, and compares it with the head known outside, and with the store's rows of
 * who acted and of `resets`. The first row that applies
 * to the first entry that does not hold:
 *
 * | an entry of this number is not there                        | missing   |
 * | another entry stands in its place                           | swapped   |
 * | its text, hash, columns or words are not what was chained   | changed   |
 * | the identity's row does not say who acted, as the entry does | changed   |
 * | its words are gone, and no entry tells of their erasure     | missing   |
 * | the row of a reset is not what the entries tell of it       | changed, missing |
 * | the chain ends before the head known outside                | truncated |
 * | the chain holds, and is not the one known outside           | replaced  |
 */
export async function verifyChain(
  account: string,
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
  known: AuditHead | null,
  resets?: readonly RecordedReset[],
): Promise<ChainFinding> {
  let head: AuditHead | null = null;
  let replaced: Broken | null = null;
  let renamed: Broken | null = null;
  let erased = 0;
  let erasedAt = 0;
  const gone = new Map<string, number>();
  const told: ToldResets = new Map();
  const broken = (seq: number, what: Breach, why: string): Broken => ({ account, seq, what, why });
  const found = (fault: Broken | null): ChainFinding => ({ account, entries: head?.seq ?? 0, erased, head, known, broken: fault });
  for await (const entry of entries) {
    const previous: AuditHead = head ?? { account, seq: 0, hash: AUDIT_START };
    const fault = breachOf(entry, previous);
    if (fault !== null) return found(fault);
    const body = JSON.parse(entry.body) as AuditBody;
    for (const { pointer, hash } of chainedWords(body)) {
      const words = entry.words.find((w) => w.pointer === pointer);
      if (words === undefined) gone.set(`${entry.seq}${pointer}`, entry.seq);
      else if (wordsHash(words) !== hash)
        return found(broken(entry.seq, 'changed', `its words at ${pointer} are not those that were chained`));
    }
    const another = otherRow(entry);
    // Whether its subject was erased is known at the end.
    if (another !== null && gone.has(placeOf(entry.seq, { pointer: SUBJECT }))) renamed ??= broken(entry.seq, 'changed', another);
    else if (another !== null) return found(broken(entry.seq, 'changed', another));
    tellReset(told, entry, body);
    if (body.act === ERASED) erasedAt = entry.seq;
    for (const place of erasedBy(body)) if (gone.delete(place)) erased += 1;
    if (known !== null && known.seq === entry.seq && known.hash !== entry.hash) {
      replaced = broken(
        entry.seq,
        'replaced',
        'the chain holds, but it is not the one known outside: it was written anew, or the store forked',
      );
    }
    head = { account, seq: entry.seq, hash: entry.hash };
  }
  const [lost] = [...gone].sort((a, b) => a[1] - b[1]);
  if (lost !== undefined) {
    return found(broken(lost[1], 'missing', `its words at ${lost[0].replace(/^\d+/, '')} are gone, and no entry tells of their erasure`));
  }
  const seq = head?.seq ?? 0;
  if (known !== null && known.seq > seq) {
    return found(broken(seq + 1, 'truncated', `the chain ends with entry ${seq}, entry ${known.seq} is known outside`));
  }
  const reset = resets === undefined ? null : otherReset(told, resets, seq, erasedAt);
  return found(replaced ?? renamed ?? (reset === null ? null : { account, ...reset }));
}

function breachOf(entry: AuditEntry, previous: AuditHead): Broken | null {
  const { account } = previous;
  const seq = previous.seq + 1;
  const broken = (what: Breach, why: string): Broken => ({ account, seq, what, why });
  if (entry.seq !== seq) return broken('missing', `entry ${entry.seq} follows entry ${previous.seq}`);
  const body = bodyOf(entry.body);
  if (body !== null && body.seq !== seq && auditHash(entry.previous, entry.body) === entry.hash) {
    return broken('swapped', `entry ${body.seq} stands in its place`);
  }
  if (auditHash(previous.hash, entry.body) !== entry.hash || entry.previous !== previous.hash) {
    return broken('changed', 'its text is not the one whose hash was chained');
  }
  const agrees = body?.account === entry.account && body.at === entry.at && body.identity === entry.identity && body.act === entry.act;
  return agrees ? null : broken('changed', 'its columns do not say what its text says');
}

function bodyOf(text: string): AuditBody | null {
  try {
    return JSON.parse(text) as AuditBody | null;
  } catch {
    return null;
  }
}

/** Every place of an entry whose words stand beside the chain, with the hash of each. */
function chainedWords({ actor, detail }: AuditBody): readonly { readonly pointer: string; readonly hash: string }[] {
  return [...(actor === undefined ? [] : [{ pointer: SUBJECT, hash: actor.subject.sha256 }]), ...wordsIn(detail)];
}

/** Places that an entry says were erased: the number of an entry, then the pointer, `4/after/users`. */
function erasedBy({ act, detail }: AuditBody): readonly string[] {
  if (act !== ERASED) return [];
  const places = (detail as { erased?: unknown } | null)?.erased;
  return Array.isArray(places) ? places.filter((place) => typeof place === 'string') : [];
}

/** The act of erasing a person. */
export const ERASED = 'person.erase';

/** The place of an entry's words, as the act of erasing names it. */
export function placeOf(seq: number, { pointer }: Pick<AuditWords, 'pointer'>): string {
  return `${seq}${pointer}`;
}
