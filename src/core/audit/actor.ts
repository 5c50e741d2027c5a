import { type AuditBody, type AuditEntry, erasedSubject, type IdentityRow, SUBJECT } from '../model/audit.ts';

/**
 * Who acted, as the entry itself says. Only an entry of before it was told gives what the identity's row says now, which whoever
 * writes to the database can change.
 */
export function actorOf(entry: AuditEntry): IdentityRow {
  const { actor } = JSON.parse(entry.body) as AuditBody;
  if (actor === undefined) return entry.row;
  return { channel: actor.channel, subject: subjectOf(entry), userId: actor.person };
}

/** How an identity's row says something else than the entry that names it, in words; null: it does not. */
export function otherRow(entry: AuditEntry): string | null {
  const { actor } = JSON.parse(entry.body) as AuditBody;
  if (actor === undefined) return null;
  const { row } = entry;
  const said = actorOf(entry);
  // Who was nobody yet may have become somebody since.
  const same = row.channel === said.channel && row.subject === said.subject && (said.userId === null || row.userId === said.userId);
  return same ? null : `${called(said)} acted, and the identity's row says ${called(row)}`;
}

function subjectOf({ words, identity }: AuditEntry): string {
  const kept = words.find((w) => w.pointer === SUBJECT);
  return kept === undefined ? erasedSubject(identity) : (JSON.parse(kept.value) as string);
}

function called({ channel, subject, userId }: IdentityRow): string {
  return `${channel} "${subject}" (${userId === null ? 'nobody' : `user ${userId}`})`;
}
