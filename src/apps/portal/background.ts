import { setTimeout as wait } from 'node:timers/promises';

/** What goes on beside the requests until it is stopped. */
export interface Background {
  /** Begins no other round, and resolves when the one that runs is over. */
  stop(): Promise<void>;
}

/** Does something again and again, each time a pause after the last. A round that fails is told, and is no reason to stop. */
export function again(pause: number, work: () => Promise<void>, failed: (error: unknown) => void): Background {
  const stopping = new AbortController();
  const { signal } = stopping;
  const rounds = async () => {
    while (!signal.aborted) {
      try {
        await work();
      } catch (error) {
        failed(error);
      }
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  };
  const over = rounds();
  return {
    stop: () => {
      stopping.abort();
      return over;
    },
  };
}
