import { createHash } from 'node:crypto';
import { canonical } from '../model/canonical.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Channel, Json } from '../model/words.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import type { ScopeDiff } from './diff-scopes.ts';
import type { DocumentChange } from './plan.ts';

/** Hex SHA-256 of a value's canonical JSON. */
export function digestOf(value: Json): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

/**
 * A scope's digest: the canonical change and the versions that it was computed from (its terms, its document by channel and
 * name, the account's exemptions, and what was changed by hand). No file names, lines, overrides, times or counts of people: an enrollment makes no plan stale.
 */
export function scopeDigest(diff: ScopeDiff, exemptionsVersion: number, channel: Channel): string {
  return digestOf({
    scope: diff.scope,
    action: diff.action,
    rules: diff.after?.rules ?? null,
    terms: diff.before?.version ?? null,
    from: diff.document,
    document: diff.own === null ? null : { channel, name: diff.own.name, after: diff.own.after, version: diff.own.version },
    byHand: diff.byHand.map(({ field, before }) => ({ field, before: before ?? null })),
    exemptions: exemptionsVersion,
  });
}

/** A document's digest, for the kinds that no scope stands for. */
export function documentDigest(change: DocumentChange): string {
  return digestOf({ kind: change.kind, name: change.name, action: change.action, after: change.after, version: change.version });
}

/**
 * Whom the documents mean, and what they ask to be reset: a name that stands for another person by the time of the apply, or
 * another request, makes a reviewed plan stale.
 */
export function peopleDigest(set: Pick<PolicySet, 'users' | 'resets'>): string {
  return digestOf({
    users: [...set.users].map(([key, { id }]) => [key, id] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
    resets: set.resets
      .map(({ account, requestId, user, approved, requestedAt, expiresAt }) => [account, requestId, user, approved, requestedAt, expiresAt])
      .sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1)),
  });
}

/**
 * What overrides lift: which guard of which scope, at which digest, by which override and why. Part of a plan's digest, and of no
 * scope's: an override names that. Without any, nothing: no override, no trace.
 */
export function liftedDigests(verdicts: readonly Verdict[]): string[] {
  const lifted = verdicts.filter((v) => v.outcome === 'overridden');
  if (lifted.length === 0) return [];
  return [digestOf({ lifted: lifted.map(({ scope, guard, digest, remedy }) => [scope, guard, digest ?? null, remedy]) })];
}

/** The plan's digest over its parts, in their order. */
export function planDigest(parts: readonly string[]): string {
  return digestOf(parts);
}
