import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importWorld, T0 } from '../../contract/store-world.ts';
import { type Opened, openTemporarySqlite } from './opened.ts';

let opened: Opened;
beforeEach(async () => {
  opened = await openTemporarySqlite({ surveysAside: true });
});
afterEach(() => opened.close());

/** So many more people of the account, without a factor. */
function crowd(count: number): void {
  opened.raw.exec(`with recursive n (i) as (select 1 union all select i + 1 from n where i < ${count})
    insert into users (account_id, external_id, origin, address, address_key, name, enabled, service, local_password, sso, kinds)
    select 1, 'n' || i, 'csv', 'n' || i || '@x.example', 'n' || i || '@x.example', 'N' || i, 1, 0, 1, 0, 0 from n;
    insert into memberships (scope_id, user_id, role, joined_at, active, kinds)
    select 1, id, 2, ${T0}, 1, 0 from users where external_id like 'n%'`);
}

describe('a survey beside who is served', () => {
  test('reads what a reading does, lists too', async () => {
    await importWorld(opened.store);
    const gathered = async (how: 'read' | 'survey') =>
      opened.store[how](async (reader) => {
        const rows: unknown[] = [];
        for await (const row of reader.memberships(T0, {})) rows.push(row);
        return { rows, counts: await reader.stateCounts(T0), scopes: await reader.scopes() };
      });
    expect(await gathered('survey')).toEqual(await gathered('read'));
  });

  test('a list that is left early leaves nothing open: the next has all', async () => {
    await importWorld(opened.store);
    crowd(3000);
    const counts = await opened.store.survey(async (reader) => {
      const [left, whole] = [{ rows: 0 }, { rows: 0 }];
      for await (const _ of reader.memberships(T0, {})) if (++left.rows === 700) break;
      for await (const _ of reader.memberships(T0, {})) whole.rows += 1;
      return [left.rows, whole.rows];
    });
    expect(counts).toEqual([700, 3008]);
  });

  test('sees one moment, and nobody waits for it: writing and reading go on meanwhile', async () => {
    await importWorld(opened.store);
    const seen = await opened.store.survey(async (reader) => {
      const before = await reader.auditHeads();
      await opened.store.write(T0, (transaction) => transaction.raiseEpoch(1));
      await importWorldAgain();
      return [before, await reader.auditHeads(), await opened.store.read((other) => other.auditHeads())];
    });
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).not.toEqual(seen[0]);
  });

  /** Another entry of the audit log. */
  async function importWorldAgain(): Promise<void> {
    const actor = { channel: 'cli', subject: 'x', account: 'northwind', userId: null, role: null, bound: false, bootstrap: false } as const;
    const record = { account: 'northwind', at: T0, actor, act: 'policy.update', target: 'northwind', detail: null };
    await opened.store.write(T0, (transaction) => transaction.audit([record]));
  }

  test('fails as a reading does, and the next one goes through', async () => {
    await importWorld(opened.store);
    await expect(
      opened.store.survey(async () => {
        throw new RangeError('mine');
      }),
    ).rejects.toThrow('mine');
    opened.raw.exec('alter table users rename to people');
    await expect(opened.store.survey((reader) => reader.stateCounts(T0))).rejects.toMatchObject({ code: 'store/unavailable' });
    opened.raw.exec('alter table people rename to users');
    expect((await opened.store.survey((reader) => reader.stateCounts(T0))).length).toBeGreaterThan(0);
  });

  test('200 000 people are judged and counted, and whoever is served meanwhile is served first', async () => {
    await importWorld(opened.store);
    crowd(200_000);
    const [rows, surveyed] = [{ count: 0 }, { done: false }];
    const surveying = opened.store.survey(async (reader) => {
      await reader.stateCounts(T0);
      for await (const _ of reader.memberships(T0, {})) rows.count += 1;
      surveyed.done = true;
    });
    for (let i = 0; i < 20; i++) await opened.store.read((reader) => reader.signInState(1));
    expect(surveyed.done).toBe(false);
    await surveying;
    expect(rows.count).toBe(200_008);
  });
});
