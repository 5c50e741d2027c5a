import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ExemptionWrite, ResetWrite, StoreWriting } from '../../src/core/ports/store-writing.ts';
import {
  ACCOUNT,
  ACTOR,
  ANY_KIND,
  BAKERY,
  type Contracted,
  codeOf,
  DAY,
  factorOf,
  HOUR,
  idOf,
  policyOf,
  T0,
  termsOf,
} from './store-world.ts';

/** What writing does, over the known world. */
export function writingContract(of: () => Contracted): void {
  const store = () => of().store;
  const write = <T>(work: (transaction: StoreWriting) => Promise<T>, now = T0) => store().write(now, work);
  const value = async (query: string) => Object.values((await of().rows(query))[0] ?? {})[0];

  describe('compare-and-set', () => {
    const [staff, bakery] = [policyOf('staff', ACCOUNT), policyOf('bakery', BAKERY)];
    const put = () =>
      write(async (transaction) => {
        await transaction.putDocuments([staff]);
        await transaction.putTerms([{ scope: ACCOUNT, terms: termsOf(ACCOUNT), version: null }]);
      });

    test.each<[string, (transaction: StoreWriting) => Promise<void>]>([
      ['a document that is there already', (t) => t.putDocuments([staff])],
      ['a document with a stale version', (t) => t.putDocuments([{ ...staff, version: 7 }])],
      ['letting go of a document with a stale version', (t) => t.putDocuments([{ ...staff, spec: null, source: null, version: 7 }])],
      ['a document that is not there any more', (t) => t.putDocuments([{ ...policyOf('gone', null), version: 1 }])],
      ['a second policy of one scope', (t) => t.putDocuments([policyOf('rival', ACCOUNT)])],
      ['terms that are there already', (t) => t.putTerms([{ scope: ACCOUNT, terms: termsOf(ACCOUNT), version: null }])],
      ['terms with a stale version', (t) => t.putTerms([{ scope: ACCOUNT, terms: termsOf(ACCOUNT), version: 7 }])],
      ['letting go of terms with a stale version', (t) => t.putTerms([{ scope: ACCOUNT, terms: null, version: 7 }])],
      ['terms of a scope that is not known', (t) => t.putTerms([{ scope: 'northwind/nowhere', terms: termsOf(BAKERY), version: null }])],
    ])('%s: store/conflict, and everything else of the transaction is rolled back', async (_, change) => {
      await put();
      const before = await of().content();
      const conflict = write(async (transaction) => {
        await transaction.putDocuments([bakery]).catch(() => {});
        await transaction.putTerms([{ scope: BAKERY, terms: termsOf(BAKERY), version: null }]);
        await change(transaction);
      });
      expect(await codeOf(conflict)).toBe('store/conflict');
      expect(await of().content()).toBe(before);
    });

    test('the version that was seen changes, and is raised; letting go makes room for another owner in one transaction', async () => {
      await put();
      await write(async (transaction) => {
        await transaction.putDocuments([{ ...staff, version: 1, spec: { requireMfa: false } }]);
        await transaction.putTerms([{ scope: ACCOUNT, terms: termsOf(ACCOUNT, { requireMfa: false }), version: 1 }]);
      });
      const changed = await store().read((reader) => reader.applied());
      expect(changed.documents).toMatchObject([{ name: 'staff', version: 2, spec: { requireMfa: false } }]);
      expect(changed.terms).toMatchObject([{ requireMfa: false, version: 2 }]);
      await write((transaction) =>
        transaction.putDocuments([{ ...staff, version: 2, spec: null, source: null }, policyOf('heir', ACCOUNT)]),
      );
      await write((transaction) => transaction.putTerms([{ scope: ACCOUNT, terms: null, version: 2 }]));
      const after = await store().read((reader) => reader.applied());
      expect(after.documents.map((d) => d.name)).toEqual(['heir']);
      expect(after.terms).toEqual([]);
    });

    test('trusts go with their terms', async () => {
      const trust = [{ provider: 'entra', claim: 'amr', value: 'mfa', maxAge: DAY }] as const;
      await write((transaction) => transaction.putTerms([{ scope: ACCOUNT, terms: termsOf(ACCOUNT, { trust }), version: null }]));
      await write((transaction) => transaction.putTerms([{ scope: ACCOUNT, terms: termsOf(ACCOUNT), version: 1 }]));
      expect((await store().read((reader) => reader.applied())).terms[0]?.trust).toEqual([]);
    });
  });

  test('an obligation keeps the earlier since', async () => {
    await write((transaction) => transaction.addObligations([{ scope: ACCOUNT, demand: 1, since: T0 }]));
    await write((transaction) =>
      transaction.addObligations([
        { scope: ACCOUNT, demand: 1, since: T0 + DAY },
        { scope: BAKERY, demand: 1, since: T0 + DAY },
      ]),
    );
    expect((await store().read((reader) => reader.applied())).obligations).toEqual([
      { scope: ACCOUNT, demand: 1, since: T0 },
      { scope: BAKERY, demand: 1, since: T0 + DAY },
    ]);
  });

  test('exemptions are bound to ids, give way to what their document says now, and raise the version', async () => {
    const [carol, eve] = [await idOf(store(), '3'), await idOf(store(), '6')];
    const windows = async () =>
      of().rows('select user_id, starts_at, expires_at from exemption_users order by user_id, starts_at, expires_at');
    const users = [
      { called: 'carol@bakery.example', userId: carol },
      { called: '6', userId: eve },
    ];
    const first: ExemptionWrite = {
      account: ACCOUNT,
      document: 'field-work',
      channel: 'file',
      users,
      startsAt: T0,
      expiresAt: T0 + 3 * DAY,
    };
    await write((transaction) => transaction.putExemptions([first, { ...first, document: 'other', users: users.slice(1) }]));
    await write((transaction) => transaction.putExemptions([{ ...first, users: users.slice(0, 1), expiresAt: T0 + 2 * DAY }]), T0 + DAY);
    expect(await windows()).toEqual([
      { user_id: carol, starts_at: T0, expires_at: T0 + 2 * DAY },
      { user_id: eve, starts_at: T0, expires_at: T0 + DAY },
      { user_id: eve, starts_at: T0, expires_at: T0 + 3 * DAY },
    ]);
    await write((transaction) => transaction.putExemptions([{ ...first, users: [] }]), T0 + DAY + HOUR);
    expect((await windows())[0]).toMatchObject({ expires_at: T0 + DAY + HOUR });
    const applied = await store().read((reader) => reader.applied());
    expect(applied.accounts[0]?.exemptionsVersion).toBe(3);
    const bindings = await store().read((reader) => reader.exemptionBindings('file', ['field-work']));
    expect(bindings.map((b) => [b.called, b.userId])).toEqual([
      ['6', eve],
      ['carol@bakery.example', carol],
    ]);
  });

  describe('resets', () => {
    const reset = (userId: number, some: Partial<ResetWrite> = {}): ResetWrite => {
      const asked = {
        requestId: 'r-1',
        account: ACCOUNT,
        called: 'carol@bakery.example',
        reason: 'lost phone',
        asked: 'lost phone',
        expiresAt: T0 + 9 * DAY,
        requestedAt: T0 + HOUR,
        approved: false,
        approverId: null,
      };
      return { ...asked, userId, outcome: 'Executed', actor: ACTOR, ...some };
    };
    const facts = async (id: number) => (await of().rows(`select kinds, epoch from users where id = ${id}`))[0];

    test('removes what was enrolled before the request, once, however often it is replayed', async () => {
      const id = await idOf(store(), '3');
      await write((transaction) => transaction.enroll([factorOf(id, 'totp', T0), factorOf(id, 'passkey', T0 + 2 * HOUR)]));
      const epoch = Number((await facts(id))?.['epoch']);
      await of().run(
        `insert into recovery_codes (user_id, hash, created_at) values (${id}, 'old', ${T0}), (${id}, 'new', ${T0 + 2 * HOUR})`,
      );
      expect(await write((transaction) => transaction.putReset(reset(id)), T0 + DAY)).toEqual({ done: true, factorsRemoved: 1 });
      expect(await facts(id)).toEqual({ kinds: 2, epoch: epoch + 1 });
      expect(await of().rows(`select distinct kinds from memberships where user_id = ${id}`)).toEqual([{ kinds: 2 }]);
      expect(await of().rows('select hash from recovery_codes')).toEqual([{ hash: 'new' }]);
      const before = await of().content();
      for (let replay = 0; replay < 5; replay++) {
        expect(await write((transaction) => transaction.putReset(reset(id)), T0 + 2 * DAY)).toEqual({ done: false, factorsRemoved: 0 });
      }
      for (const outcome of ['Executed', 'Refused', 'AwaitingApproval'] as const) {
        const other = reset(id, { outcome, reason: 'told otherwise this time' });
        expect(await write((transaction) => transaction.putReset(other), T0 + 2 * DAY)).toEqual({ done: false, factorsRemoved: 0 });
      }
      expect(await of().content()).toBe(before);
      expect(await store().read((reader) => reader.resetsSince(T0))).toEqual(new Map([[ACCOUNT, 1]]));
      expect(await store().read((reader) => reader.resetsSince(T0 + DAY))).toEqual(new Map());
    });

    test('a request that waits is executed later, by its own time, and keeps who asked first', async () => {
      const id = await idOf(store(), '3');
      await write((transaction) => transaction.enroll([factorOf(id, 'totp', T0 + HOUR)]));
      const first = T0 + HOUR;
      await write((transaction) => transaction.putReset(reset(id, { outcome: 'AwaitingApproval', requestedAt: T0 + DAY })), first);
      expect(await write((transaction) => transaction.putReset(reset(id, { outcome: 'AwaitingApproval' })), first)).toMatchObject({
        done: false,
      });
      expect(await facts(id)).toMatchObject({ kinds: 1 });
      const second = { ...ACTOR, subject: 'somebody else' };
      const late = reset(id, { actor: second, requestedAt: T0 + 2 * DAY });
      expect(await write((transaction) => transaction.putReset(late), T0 + 2 * DAY)).toEqual({ done: true, factorsRemoved: 0 });
      expect(
        await of().rows('select first_seen, executed_at, subject from resets as r join identities as i on i.id = r.identity_id'),
      ).toEqual([{ first_seen: first, executed_at: T0 + 2 * DAY, subject: 'deploy' }]);
      const [known] = await store().read((reader) => reader.knownResets([{ account: ACCOUNT, requestId: 'r-1' }]));
      expect(known).toMatchObject({ asked: 'lost phone', expiresAt: T0 + 9 * DAY });
      expect(known).toMatchObject({ userId: id, outcome: 'Executed', firstSeen: first, executedAt: T0 + 2 * DAY });
    });

    test('the same id for another person touches nobody', async () => {
      const [carol, eve] = [await idOf(store(), '3'), await idOf(store(), '6')];
      await write((transaction) => transaction.enroll([factorOf(carol, 'totp', T0), factorOf(eve, 'totp', T0)]));
      await write((transaction) => transaction.putReset(reset(carol, { outcome: 'AwaitingApproval' })));
      await write((transaction) => transaction.putReset(reset(eve))).catch(() => {});
      expect(await of().rows('select user_id from factors order by user_id')).toEqual([{ user_id: carol }, { user_id: eve }]);
    });

    test.each(['AwaitingApproval', 'Held', 'Expired', 'Refused', 'UserChanged', 'NoSuchUser'] as const)(
      '%s is recorded and touches nobody',
      async (outcome) => {
        const id = await idOf(store(), '3');
        await write((transaction) => transaction.enroll([factorOf(id, 'totp', T0)]));
        const epoch = await facts(id);
        expect(await write((transaction) => transaction.putReset(reset(id, { outcome })), T0 + DAY)).toEqual({
          done: true,
          factorsRemoved: 0,
        });
        expect(await facts(id)).toEqual(epoch);
        expect(await store().read((reader) => reader.resets(T0 + DAY))).toMatchObject([{ requestId: 'r-1', outcome, executedAt: null }]);
        expect(await store().read((reader) => reader.resets(T0 + DAY + 1))).toEqual([]);
      },
    );
  });

  test('enrolling brings the kinds beside the person and every membership', async () => {
    const id = await idOf(store(), '3');
    await write((transaction) => transaction.enroll([factorOf(id, 'passkey', T0), factorOf(id, 'passkey', T0 + 1)]));
    expect(
      await of().rows(`select kinds from users where id = ${id} union all select kinds from memberships where user_id = ${id}`),
    ).toEqual([{ kinds: 2 }, { kinds: 2 }, { kinds: 2 }]);
    expect(await value('select count(*) as n from memberships where kinds <> 0')).toBe(2);
  });

  describe('the audit chain', () => {
    const record = (act: string, at = T0) => ({
      account: ACCOUNT,
      at,
      actor: ACTOR,
      act,
      target: BAKERY,
      detail: { b: 1, a: ['ü', null] },
    });

    test('every entry is chained to the one before, by a hash that anybody can compute', async () => {
      await write((transaction) => transaction.audit([record('policy.create'), record('policy.update')]));
      await write((transaction) => transaction.audit([record('policy.delete')]));
      const entries = await of().rows('select seq, act, body, previous, hash from audit order by seq');
      expect(entries.map((e) => e['act'])).toEqual(['directory.import', 'policy.create', 'policy.update', 'policy.delete']);
      let previous = '0'.repeat(64);
      for (const [index, entry] of entries.entries()) {
        expect(entry['seq']).toBe(index + 1);
        expect(entry['previous']).toBe(previous);
        previous = createHash('sha256').update(`${previous}\n${entry['body']}`).digest('hex');
        expect(entry['hash']).toBe(previous);
      }
      const identity = await value("select id from identities where subject = 'deploy'");
      const [said] = await of().rows("select salt, value from audit_words where seq = 2 and pointer = 'actor/subject'");
      expect(said?.['value']).toBe('"deploy"');
      const sha256 = createHash('sha256').update(`${said?.['salt']}\n${said?.['value']}`).digest('hex');
      expect(entries[1]?.['body']).toBe(
        `{"account":"northwind","act":"policy.create","actor":{"channel":"cli","person":null,"subject":{"sha256":"${sha256}"}},"at":${T0},"detail":{"a":["ü",null],"b":1},"identity":${identity},"seq":2,"target":"northwind/bakery"}`,
      );
    });

    test('a write that throws leaves no row', async () => {
      const before = await of().content();
      const failing = write(async (transaction) => {
        await transaction.putTerms([{ scope: ACCOUNT, terms: termsOf(ACCOUNT), version: null }]);
        await transaction.addObligations([{ scope: ACCOUNT, demand: ANY_KIND, since: T0 }]);
        await transaction.audit([record('policy.create', T0 + DAY)]);
        throw new RangeError('after everything');
      });
      await expect(failing).rejects.toThrow('after everything');
      expect(await of().content()).toBe(before);
    });
  });

  test('a clock behind by more than a minute changes nothing; a minute or less is an adjusted clock', async () => {
    const record = { account: ACCOUNT, at: T0 + DAY, actor: ACTOR, act: 'policy.create', target: ACCOUNT, detail: null };
    await write((transaction) => transaction.audit([record]), T0 + DAY);
    const before = await of().content();
    let ran = false;
    const late = write(
      async () => {
        ran = true;
      },
      T0 + DAY - 60_001,
    );
    expect(await codeOf(late)).toBe('store/clock-behind');
    expect(ran).toBe(false);
    await write((transaction) => transaction.audit([]), T0 + DAY - 60_000);
    expect(await of().content()).toBe(before);
    await write((transaction) => transaction.audit([record]), T0 + DAY - 1000);
    expect(await value('select highest from clock')).toBe(T0 + DAY);
  });
}
