import { sql } from 'kysely';
import type { Instant, Json } from '../../../core/model/words.ts';
import type { PersonElsewhere } from '../../../core/ports/enforcer.ts';
import type { UncarriedReset } from '../../../core/ports/store-carrying.ts';
import type { Connection } from '../engine.ts';
import { ofAccount } from './of-account.ts';

/** Resets that are still to be carried out elsewhere, oldest first. */
export async function uncarriedResets(db: Connection, account?: string): Promise<UncarriedReset[]> {
  const { rows } = await sql<Omit<UncarriedReset, 'person' | 'notes'> & { external: string; address: string | null; notes: string | null }>`
    select a.slug as account, r.request_id as "requestId", r.user_id as "userId", u.external_id as external, u.address,
      case when r.requested_at < r.first_seen then r.requested_at else r.first_seen end as "requestedAt", r.elsewhere_notes as notes
    from resets as r join accounts as a on a.id = r.account_id join users as u on u.id = r.user_id
    where r.elsewhere = 'pending' and ${ofAccount(account)} order by r.executed_at, r.request_id`.execute(db);
  return rows.map(({ external, address, notes, ...reset }) => ({
    ...reset,
    person: { externalId: external, address },
    notes: notes === null ? null : (JSON.parse(notes) as Json),
  }));
}

/** Whom an exemption covers now, each once. */
export async function exemptPeople(db: Connection, account: string, now: Instant): Promise<PersonElsewhere[]> {
  const { rows } = await sql<PersonElsewhere>`select u.external_id as "externalId", u.address
    from users as u join accounts as a on a.id = u.account_id where a.slug = ${account}
      and exists (select 1 from exemption_users as e where e.user_id = u.id and e.starts_at <= ${now} and e.expires_at > ${now})
    order by u.external_id`.execute(db);
  return rows;
}
