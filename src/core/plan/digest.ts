import { createHash } from 'node:crypto';
import { canonical } from '../model/canonical.ts';
import type { Json } from '../model/words.ts';
import type { ScopeDiff } from './diff-scopes.ts';
import type { DocumentChange } from './plan.ts';

/** Hex SHA-256 of a value's canonical JSON. */
export function digestOf(value: Json): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

/**
 * A scope's digest: the canonical change and the versions that it was computed from (its terms, its document, the
 * account's exemptions). No file names, lines, overrides, times or counts of people: an enrollment makes no plan stale.
 */
export function scopeDigest(diff: ScopeDiff, exemptionsVersion: number): string {
  return digestOf({
    scope: diff.scope,
    action: diff.action,
    rules: diff.after?.rules ?? null,
    terms: diff.before?.version ?? null,
    document: diff.own === null ? null : { after: diff.own.after, version: diff.own.version },
    exemptions: exemptionsVersion,
  });
}

/** A document's digest, for the kinds that no scope stands for. */
export function documentDigest(change: DocumentChange): string {
  return digestOf({ kind: change.kind, name: change.name, action: change.action, after: change.after, version: change.version });
}

/** The plan's digest over its parts, in their order. */
export function planDigest(parts: readonly string[]): string {
  return digestOf(parts);
}
