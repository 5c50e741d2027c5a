/**
 * Threat: somebody with access to the database rewrites history, flips a bit, deletes, swaps or slips in an entry; or an act happens
 * without its entry, or an entry tells of an act that did not happen. `padlock audit verify` names the first entry that does not hold.
 */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verifyChain } from '../../src/core/audit/verify.ts';
import { contentOf, type Opened, openTemporary } from '../adapters/store/opened.ts';
import { ACCOUNT, ACTOR, DAY, importWorld, T0, termsOf } from '../contract/store-world.ts';

interface Entry {
  account_id: number;
  seq: number;
  body: string;
  previous: string;
  hash: string;
}

/** Verifies as anybody outside would, by the published rule alone. Gives the first entry that does not fit; 0: none. */
function brokenAt(entries: readonly Entry[]): number {
  let previous = '0'.repeat(64);
  for (const [index, entry] of entries.entries()) {
    const hash = createHash('sha256').update(`${previous}\n${entry.body}`).digest('hex');
    const told = JSON.parse(entry.body) as { seq: number };
    if (entry.previous !== previous || entry.hash !== hash || told.seq !== index + 1) return index + 1;
    previous = hash;
  }
  return 0;
}

async function inStore(work: (opened: Opened, entries: () => Entry[]) => Promise<void>): Promise<void> {
  const opened = await openTemporary();
  try {
    await importWorld(opened.store);
    const record = (act: string, at: number) => ({ account: ACCOUNT, at, actor: ACTOR, act, target: ACCOUNT, detail: { reason: act } });
    for (let day = 1; day <= 4; day++) {
      const records = [record(`policy.update ${day}`, T0 + day * DAY), record(`exemption.update ${day}`, T0 + day * DAY)];
      await opened.store.write(T0 + day * DAY, (transaction) => transaction.audit(records));
    }
    await work(opened, () => opened.raw.prepare('select * from audit order by seq').all() as Entry[]);
  } finally {
    await opened.close();
  }
}

test('a chain that nobody touched verifies, entry by entry', async () => {
  await inStore(async (_, entries) => {
    expect(entries()).toHaveLength(9);
    expect(brokenAt(entries())).toBe(0);
  });
});

describe('recomputing finds', () => {
  test.each([
    ['a changed word', "update audit set body = replace(body, 'policy.update 2', 'policy.update 9') where seq = 4", 4, 'changed'],
    ['another moment', `update audit set body = replace(body, '${T0 + 2 * DAY}', '${T0 + 3 * DAY}') where seq = 5`, 5, 'changed'],
    ['another actor', `update audit set body = replace(body, '"identity":1', '"identity":2') where seq = 3`, 3, 'changed'],
    ['a deleted entry', 'delete from audit where seq = 4', 4, 'missing'],
    ['a deleted first entry', 'delete from audit where seq = 1', 1, 'missing'],
    [
      'two that changed places',
      'update audit set seq = case seq when 4 then -5 when 5 then -4 end where seq in (4, 5); update audit set seq = -seq where seq < 0',
      4,
      'swapped',
    ],
    [
      'an entry that is repeated',
      'insert into audit select account_id, 10, at, identity_id, act, body, previous, hash from audit where seq = 9',
      10,
      'swapped',
    ],
    [
      'a hash made anew without those that follow',
      "update audit set hash = case substr(hash, 1, 1) when 'f' then '0' else 'f' end || substr(hash, 2) where seq = 3",
      3,
      'changed',
    ],
  ] as const)('%s', async (_, statement, at, what) => {
    await inStore(async ({ raw, store }, entries) => {
      const known = await store.read((reader) => reader.auditHeads());
      raw.exec(statement);
      expect(brokenAt(entries())).toBe(at);
      // The program's own verifier finds the same entry, from the store as it stands, and changes nothing.
      const before = contentOf(raw);
      const finding = await store.read((reader) => verifyChain(ACCOUNT, reader.auditEntries(ACCOUNT), known[0] ?? null));
      expect(finding.broken).toMatchObject({ account: ACCOUNT, seq: at, what });
      expect(contentOf(raw)).toBe(before);
    });
  });

  test('any bit flipped in any entry', async () => {
    await inStore(async (_, entries) => {
      for (const index of entries().keys()) {
        for (const field of ['body', 'hash', 'previous'] as const) {
          const changed = entries();
          const entry = changed[index];
          if (entry === undefined) throw new RangeError(String(index));
          const bytes = Buffer.from(entry[field]);
          bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
          entry[field] = bytes.toString();
          expect(brokenAt(changed)).toBe(index + 1);
        }
      }
    });
  });

  test('a chain cut short, by the head that is kept outside', async () => {
    await inStore(async ({ raw, store }, entries) => {
      const head = entries().at(-1)?.hash;
      raw.exec('delete from audit where seq > 7');
      expect(brokenAt(entries())).toBe(0);
      expect(entries().map((entry) => entry.hash)).not.toContain(head);
      const known = { account: ACCOUNT, seq: 9, hash: head ?? '' };
      const finding = await store.read((reader) => verifyChain(ACCOUNT, reader.auditEntries(ACCOUNT), known));
      expect(finding.broken).toMatchObject({ seq: 8, what: 'truncated' });
    });
  });
});

