import { PadlockError } from '../../core/model/errors.ts';

/** Lets so many works run at once and so many more wait, in their order; whoever comes beyond is told `sign-in/busy`. */
export interface Gate {
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** A gate of so many slots, and so many places to wait. */
export function gate(slots: number, places: number): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];
  const leave = () => {
    const next = waiting.shift();
    // Whoever waits takes over the slot; nobody who comes meanwhile gets in between.
    if (next !== undefined) next();
    else running -= 1;
  };
  return {
    async run(work) {
      if (running < slots) running += 1;
      else if (waiting.length < places) await new Promise<void>((enter) => waiting.push(enter));
      else throw busy();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}

function busy(): PadlockError {
  return new PadlockError('sign-in/busy', 'too many people are signing in at this moment', { fix: 'try again in some seconds' });
}
