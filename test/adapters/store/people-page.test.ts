import { expect, test } from 'vitest';
import { PEOPLE_FILTERS } from '../../../src/core/model/listed.ts';
import { BAKERY, importWorld, T0, termsOf } from '../../contract/store-world.ts';
import { openTemporary } from './opened.ts';

test('a page of people takes the same statements among 4 people as among 20 000, the last as the first, and none skips rows', async () => {
  const statements: string[] = [];
  const opened = await openTemporary({ onStatement: (text) => void statements.push(text) });
  try {
    const { store, raw } = opened;
    await importWorld(store);
    await store.write(T0, (transaction) => transaction.putTerms([{ scope: BAKERY, terms: termsOf(BAKERY), version: null }]));
    const counted = async (after?: number) => {
      const counts: number[] = [];
      for (const filter of PEOPLE_FILTERS) {
        statements.length = 0;
        const question = { scope: BAKERY, filter, search: 'a', limit: 51, ...(after !== undefined && { after }) };
        await store.read((reader) => reader.peoplePage(T0, question));
        counts.push(statements.length);
        expect(statements.join('\n')).not.toMatch(/\boffset\b/i);
      }
      return counts;
    };
    const few = await counted();
    const user =
      raw.prepare(`insert into users (id, account_id, external_id, origin, address, address_key, name, enabled, service, local_password, sso, kinds)
      values (?, 1, ?, 'csv', ?, ?, 'A', 1, 0, 1, 0, 0)`);
    const member = raw.prepare('insert into memberships (scope_id, user_id, role, joined_at, active, kinds) values (2, ?, 5, 0, 1, 0)');
    raw.transaction(() => {
      for (let id = 1000; id < 21_000; id++) {
        user.run(id, String(id), `a${id}@x.example`, `a${id}@x.example`);
        member.run(id);
      }
    })();
    expect(await counted()).toEqual(few);
    expect(await counted(20_900)).toEqual(few);
    const seen: number[] = [];
    for (let after: number | undefined; ; ) {
      const question = { scope: BAKERY, filter: 'open' as const, search: '@x.', limit: 1999, ...(after !== undefined && { after }) };
      const people = await store.read((reader) => reader.peoplePage(T0, question));
      seen.push(...people.map(({ userId }) => userId));
      after = people.at(-1)?.userId;
      if (after === undefined) break;
    }
    expect(seen).toHaveLength(20_000);
    expect(new Set(seen).size).toBe(20_000);
  } finally {
    await opened.close();
  }
}, 60_000);
