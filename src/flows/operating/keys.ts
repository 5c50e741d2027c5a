import type { ResolvedActor } from '../../core/model/actor.ts';
import { PadlockError } from '../../core/model/errors.ts';
import type { Json } from '../../core/model/words.ts';
import type { KeysHeld } from '../../core/ports/keys.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';
import { authorize } from '../authorize.ts';
import type { OperatedWorld, World } from '../world.ts';

/** Factors that one transaction re-wraps: other writers get their turn in between. */
const BATCH = 2000;

/** What a rotation did. */
export interface Rotation {
  /** The key that seals now. */
  readonly active: string;
  /** It was made by this rotation; else one that was interrupted was carried on. */
  readonly made: boolean;
  readonly rewrapped: number;
  /** Factors that do not open; they are left as they are, under the key that they name. */
  readonly unreadable: number;
}

/**
 * Rotates the key while others work: the new one is in the key file first, so that everything new is sealed with it; then the
 * factors are re-wrapped in batches. Killed at any moment, the next call carries on. Old keys stay in the file, since backups
 * need them: {@link finishKeys} removes those that seal nothing here. The keys are of the whole
 * store: the right is asked for in each of its accounts, as for everything here that writes (`rights/denied`).
 */
export async function rotateKeys(world: OperatedWorld, onProgress: (done: number) => void, batch = BATCH): Promise<Rotation> {
  const before = world.keys.read();
  const carriedOn = await rewrapAll(world, onProgress, batch);
  if (carriedOn.rewrapped > 0) return { active: before.active, made: false, ...carriedOn };
  const active = await world.store.write(world.clock.now(), async (transaction) => {
    const from = world.keys.read();
    const taken = (await transaction.keyUse()).map((use) => use.keyId);
    await auditEverywhere(world, transaction, 'keys.rotate', { from: from.active });
    return world.keys.add(taken);
  });
  return { active, made: true, ...(await rewrapAll(world, onProgress, batch)) };
}

/** Makes a new key file where the old one is lost for good. What it sealed stays unreadable, and enrolled. Gives the key's id. */
export function replaceLostKeys(world: OperatedWorld): Promise<string> {
  return world.store.write(world.clock.now(), async (transaction) => {
    const use = await transaction.keyUse();
    await auditEverywhere(world, transaction, 'keys.lost', { factors: use.reduce((sum, u) => sum + u.factors, 0) });
    return world.keys.begin(use.map((u) => u.keyId));
  });
}

/** Removes keys that seal nothing in this store any more. Gives their ids. */
export function finishKeys(world: OperatedWorld): Promise<readonly string[]> {
  return world.store.write(world.clock.now(), async (transaction) => {
    await keyKeepers(world, transaction);
    const { active, ids } = world.keys.read();
    const used = new Set((await transaction.keyUse()).map((use) => use.keyId));
    const idle = ids.filter((id) => id !== active && !used.has(id));
    if (idle.length === 0) return idle;
    await auditEverywhere(world, transaction, 'keys.remove', { keys: idle });
    world.keys.remove(idle);
    return idle;
  });
}

/** The keys by id, with how many factors each seals; those that the file does not have stand last. */
export async function listKeys(world: OperatedWorld): Promise<{ held: KeysHeld; factors: ReadonlyMap<string, number> }> {
  const held = world.keys.read();
  const factors = new Map(held.ids.map((id) => [id, 0]));
  for (const use of await world.store.read((reader) => reader.keyUse())) {
    factors.set(use.keyId, (factors.get(use.keyId) ?? 0) + use.factors);
  }
  return { held, factors };
}

async function rewrapAll(
  world: World,
  onProgress: (done: number) => void,
  batch: number,
): Promise<{ rewrapped: number; unreadable: number }> {
  let [after, rewrapped, unreadable]: [number | null, number, number] = [0, 0, 0];
  while (after !== null) {
    const from: number = after;
    const now = world.clock.now();
    const done = await world.store.write(now, async (transaction) => {
      const actors = await keyKeepers(world, transaction);
      const step = await transaction.rewrap(from, batch);
      const records = actors.flatMap((actor) => {
        const { account } = actor;
        const factors = step.rewrapped.get(account);
        return factors === undefined ? [] : [{ account, at: now, actor, act: 'keys.rewrap', target: account, detail: { factors } }];
      });
      await transaction.audit(records);
      return step;
    });
    after = done.last;
    unreadable += done.unreadable;
    for (const count of done.rewrapped.values()) rewrapped += count;
    onProgress(rewrapped);
  }
  return { rewrapped, unreadable };
}

/** The keys are of the whole store: every account's chain tells of it. */
async function auditEverywhere(world: World, transaction: StoreTransaction, act: string, detail: Json): Promise<void> {
  const actors = await keyKeepers(world, transaction);
  if (actors.length === 0) throw new PadlockError('store/missing', 'the store knows no account yet', { fix: 'import a directory first' });
  const at = world.clock.now();
  await transaction.audit(actors.map((actor) => ({ account: actor.account, at, actor, act, target: actor.account, detail })));
}

/** Who acts in each account of the store, when they may in every one. */
async function keyKeepers(world: World, transaction: StoreTransaction): Promise<readonly ResolvedActor[]> {
  const actors: ResolvedActor[] = [];
  for (const { account } of (await transaction.applied()).accounts) {
    actors.push(await authorize(world, transaction, account, { act: 'rotate-keys' }, 'no key was changed'));
  }
  return actors;
}
