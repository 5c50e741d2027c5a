import type { MfaExemptionSpec } from '../../core/documents/schema.ts';
import { parseInstant } from '../../core/documents/values.ts';
import type { ExemptionBinding } from '../../core/model/applied.ts';
import type { Channel, Instant } from '../../core/model/words.ts';
import type { DocumentChange } from '../../core/plan/plan.ts';
import { wholeSecond } from '../../core/policy/deadline.ts';
import { type PolicySet, userKey } from '../../core/policy/policy-set.ts';
import type { ProposedExemptions, StoreReading } from '../../core/ports/store.ts';
import type { ExemptionWrite } from '../../core/ports/store-writing.ts';

/** The exemptions that change, with the people they are bound to: as they will be written. */
export async function exemptionWrites(
  reader: StoreReading,
  set: PolicySet,
  documents: readonly DocumentChange[],
  now: Instant,
): Promise<ExemptionWrite[]> {
  const changed = documents.filter((d) => d.kind === 'MfaExemption' && d.action !== 'none' && d.action !== 'move');
  const bound = await reader.exemptionBindings(
    set.channel,
    changed.filter((d) => d.before !== null).map((d) => d.name),
  );
  return changed.map((change) => {
    const spec = (change.after ?? change.before) as unknown as MfaExemptionSpec;
    return {
      account: change.account ?? '',
      document: change.name,
      channel: set.channel,
      users: change.after === null ? [] : people(change, spec, set, bound),
      startsAt: spec.startsAt === undefined ? wholeSecond(now) : parseInstant(spec.startsAt, 'start'),
      expiresAt: parseInstant(spec.expiresAt, 'end'),
    };
  });
}

/** What of them a plan counts with. */
export function proposedExemptions(channel: Channel, writes: readonly ExemptionWrite[]): ProposedExemptions {
  return {
    channel,
    documents: writes.map((w) => w.document),
    windows: writes.flatMap((w) => w.users.map((u) => ({ userId: u.userId, startsAt: w.startsAt, expiresAt: w.expiresAt }))),
  };
}

/** People bound before stay bound, whoever has their address now; others are found as they are called. */
function people(change: DocumentChange, spec: MfaExemptionSpec, set: PolicySet, bound: readonly ExemptionBinding[]) {
  return spec.users.flatMap((called) => {
    const before = bound.find((b) => b.document === change.name && b.called === called);
    const userId = before?.userId ?? set.users.get(userKey(change.account ?? '', called))?.id;
    return userId === undefined ? [] : [{ called, userId }];
  });
}
