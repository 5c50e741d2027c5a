/** Dice that fall the same way for the same seed (mulberry32). */
export interface Dice {
  /** From 0 to `below`, that one excluded. */
  roll(below: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Dice of a seed, a whole number. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const roll = (below: number) => (below <= 0 ? 0 : next() % below);
  return {
    roll,
    pick: <T>(from: readonly T[]) => {
      if (from.length === 0) throw new RangeError('nothing to pick from');
      return from[roll(from.length)] as T;
    },
  };
}
