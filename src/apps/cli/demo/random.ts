/** Gives numbers from 0 to below 1. */
export type Random = () => number;

/** mulberry32, begun anew for each index, so that a person does not depend on how many were made before. */
export function randomOf(seed: number, index: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** One of the words, as often as its weight says. */
export function chooseWith<const T>(random: Random, weighted: readonly (readonly [T, number])[]): T {
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
  let rest = random() * total;
  for (const [word, weight] of weighted) {
    if (rest < weight) return word;
    rest -= weight;
  }
  throw new RangeError('no words to choose from');
}
