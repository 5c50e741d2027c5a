import type { PadlockDocument } from '../../core/documents/document.ts';
import type { MfaExemptionSpec } from '../../core/documents/schema.ts';
import type { Applied } from '../../core/model/applied.ts';
import { PadlockError } from '../../core/model/errors.ts';
import type { Channel } from '../../core/model/words.ts';
import { diffDocuments } from '../../core/plan/diff-documents.ts';
import { type Drift, driftOf, type ElsewhereDrift } from '../../core/plan/drift.ts';
import { exemptionsByHand, unboundExemptions } from '../../core/plan/exemptions-by-hand.ts';
import { compileSet, namedUsers, userKey } from '../../core/policy/policy-set.ts';
import type { StoreReading } from '../../core/ports/store.ts';
import { anyElsewhere, demandsElsewhere } from '../reconcile/demands.ts';
import type { World } from '../world.ts';

/**
 * What is in force against what the documents in force made of it, and against declared documents where they are given (null:
 * the store is looked at alone), and what the enforcers that decide by a copy of their own differ in. One snapshot, nothing written;
 * `enforcer/unreachable` where one cannot be read: no drift is never said of a part. Documents that do not go together are thrown, all faults at once.
 */
export async function driftFlow(
  world: World,
  options: { readonly documents: readonly PadlockDocument[] | null; readonly channel: Channel },
): Promise<Drift> {
  const now = world.clock.now();
  const input = await world.store.read(async (reader) => {
    const applied = await reader.applied();
    const found = await reader.findUsers(exempted(applied));
    const known = new Set(found.map((user) => userKey(user.account, user.called)));
    const windows = await reader.exemptionWindows();
    const exemptions = exemptionsByHand(applied.documents, windows, now);
    const unbound = unboundExemptions(applied.documents, windows, known, now);
    const changes = options.documents === null ? null : await changesTo(reader, options.documents, applied, options.channel);
    const demanded = anyElsewhere(world) ? await demandsElsewhere(world, reader, now) : [];
    const resets = demanded.length === 0 ? [] : await reader.uncarriedResets();
    return { applied, exemptions, unbound, changes, demanded, resets };
  });
  const { demanded, resets, ...stored } = input;
  const elsewhere: ElsewhereDrift[] = [];
  for (const { account, enforcer, demands } of demanded) {
    const findings = await world.enforcers[enforcer].drift(account, demands, now);
    elsewhere.push({ account, enforcer, findings, resets: resets.filter((r) => r.account === account).map((r) => r.requestId) });
  }
  return driftOf({ ...stored, elsewhere, now });
}

function exempted(applied: Applied) {
  return applied.documents.flatMap(({ kind, account, spec }) => {
    if (kind !== 'MfaExemption' || account === null) return [];
    return (spec as unknown as MfaExemptionSpec).users.map((called) => ({ account, called }));
  });
}

async function changesTo(reader: StoreReading, documents: readonly PadlockDocument[], applied: Applied, channel: Channel) {
  const { set, faults } = compileSet(documents, applied, await reader.findUsers(namedUsers(documents)), channel);
  const [first] = faults;
  if (first !== undefined) throw new PadlockError(first.code, first.message, { faults });
  return diffDocuments(set, applied.documents);
}
