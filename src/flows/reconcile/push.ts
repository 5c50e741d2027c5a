import { PadlockError } from '../../core/model/errors.ts';
import type { ScopeKey } from '../../core/model/scope.ts';
import type { Instant } from '../../core/model/words.ts';
import { type Carried, NOTHING_CARRIED, type Uncarried } from '../../core/plan/carried.ts';
import { actorIn } from '../authorize.ts';
import type { World } from '../world.ts';
import { carryResets } from './carry-resets.ts';
import { type AccountDemands, anyElsewhere, demandsElsewhere } from './demands.ts';

/** What to do about anything that could not be carried out. */
const AGAIN = 'apply again once it can be: whatever is still open is carried out then';

/**
 * Carries what the store has decided to the enforcers that decide by a copy of their own, after the commit: resets first, then every
 * scope that is not so there. What is to be pushed is nowhere written down: it is what differs there from what the store says now. So a push that
 * failed, a process that was killed before it, a deadline that has passed and an exemption that has ended are all carried out by whoever
 * comes next. What fails is told, and stops nothing else; nothing comes back from it into the store but that it is done.
 */
export async function carry(world: World): Promise<Carried> {
  if (!anyElsewhere(world)) return NOTHING_CARRIED;
  const resets = await carryResets(world);
  const now = world.clock.now();
  const accounts = await world.store.read((reader) => demandsElsewhere(world, reader, now));
  const pushed: ScopeKey[] = [];
  const uncarried: Uncarried[] = [...resets.uncarried];
  for (const account of accounts) {
    const done = await pushAccount(world, account, now);
    pushed.push(...done.scopes);
    uncarried.push(...done.uncarried);
  }
  return { scopes: pushed, resets: resets.resets, uncarried };
}

async function pushAccount(world: World, { account, enforcer, demands }: AccountDemands, now: Instant): Promise<Omit<Carried, 'resets'>> {
  const there = world.enforcers[enforcer];
  try {
    const findings = await there.drift(account, demands, now);
    const open = new Set(findings.filter(({ mends }) => mends === 'push').map(({ scope }) => scope));
    const pushing = demands.filter(({ scope }) => open.has(scope));
    if (pushing.length === 0) return { scopes: [], uncarried: [] };
    const results = await there.push(pushing, now);
    const scopes = results.filter(({ outcome }) => outcome === 'pushed').map(({ scope }) => scope);
    await auditPushed(world, account, scopes, now);
    return {
      scopes,
      uncarried: results.flatMap((result): Uncarried[] => {
        if (result.outcome === 'pushed' || result.outcome === 'read-from-store') return [];
        const fix = result.outcome === 'failed' ? result.fix : 'change the policy, or have it enforced elsewhere';
        return [{ account, enforcer, of: 'scope', name: result.scope, why: result.why, fix }];
      }),
    };
  } catch (error) {
    // A fault of this program is none of the enforcer's, and is not passed over.
    if (!(error instanceof PadlockError)) throw error;
    return { scopes: [], uncarried: [{ account, enforcer, of: 'account', name: account, why: error.message, fix: error.fix ?? AGAIN }] };
  }
}

async function auditPushed(world: World, account: string, scopes: readonly ScopeKey[], now: Instant): Promise<void> {
  if (scopes.length === 0) return;
  await world.store.write(now, async (transaction) => {
    const actor = await actorIn(world, transaction, account);
    await transaction.audit([{ account, at: now, actor, act: 'enforcer.push', target: account, detail: { scopes } }]);
  });
}
