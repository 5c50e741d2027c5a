import type { ScopeKey } from './scope.ts';
import type { Json } from './words.ts';

/** The guards, by name. One file each in `plan/guards`. */
export const GUARDS = [
  'suspended',
  'administrators',
  'overdue-at-once',
  'cannot-enroll',
  'weakened',
  'resets',
  'directory',
  'incomplete',
  'orphaned',
] as const;
export type GuardName = (typeof GUARDS)[number];

/**
 * What a guard says of one scope: passed, refused, or a note that holds nothing.
 * A refusal comes with its data (counts and limit), and the remedy in words.
 */
export interface Verdict {
  readonly guard: GuardName;
  readonly scope: ScopeKey;
  readonly outcome: 'passed' | 'refused' | 'overridden' | 'note';
  /** One line: counts and limit, `9 of 12 members (75 %), limit 25 %`. */
  readonly message: string;
  /** What lifts a refusal; empty when nothing was refused. */
  readonly remedy: string;
  readonly data: Json;
  /** What an override names: the digest of the scope's change, of the import, or of the requests. Set when the verdict was judged. */
  readonly digest?: string;
}
