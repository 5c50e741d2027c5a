import { setTimeout } from 'node:timers';
import { setTimeout as after } from 'node:timers/promises';
import { Pool, type PoolClient } from 'pg';
import { isAway } from './failures.ts';
import { type PostgresServer, poolOf } from './server.ts';

/** Milliseconds between two looks for a server that is away: the first, and the longest. */
const [FIRST, LONGEST] = [50, 2000];

/** Connections to one server. */
export interface Connections {
  /** One of them, when it is free; whoever takes it gives it back by its `release`. Fails as the server does. */
  take(): Promise<PoolClient>;
  end(): Promise<void>;
}

/**
 * Connections that are made as they are needed, and anew where one broke. While the server is away it is looked for ever more rarely,
 * and whoever comes in between is told at once what the last look found: nobody waits for it, and it is not run over when it is back.
 */
export function connections(server: PostgresServer, patience: number): Connections {
  const pool = new Pool(poolOf(server, patience));
  // A connection that breaks while it waits in the pool is replaced when the next is asked for.
  pool.on('error', () => {});
  let away: { readonly cause: unknown; readonly wait: number } | undefined;
  let resting = false;
  return {
    async take() {
      if (away !== undefined && resting) throw away.cause;
      try {
        const client = await pool.connect();
        away = undefined;
        return client;
      } catch (cause) {
        if (isAway(cause)) {
          const wait = Math.min(LONGEST, (away?.wait ?? FIRST / 2) * 2);
          away = { cause, wait };
          resting = true;
          setTimeout(() => (resting = false), wait).unref();
        }
        throw cause;
      }
    },
    end: () => pool.end(),
  };
}

/** How often a server that is away is looked for before a command gives up: it may be starting this moment. About a second and a half. */
const LOOKS = 6;

/** Runs the first work over new connections, again while the server is away. */
export async function untilThere<T>(work: () => Promise<T>): Promise<T> {
  for (let look = 1; ; look++) {
    try {
      return await work();
    } catch (cause) {
      if (look === LOOKS || !isAway(cause)) throw cause;
      await after(FIRST * 2 ** (look - 1));
    }
  }
}
