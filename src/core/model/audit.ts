import { createHash } from 'node:crypto';
import { canonical } from './canonical.ts';
import type { Channel, Instant, Json } from './words.ts';

/** What the first entry of a chain follows. */
export const AUDIT_START = '0'.repeat(64);

/**
 * One entry's hash: SHA-256 over the previous hash, a line feed, and the entry's canonical JSON. A flipped bit, a deleted, swapped
 * or inserted entry breaks the chain; a truncated end is found by the head kept outside the store.
 */
export function auditHash(previous: string, body: string): string {
  return createHash('sha256').update(previous).update('\n').update(body).digest('hex');
}

/** Words of an entry that may name a person. They stand beside the chain, which holds their salted hash: erased, it still verifies. */
export interface AuditWords {
  /** Where in the detail: `/after/users`. */
  readonly pointer: string;
  readonly salt: string;
  /** Canonical JSON. */
  readonly value: string;
}

/** The hash by which a chain holds words: without the salt, which goes with them, nobody can guess them back. */
export function wordsHash({ salt, value }: Pick<AuditWords, 'salt' | 'value'>): string {
  return createHash('sha256').update(salt).update('\n').update(value).digest('hex');
}

/** Keys of a detail whose values people wrote or are called by. Everything else of a detail is ids, counts and words of ours. */
const PERSONAL: ReadonlySet<string> = new Set(['users', 'breakGlass', 'reason', 'message', 'overridden']);

/**
 * A detail as the chain holds it: whatever may name a person is replaced by `{ "sha256": … }`, and given to `salted`, which
 * keeps it. Empty values stay as they are.
 */
export function withoutWords(detail: Json, salted: (pointer: string, value: string) => AuditWords, pointer = ''): Json {
  if (detail === null || typeof detail !== 'object' || Array.isArray(detail)) return detail;
  const entries = Object.entries(detail as { readonly [key: string]: Json }).map(([key, value]): [string, Json] => {
    const at = `${pointer}/${key}`;
    if (!PERSONAL.has(key) || isEmpty(value)) return [key, withoutWords(value, salted, at)];
    return [key, { sha256: wordsHash(salted(at, canonical(value))) }];
  });
  return Object.fromEntries(entries);
}

/** The places of a detail whose words stand beside the chain, with the hash of each. */
export function wordsIn(detail: Json, pointer = ''): { readonly pointer: string; readonly hash: string }[] {
  if (detail === null || typeof detail !== 'object' || Array.isArray(detail)) return [];
  return Object.entries(detail as { readonly [key: string]: Json }).flatMap(([key, value]) => {
    const hash = PERSONAL.has(key) ? (value as { sha256?: unknown } | null)?.sha256 : undefined;
    return typeof hash === 'string' ? [{ pointer: `${pointer}/${key}`, hash }] : wordsIn(value, `${pointer}/${key}`);
  });
}

function isEmpty(value: Json): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Where the words of an entry stand that say under which subject somebody acted: of its body, so no place of its detail. */
export const SUBJECT = 'actor/subject';

/** Who acted, as an entry's body says: the subject is words beside the chain, and can be erased. */
export interface AuditedActor {
  readonly channel: Channel;
  /** The person's id; null: the subject stood for nobody at that time. */
  readonly person: number | null;
  readonly subject: { readonly sha256: string };
}

/** A channel's subject as the store holds it now: a row outside of the chain. */
export interface IdentityRow {
  readonly channel: Channel;
  readonly subject: string;
  readonly userId: number | null;
}

/** What stands where somebody's words stood. */
export const ERASED_WORD = 'erased';

/** The subject of an identity whose person was erased. */
function erasedSubject(identity: number): string {
  return `${ERASED_WORD}-${identity}`;
}

/** One entry as the store holds it. */
export interface AuditEntry {
  readonly account: string;
  readonly seq: number;
  readonly at: Instant;
  readonly identity: number;
  readonly act: string;
  readonly body: string;
  readonly previous: string;
  readonly hash: string;
  readonly words: readonly AuditWords[];
  /** The identity that it names by number, as it is now. */
  readonly row: IdentityRow;
}

/** What an entry's body says. */
export interface AuditBody {
  readonly account: string;
  readonly seq: number;
  readonly at: Instant;
  readonly identity: number;
  /** Absent in entries of before it was told: there the identity's row alone says it. */
  readonly actor?: AuditedActor;
  readonly act: string;
  readonly target: string;
  readonly detail: Json;
}

/** The last entry of an account's chain. */
export interface AuditHead {
  readonly account: string;
  readonly seq: number;
  readonly hash: string;
}

/** One entry for a list of them: who acted as the entry says, and the address that the person has now. */
export interface ListedEntry extends AuditEntry, IdentityRow {
  readonly address: string | null;
}

/** A reset request as the store holds it beside the chain that tells of it. */
export interface RecordedReset {
  readonly requestId: string;
  readonly userId: number | null;
  readonly outcome: string;
  readonly reason: string;
  readonly executedAt: Instant | null;
  /** Who asked first, and who approved. */
  readonly identity: number;
  readonly approverId: number | null;
}

/**
 * Who acted, as the entry itself says. Only an entry of before it was told gives what the identity's row says now, which whoever
 * writes to the database can change.
 */
export function actorOf(entry: AuditEntry): IdentityRow {
  const { actor } = JSON.parse(entry.body) as AuditBody;
  if (actor === undefined) return entry.row;
  return { channel: actor.channel, subject: subjectOf(entry), userId: actor.person };
}

function subjectOf({ words, identity }: AuditEntry): string {
  const kept = words.find((w) => w.pointer === SUBJECT);
  return kept === undefined ? erasedSubject(identity) : (JSON.parse(kept.value) as string);
}
