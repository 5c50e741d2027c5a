import { getCompileCacheDir } from 'node:module';
import { Worker } from 'node:worker_threads';
import { type Desk, markOf, type Told, type WorkerData } from './desk.ts';

/** What one document may cost before the worker that reads it is ended. */
export interface Limits {
  /** Milliseconds of processor time. */
  readonly processor: number;
  /** Milliseconds, where processor time cannot be told (before Node 24.6), or does not move. */
  readonly wall: number;
  /** MiB of heap. */
  readonly memory: number;
  /** Milliseconds between two looks at a worker. */
  readonly interval: number;
}

/** How workers are run: what they may cost, and which program they run. */
export interface Watch {
  readonly limits: Limits;
  readonly program: URL;
}

/** Where a worker was when it was ended. */
export interface Ended {
  readonly text: number;
  /** Where the document begins that cost too much. */
  readonly offset: number;
}

/** Beside this program in a checkout, beside the bundle in an install. */
export const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.mjs', import.meta.url);

/**
 * Runs one worker until nothing is left to take; every text that it read goes to `told`. Gives where it was when a document
 * cost more than the limits, and the worker was ended for it.
 */
export async function runWatched(
  desk: Desk,
  worker: number,
  { limits, program }: Watch,
  told: (told: Told) => void,
): Promise<Ended | undefined> {
  const workerData: WorkerData = { desk, worker };
  const compiled = getCompileCacheDir();
  const thread = new Worker(program, {
    workerData,
    env: compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: limits.memory, maxYoungGenerationSizeMb: 96 },
  });
  let over = false;
  const stop = watch(
    thread,
    () => markOf(desk, worker),
    limits,
    () => {
      over = true;
    },
  );
  try {
    await new Promise<void>((resolve, reject) => {
      thread.on('message', told);
      thread.on('exit', () => resolve());
      thread.on('error', (error) => {
        over = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' && markOf(desk, worker).text !== -1;
        if (!over) reject(error);
      });
    });
  } finally {
    stop();
  }
  return over ? markOf(desk, worker) : undefined;
}

/** Looks at a worker from time to time, and ends it when it is at the same document for too long. Gives what stops the watch. */
function watch(thread: Worker, at: () => Ended, limits: Limits, over: () => void): () => void {
  const meter = processorMeter(thread);
  let since = { ...at(), processor: 0, looks: 0 };
  const timer = setInterval(() => {
    const now = at();
    const processor = meter();
    if (now.text === -1 || now.text !== since.text || now.offset !== since.offset) since = { ...now, processor, looks: 0 };
    since.looks += 1;
    if (processor - since.processor <= limits.processor && since.looks * limits.interval <= limits.wall) return;
    clearInterval(timer);
    over();
    void thread.terminate();
  }, limits.interval);
  return () => clearInterval(timer);
}

/** Milliseconds of processor time that a worker had taken when it was asked last; 0 where nobody can tell. Asks once more. */
function processorMeter(thread: Worker): () => number {
  let known = 0;
  let asking = false;
  const ask = async () => {
    if (asking || !('cpuUsage' in thread)) return;
    asking = true;
    const used = await thread.cpuUsage().catch(() => undefined);
    if (used !== undefined) known = (used.user + used.system) / 1000;
    asking = false;
  };
  return () => {
    void ask();
    return known;
  };
}
