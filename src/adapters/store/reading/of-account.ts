import { type RawBuilder, sql } from 'kysely';

/** Whether the account `a` is the one asked for; every one is when none is named. */
export function ofAccount(account: string | undefined): RawBuilder<boolean> {
  return account === undefined ? sql`1 = 1` : sql`a.slug = ${account}`;
}
