import { type RawBuilder, sql } from 'kysely';
import type { Engine } from '../engine.ts';

// Conditions on an entry `e` of the audit log and its identity `i`. Bodies are canonical JSON: keys in order, a number followed by a
// comma or by its object's end, and quotes within texts escaped, so that no text passes for a key.

/** An entry of a person's doing: as it says itself; where it names nobody, as the identity's row says. */
export function byPerson(userId: number): RawBuilder<unknown> {
  const said = sql.lit(`%"person":${userId},"subject":%`);
  return sql`(e.body like ${said} or (i.user_id = ${userId} and (e.body not like '%"actor":{"channel":%' or e.body like '%"person":null,"subject":%')))`;
}

/** An entry about a person: by id alone, or in the list of those whom an exemption was for. */
export function aboutPerson(engine: Engine, userId: number): RawBuilder<unknown> {
  const user = sql.lit(`%"user":${userId}`);
  return sql`(e.body like ${user} || ',%' or e.body like ${user} || '}%' or ${engine.listHolds(sql`e.body`, '$.detail.people', userId)})`;
}