test('an act that fails leaves no entry, and an entry that fails leaves no act', async () => {
  await inStore(async ({ store, raw }) => {
    const before = contentOf(raw);
    const terms = [{ scope: ACCOUNT, terms: termsOf(ACCOUNT), version: null }];
    const record = { account: ACCOUNT, at: T0 + 5 * DAY, actor: ACTOR, act: 'policy.create', target: ACCOUNT, detail: null };
    const failing = store.write(T0 + 5 * DAY, async (transaction) => {
      await transaction.audit([record]);
      await transaction.putTerms([...terms, { scope: ACCOUNT, terms: null, version: 9 }]);
    });
    await expect(failing).rejects.toMatchObject({ code: 'store/conflict' });
    expect(contentOf(raw)).toBe(before);
    const unaudited = store.write(T0 + 5 * DAY, async (transaction) => {
      await transaction.putTerms(terms);
      await transaction.audit([{ ...record, account: 'elsewhere' }]);
    });
    await expect(unaudited).rejects.toThrow();
    expect(contentOf(raw)).toBe(before);
  });
});

test('words that may name somebody are not in the chain, and are held to it by their hashes', async () => {
  await inStore(async ({ raw, store }) => {
    const verified = () => store.read((reader) => verifyChain(ACCOUNT, reader.auditEntries(ACCOUNT), null));
    const bodies = raw.prepare('select body from audit').pluck().all().join();
    expect(bodies).not.toContain('"reason":"');
    expect((await verified()).broken).toBeNull();
    raw.exec('create temporary table kept as select * from audit_words where seq = 6');
    for (const [statement, what] of [
      [`update audit_words set value = '"another reason"' where seq = 6 and pointer = '/reason'`, 'changed'],
      [`update audit_words set value = '"somebody"' where seq = 6 and pointer = 'actor/subject'`, 'changed'],
      [`update audit_words set salt = '00' where seq = 6`, 'changed'],
      [`delete from audit_words where seq = 6 and pointer = '/reason'`, 'missing'],
      [`delete from audit_words where seq = 6 and pointer = 'actor/subject'`, 'missing'],
    ] as const) {
      raw.exec(statement);
      expect((await verified()).broken).toMatchObject({ seq: 6, what });
      raw.exec('delete from audit_words where seq = 6; insert into audit_words select * from kept');
    }
    expect((await verified()).broken).toBeNull();
  });
});

test('accounts have chains of their own, and an actor is named by an id that can be erased', async () => {
  await inStore(async ({ raw, store }, entries) => {
    raw.exec("insert into accounts (slug, title, enforcer) values ('southwind', 'Southwind', 'portal')");
    const record = {
      account: 'southwind',
      at: T0 + 5 * DAY,
      actor: { ...ACTOR, subject: 'Jane Planted' },
      act: 'policy.create',
      target: 'southwind',
      detail: null,
    };
    await store.write(T0 + 5 * DAY, (transaction) => transaction.audit([record]));
    const southwind = entries().filter((entry) => JSON.parse(entry.body).account === 'southwind');
    expect(southwind.map((entry) => entry.seq)).toEqual([1]);
    expect(brokenAt(southwind)).toBe(0);
    expect(southwind[0]?.body).not.toContain('Planted');
    raw.exec("update identities set subject = 'erased' where subject = 'Jane Planted'");
    expect(brokenAt(entries().filter((entry) => JSON.parse(entry.body).account === 'southwind'))).toBe(0);
  });
});
