import type { AuditHead } from '../../core/model/audit.ts';
import type { ExecutedReset, Witnessed } from '../../core/model/witnessed.ts';

/** One line: a head, a reset, or a head from which a chain goes on after a restored store was acknowledged. */
export type Line = { readonly head: AuditHead } | { readonly acknowledged: AuditHead } | { readonly reset: ExecutedReset };

/** How long a reset is remembered: no backup that old is restored as if nothing had happened. */
const REMEMBERED = 400 * 24 * 60 * 60 * 1000;

/** The lines of a file; null for each that is none of ours. */
export function linesOf(text: string): (Line | null)[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(lineOf);
}

/** What lines say together: the newest head of each account since it was last acknowledged, and every reset once. */
export function remember(lines: readonly (Line | null)[]): Witnessed {
  const heads = new Map<string, AuditHead>();
  const resets = new Map<string, ExecutedReset>();
  for (const line of lines) {
    if (line === null) continue;
    if ('reset' in line) {
      const key = `${line.reset.account} ${line.reset.requestId}`;
      // Of one done again after a restore, the first counts: the request's own time is its.
      if (!resets.has(key)) resets.set(key, line.reset);
    } else if ('acknowledged' in line) heads.set(line.acknowledged.account, line.acknowledged);
    else if (line.head.seq >= (heads.get(line.head.account)?.seq ?? 0)) heads.set(line.head.account, line.head);
  }
  return {
    heads: [...heads.values()].sort((a, b) => (a.account < b.account ? -1 : 1)),
    resets: [...resets.values()],
    unreadable: lines.filter((line) => line === null).length,
  };
}

/** The fewest lines that say the same; resets that lie longer back than {@link REMEMBERED} before the newest are forgotten. */
export function shorten(lines: readonly (Line | null)[]): Line[] {
  const { heads, resets } = remember(lines);
  const newest = Math.max(0, ...resets.map((r) => r.executedAt));
  return [
    ...heads.map((head) => ({ acknowledged: head })),
    ...resets.filter((r) => r.executedAt > newest - REMEMBERED).map((reset) => ({ reset })),
  ];
}

function lineOf(text: string): Line | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { head, acknowledged, reset } = (value ?? {}) as { head?: unknown; acknowledged?: unknown; reset?: unknown };
  if (isHead(head)) return { head };
  if (isHead(acknowledged)) return { acknowledged };
  return isReset(reset) ? { reset } : null;
}

function isHead(value: unknown): value is AuditHead {
  const head = value as Partial<AuditHead> | null | undefined;
  return typeof head?.account === 'string' && Number.isSafeInteger(head.seq) && typeof head.hash === 'string';
}

function isReset(value: unknown): value is ExecutedReset {
  const reset = value as Partial<ExecutedReset> | null | undefined;
  const numbers = [reset?.userId, reset?.requestedAt, reset?.executedAt];
  return typeof reset?.account === 'string' && typeof reset.requestId === 'string' && numbers.every((n) => Number.isSafeInteger(n));
}
