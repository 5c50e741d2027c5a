import type { DirectoryChanges, DirectoryFacts, DirectoryRead, ImportTerms } from '../model/directory.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Comparison, compareDirectory } from './compare.ts';
import { digestDirectory } from './digest.ts';
import { directoryGuard } from './guard.ts';
import { type ImportSummary, summarize } from './summary.ts';

/** What an import does, whom it takes something from, and what the guard says. Computing it writes nothing. */
export interface ImportPlan extends Comparison {
  readonly summary: ImportSummary;
  readonly verdicts: readonly Verdict[];
  /** Before and after: what a change of the configuration makes of the account. */
  readonly enforcer: ImportTerms['enforcer'];
  /** Hex SHA-256, as {@link digestDirectory} says: what an override names. */
  readonly digest: string;
}

/**
 * Plans an import: read and facts in, changes, figures, verdicts and digest out. `adopt` as in {@link compareDirectory},
 * whose errors it throws.
 */
export function planImport(read: DirectoryRead, facts: DirectoryFacts, adopt: ReadonlySet<string> = new Set()): ImportPlan {
  const comparison = compareDirectory(read, facts, adopt);
  const summary = summarize(comparison.changes, facts);
  return {
    ...comparison,
    summary,
    verdicts: directoryGuard(comparison, facts, summary),
    enforcer: facts.terms.enforcer,
    digest: digestDirectory(comparison.changes, facts.account?.version ?? null, facts.terms.enforcer),
  };
}

/** Whether an import changes nothing at all: neither people nor the enforcer. */
export function isUnchanged({ changes, enforcer }: Pick<ImportPlan, 'changes' | 'enforcer'>): boolean {
  return isEmpty(changes) && enforcer.before === enforcer.after;
}

/** Whether a directory changes nothing. */
export function isEmpty(changes: DirectoryChanges): boolean {
  const { newScopes, organizations, created, adopted, updated, joined, rejoined, roleChanged, ended } = changes;
  const lists = [newScopes, organizations, created, adopted, updated, joined, rejoined, roleChanged, ended];
  return !changes.newAccount && lists.every((list) => list.length === 0);
}
