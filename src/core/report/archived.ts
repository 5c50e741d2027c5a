import { scopeOf } from '../model/scope.ts';
import { isFault, readPreviousHead } from './previous.ts';

/** When a kept report was made, and whom it is about. */
export interface ArchivedHead {
  readonly generatedAt: number;
  /** Every account whose people or events stand in it, each once. */
  readonly accounts: readonly string[];
}

/**
 * What the first line of a report as JSON says of it; null: that cannot be told. Its accounts are looked for wherever one is named, so that a
 * report is never taken for one on fewer than it is on.
 */
export function readArchivedHead(file: string, line: string): ArchivedHead | null {
  const read = readPreviousHead(file, line);
  if (isFault(read)) return null;
  const head = JSON.parse(`${line}]}`) as Readonly<Record<string, unknown>>;
  const named = ['accounts', 'resets', 'exemptions', 'breakGlass'].flatMap((list) => accountsOf(head[list]));
  const scopes = [...read.scopes.keys()].map((scope) => scopeOf(scope).account);
  const accounts = [...new Set([...named, ...scopes, ...(read.account === null ? [] : [read.account])])];
  if (accounts.length === 0 || !accounts.every((account) => typeof account === 'string')) return null;
  return { generatedAt: read.generatedAt, accounts };
}

/** The account of each entry; what is no list of entries counts as one that cannot be told. */
function accountsOf(list: unknown): readonly unknown[] {
  if (!Array.isArray(list)) return [null];
  return list.map((entry) => (entry as { readonly account?: unknown } | null)?.account);
}
