import { kindsOf } from '../../../core/model/demand.ts';
import type { DirectoryRead } from '../../../core/model/directory.ts';
import type { FactorKind, Instant } from '../../../core/model/words.ts';
import type { Random } from '../../../core/ports/random.ts';
import type { FactorWrite } from '../../../core/ports/store-writing.ts';
import { actorIn } from '../../../flows/authorize.ts';
import { importFlow } from '../../../flows/reconcile/import.ts';
import type { World } from '../../../flows/world.ts';
import type { World as DemoWorld, WorldPerson } from './world.ts';

/** People whose factors are written in one transaction. */
const BATCH = 5000;

/** Bytes that stand for a factor's secret: a TOTP secret of 160 bits (RFC 4226, section 4), a passkey's credential. */
const SECRET_BYTES: Readonly<Record<FactorKind, number>> = { totp: 20, passkey: 32 };

export interface Seeding {
  readonly demo: DemoWorld;
  readonly random: Random;
  /** The moment at which the world's people joined. */
  readonly now: Instant;
  /** Told how many people are done. */
  readonly onProgress: (done: number) => void;
}

/**
 * Brings a demo world into the store by the ways that real people come: a directory import, and confirmed factors, sealed.
 * A store that knows the account already is left as it is. Gives how many memberships it held before; 0: the world was made.
 */
export async function seed(world: World, seeding: Seeding): Promise<number> {
  const { demo } = seeding;
  const held = await world.store.read((reader) => reader.membershipCounts(demo.account));
  if (held.size > 0) return [...held.values()].reduce((sum, count) => sum + count, 0);
  const read: DirectoryRead = {
    account: demo.account,
    title: 'Northwind IT',
    origin: demo.origin,
    rows: { [Symbol.iterator]: () => rowsOf(demo) },
    organizations: demo.organizations,
    wholeScopes: demo.scopes,
    faults: [],
  };
  await importFlow(world, { read, enforcer: 'portal', adopt: new Set(), overrides: [], newAccount: true });
  await enrollAll(world, seeding);
  return 0;
}

function* rowsOf(demo: DemoWorld) {
  for (const person of demo.people()) yield person.row;
}

async function enrollAll(world: World, seeding: Seeding): Promise<void> {
  let batch: WorldPerson[] = [];
  let done = 0;
  const flush = async () => {
    await enrollBatch(world, seeding, batch);
    done += batch.length;
    seeding.onProgress(done);
    batch = [];
  };
  for (const person of seeding.demo.people()) {
    if (person.enrolled !== 0 && batch.push(person) === BATCH) await flush();
  }
  await flush();
}

async function enrollBatch(world: World, { demo, random, now }: Seeding, batch: readonly WorldPerson[]): Promise<void> {
  if (batch.length === 0) return;
  const { account } = demo;
  await world.store.write(now, async (transaction) => {
    const found = await transaction.findUsers(batch.map((p) => ({ account, called: p.row.externalId })));
    const ids = new Map(found.map((f) => [f.called, f.id]));
    const factors = batch.flatMap((person) =>
      kindsOf(person.enrolled).map((kind): FactorWrite => {
        const userId = ids.get(person.row.externalId);
        if (userId === undefined) throw new RangeError(`${person.row.externalId} was not imported`);
        return {
          userId,
          kind,
          label: 'seeded by the demo',
          secret: random.bytes(SECRET_BYTES[kind]),
          enrolledAt: person.enrolledAt ?? now,
        };
      }),
    );
    await transaction.enroll(factors);
    const detail = { people: batch.length, factors: factors.length };
    const actor = await actorIn(world, transaction, account);
    await transaction.audit([{ account, at: now, actor, act: 'factor.seed', target: account, detail }]);
  });
}
