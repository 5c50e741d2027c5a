import { type AuditBody, type AuditEntry, actorOf, type IdentityRow } from '../model/audit.ts';

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

function called({ channel, subject, userId }: IdentityRow): string {
  return `${channel} "${subject}" (${userId === null ? 'nobody' : `user ${userId}`})`;
}
