import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ERASED, verifyChain } from '../../../src/core/audit/verify.ts';
import { AUDIT_START, type AuditEntry, type AuditWords, auditHash, withoutWords } from '../../../src/core/model/audit.ts';
import { canonical } from '../../../src/core/model/canonical.ts';
import type { Json } from '../../../src/core/model/words.ts';

const ACCOUNT = 'northwind';

/** A chain over some acts and details, as a store writes it. */
function chainOf(acts: readonly (readonly [act: string, detail: Json])[]): AuditEntry[] {
  let previous = AUDIT_START;
  return acts.map(([act, detail], index) => {
    const seq = index + 1;
    const words: AuditWords[] = [];
    const told = withoutWords(detail, (pointer, value) => {
      const kept = { pointer, value, salt: `salt ${seq}` };
      words.push(kept);
      return kept;
    });
    const body = canonical({ account: ACCOUNT, seq, at: seq * 1000, identity: 1, act, target: ACCOUNT, detail: told });
    const hash = auditHash(previous, body);
    const row = { channel: 'cli', subject: 'ops', userId: 1 } as const;
    const entry = { account: ACCOUNT, seq, at: seq * 1000, identity: 1, act, body, previous, hash, words, row };
    previous = hash;
    return entry;
  });
}

const plain = (count: number) => chainOf(Array.from({ length: count }, (_, i) => ['policy.update', { reason: `of day ${i}`, count: i }]));
const head = (chain: readonly AuditEntry[], seq = chain.length) => ({ account: ACCOUNT, seq, hash: chain[seq - 1]?.hash ?? '' });
const broken = async (entries: readonly AuditEntry[], known = head(plain(6))) => {
  const { broken: fault } = await verifyChain(ACCOUNT, entries, known);
  return fault === null ? null : [fault.seq, fault.what];
};

describe('a chain', () => {
  test('that nobody touched holds, and says how far it is known outside', async () => {
    const chain = plain(6);
    expect(await verifyChain(ACCOUNT, chain, head(chain, 4))).toEqual({
      account: ACCOUNT,
      entries: 6,
      erased: 0,
      head: head(chain),
      known: head(chain, 4),
      broken: null,
    });
    expect(await verifyChain(ACCOUNT, [], null)).toMatchObject({ entries: 0, head: null, broken: null });
  });

  test('lacks an entry, at its beginning, within, or renumbered over the gap', async () => {
    const chain = plain(6);
    expect(await broken(chain.slice(1))).toEqual([1, 'missing']);
    expect(await broken(chain.filter((e) => e.seq !== 4))).toEqual([4, 'missing']);
    const renumbered = chain.filter((e) => e.seq !== 4).map((e, i) => ({ ...e, seq: i + 1 }));
    expect(await broken(renumbered)).toEqual([4, 'swapped']);
  });

  test('has two entries swapped, or one twice', async () => {
    const chain = plain(6);
    const [a, b] = [chain[2], chain[3]];
    if (a === undefined || b === undefined) throw new RangeError();
    expect(await broken(chain.with(2, { ...b, seq: 3 }).with(3, { ...a, seq: 4 }))).toEqual([3, 'swapped']);
    expect(await broken([...chain, { ...a, seq: 7 }])).toEqual([7, 'swapped']);
  });

  test('is cut short, or gone, and its head is known outside', async () => {
    const chain = plain(6);
    expect(await broken(chain.slice(0, 4))).toEqual([5, 'truncated']);
    expect(await broken([])).toEqual([1, 'truncated']);
    // Without a head outside nobody could tell.
    expect((await verifyChain(ACCOUNT, chain.slice(0, 4), null)).broken).toBeNull();
  });

  test('was written anew from its beginning', async () => {
    expect(await broken(chainOf(Array.from({ length: 8 }, () => ['policy.delete', null])))).toEqual([6, 'replaced']);
  });

  test.each([
    ['when', { at: 1 }],
    ['who', { identity: 2 }],
    ['what', { act: 'policy.delete' }],
    ['of which account', { account: 'contoso' }],
  ])('has columns that say otherwise: %s', async (_, change) => {
    const chain = plain(6);
    const entry = chain[1];
    if (entry === undefined) throw new RangeError();
    expect(await broken(chain.with(1, { ...entry, ...change }))).toEqual([2, 'changed']);
  });

  test('any character of any text changed is found, at its entry', async () => {
    const chain = plain(6);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(5),
        fc.constantFrom('body', 'hash', 'previous'),
        fc.nat(),
        fc.integer({ min: 1, max: 15 }),
        async (index, field, at, bits) => {
          const entry = chain[index];
          if (entry === undefined) throw new RangeError();
          const text = entry[field];
          const place = at % text.length;
          const other = String.fromCharCode(text.charCodeAt(place) ^ bits);
          const changed = { ...entry, [field]: text.slice(0, place) + other + text.slice(place + 1) };
          const found = await broken(chain.with(index, changed));
          expect(found?.[0]).toBe(index + 1);
          expect(['changed', 'swapped']).toContain(found?.[1]);
        },
      ),
    );
  });
});

describe('words beside the chain', () => {
  const told = chainOf([
    ['exemption.create', { after: { users: ['ada@northwind.example'], reason: 'field work', ticket: 'T-1' } }],
    ['policy.update', { before: null, after: { breakGlass: ['glass@northwind.example'] }, overridden: [] }],
    [ERASED, { user: 7, erased: ['1/after/users'], reason: 'left' }],
  ]);
  const without = (seq: number, pointer: string) =>
    told.map((e) => (e.seq === seq ? { ...e, words: e.words.filter((w) => w.pointer !== pointer) } : e));

  test('are not in it', () => {
    const bodies = told.map((e) => e.body).join();
    for (const word of ['ada@', 'field work', 'glass@', 'left']) expect(bodies).not.toContain(word);
    expect(bodies).toContain('T-1');
    expect(told[0]?.words.map((w) => w.pointer)).toEqual(['/after/users', '/after/reason']);
  });

  test('changed, or moved to another place, are found', async () => {
    const change = (seq: number, some: Partial<AuditWords>) =>
      told.map((e) => (e.seq === seq ? { ...e, words: e.words.map((w, i) => (i === 0 ? { ...w, ...some } : w)) } : e));
    expect(await broken(change(1, { value: '["eve@northwind.example"]' }), head(told))).toEqual([1, 'changed']);
    expect(await broken(change(2, { salt: 'another' }), head(told))).toEqual([2, 'changed']);
    expect(await broken(change(2, { pointer: '/elsewhere' }), head(told))).toEqual([2, 'missing']);
  });

  test('gone by an act that the chain tells of hold; gone otherwise are missing', async () => {
    expect(await verifyChain(ACCOUNT, without(1, '/after/users'), head(told))).toMatchObject({ erased: 1, broken: null });
    expect(await broken(without(1, '/after/reason'), head(told))).toEqual([1, 'missing']);
    expect(await broken(without(2, '/after/breakGlass'), head(told))).toEqual([2, 'missing']);
  });
});
