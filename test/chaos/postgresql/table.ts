import type { ResetOutcome } from './campaign.ts';

/** What a campaign of resets came to, for people: at most 80 columns. */
export function renderResets({ kills, late, byStatement, stood, gone, faults }: ResetOutcome, resets: number, seed: number): string[] {
  const numbers = (...values: readonly number[]) => values.map((value) => String(value).padStart(9)).join('');
  const rows = [...byStatement].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const missed = rows.filter(([, { before, after }]) => before + after === 0).map(([name]) => name);
  return [
    `${'killed at'.padEnd(44)}${['before', 'after', 'all'].map((word) => word.padStart(9)).join('')}`,
    ...rows.map(([name, { before, after }]) => `  ${name.padEnd(42)}${numbers(before, after, before + after)}`),
    '',
    `the reset stood after ${stood} kills, and was not begun after ${gone}`,
    `came too late, and count for nothing: ${late}`,
    `statements that nothing hit: ${missed.length === 0 ? 'none' : missed.join(', ')}`,
    ...faults.map((fault) => `fault: ${fault}`),
    `${kills} kills over ${resets} resets, ${faults.length} faults, seed ${seed}`,
  ];
}
