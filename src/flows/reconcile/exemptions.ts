import type { MfaExemptionSpec } from '../../core/documents/schema.ts';
import { parseInstant } from '../../core/documents/values.ts';
import type { Applied, ExemptionBinding } from '../../core/model/applied.ts';
import { placeOf } from '../../core/model/positions.ts';
import type { ScopeKey } from '../../core/model/scope.ts';
import type { Channel, Instant } from '../../core/model/words.ts';
import type { DocumentChange, Plan } from '../../core/plan/plan.ts';
import { wholeSecond } from '../../core/policy/deadline.ts';
import { type PolicySet, userKey } from '../../core/policy/policy-set.ts';
import type { ProposedExemptions, ProposedTerms, StoreReading } from '../../core/ports/store.ts';
import type { ExemptionWrite } from '../../core/ports/store-writing.ts';

/** What becomes of the exemptions: as they will be written, and whom that hits. */
export interface ExemptionChanges {
  readonly writes: readonly ExemptionWrite[];
  /** Scopes of people whose cover may end by it. */
  readonly uncovered: readonly ScopeKey[];
  /** Named by an exemption that stays as it is, and not covered: not known when it was applied, or taken out by hand. */
  readonly unbound: Plan['unboundUsers'];
}

/** The exemptions that change, with the people they are bound to, and the scopes of those who were bound before. */
export async function exemptionChanges(
  reader: StoreReading,
  set: PolicySet,
  documents: readonly DocumentChange[],
  now: Instant,
): Promise<ExemptionChanges> {
  const exemptions = documents.filter((d) => d.kind === 'MfaExemption');
  const bindings = await reader.exemptionBindings(
    set.channel,
    exemptions.filter((d) => d.before !== null).map((d) => d.name),
  );
  const bound = Map.groupBy(bindings, (b) => b.document);
  const changed = exemptions.filter((d) => d.action !== 'none' && d.action !== 'move');
  const writes = changed.map((change): ExemptionWrite => {
    const spec = specOf(change);
    // Windows that nothing declares: they end now.
    if (spec === null) {
      return { account: change.account ?? '', document: change.name, channel: set.channel, users: [], startsAt: now, expiresAt: now };
    }
    return {
      account: change.account ?? '',
      document: change.name,
      channel: set.channel,
      users: change.after === null ? [] : people(change, spec, set, bound.get(change.name) ?? []),
      startsAt: spec.startsAt === undefined ? wholeSecond(now) : parseInstant(spec.startsAt, 'start'),
      expiresAt: parseInstant(spec.expiresAt, 'end'),
    };
  });
  // A repair takes no cover away that was ever given.
  const before = changed.filter((d) => d.action !== 'repair').flatMap((d) => (bound.get(d.name) ?? []).map((b) => b.userId));
  const uncovered = new Set((await reader.membershipsOf([...new Set(before)])).map((m) => m.scope));
  const unbound = exemptions
    .filter((d) => d.action === 'none' || d.action === 'move')
    .flatMap((d) => unboundIn(d, set, bound.get(d.name) ?? []));
  return { writes, uncovered: [...uncovered].sort(), unbound };
}

/** What of them a plan counts with. */
export function proposedExemptions(channel: Channel, writes: readonly ExemptionWrite[]): ProposedExemptions {
  return {
    channel,
    documents: writes.map((w) => w.document),
    windows: writes.flatMap((w) => w.users.map((u) => ({ userId: u.userId, startsAt: w.startsAt, expiresAt: w.expiresAt }))),
  };
}

/** Scopes whose terms stay as they are, and whose people are counted all the same. */
export function standingTerms(applied: Applied, scopes: readonly ScopeKey[], changing: ReadonlySet<ScopeKey>): ProposedTerms[] {
  const terms = new Map(applied.terms.map((t) => [t.scope, t]));
  return scopes
    .filter((scope) => !changing.has(scope))
    .map((scope) => ({ scope, before: terms.get(scope) ?? null, after: terms.get(scope) ?? null, obligation: null }));
}

/** People bound before stay bound, whoever has their address now; others are found as they are called. Each person once. */
function people(change: DocumentChange, spec: MfaExemptionSpec, set: PolicySet, bound: readonly ExemptionBinding[]) {
  const found = spec.users.flatMap((called) => {
    const userId = bound.find((b) => b.called === called)?.userId ?? set.users.get(userKey(change.account ?? '', called))?.id;
    return userId === undefined ? [] : [{ called, userId }];
  });
  return [...new Map(found.map((user) => [user.userId, user])).values()];
}

function unboundIn(change: DocumentChange, set: PolicySet, bound: readonly ExemptionBinding[]): Plan['unboundUsers'] {
  const covered = new Set(bound.map((b) => b.userId));
  return (specOf(change)?.users ?? []).flatMap((called, i) => {
    const found = set.users.get(userKey(change.account ?? '', called));
    if (found === undefined || covered.has(found.id) || bound.some((b) => b.called === called)) return [];
    return [{ place: change.source === null ? change.place : placeOf(change.source, `/spec/users/${i}`), called }];
  });
}

/** Null for windows that no document declares. */
function specOf(change: DocumentChange): MfaExemptionSpec | null {
  return (change.after ?? change.before) as unknown as MfaExemptionSpec | null;
}
