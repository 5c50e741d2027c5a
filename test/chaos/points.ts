import fs from 'node:fs';
import { Worker } from 'node:worker_threads';
import { type KillPoint, MARK, type RecordedPoint } from './order.ts';

/** The descriptor that carries the marks. */
const MARKS = 3;

/** As it is before the steps of writing a file are points themselves. */
const { writeSync } = fs;

/** Waits for the flag, then for the moment, and ends the process: from outside the thread that runs the statement. */
const KILLER = `
const { workerData: { shared, delay } } = require('node:worker_threads');
const flag = new Int32Array(shared);
Atomics.store(flag, 1, 1);
Atomics.notify(flag, 1);
Atomics.wait(flag, 0, 0);
Atomics.store(flag, 1, 2);
const end = process.hrtime.bigint() + BigInt(delay);
while (process.hrtime.bigint() < end);
process.kill(process.pid, 'SIGKILL');
`;

/** The points that a run passes, in order: each is counted, and at one of them the process ends. */
export class Points {
  readonly recorded: RecordedPoint[] = [];
  readonly #kill: KillPoint | undefined;
  readonly #onCommit: ((commits: number) => void) | undefined;
  readonly #flag = new Int32Array(new SharedArrayBuffer(8));
  #within = false;
  #place = 0;
  #commits = 0;

  constructor(kill: KillPoint | undefined, onCommit?: (commits: number) => void) {
    this.#kill = kill;
    this.#onCommit = onCommit;
    if (kill?.when !== 'inside') return;
    const worker = new Worker(KILLER, { eval: true, workerData: { shared: this.#flag.buffer, delay: Math.round(kill.delay) } });
    worker.unref();
  }

  /** Runs one step of the work; `torn` is what is left of it when the process ends in its middle. */
  around<T>(name: string, work: () => T, torn?: () => void): T {
    // What one step calls in turn is a part of it.
    if (this.#within) return work();
    const place = this.#place++;
    const kill = place === this.#kill?.place ? this.#kill : undefined;
    if (kill !== undefined) this.#before(kill, name, torn);
    const commits = this.#commits;
    const started = process.hrtime.bigint();
    const done = () => {
      const nanoseconds = Number(process.hrtime.bigint() - started);
      if (kill?.when === 'inside') writeSync(MARKS, MARK.returned);
      if (name === 'commit') this.#committed();
      if (kill?.when === 'after') process.kill(process.pid, 'SIGKILL');
      if (this.#onCommit !== undefined) this.recorded.push({ name, commits, nanoseconds });
    };
    const result = this.#inside(work);
    if (result instanceof Promise) {
      return result.then((value) => {
        done();
        return value;
      }) as T;
    }
    done();
    return result;
  }

  #inside<T>(work: () => T): T {
    this.#within = true;
    try {
      return work();
    } finally {
      this.#within = false;
    }
  }

  #before(kill: KillPoint, name: string, torn: (() => void) | undefined): void {
    if (name !== kill.name) throw new RangeError(`point ${kill.place} is ${name}, not ${kill.name}`);
    if (kill.when === 'inside' && torn !== undefined) torn();
    if (kill.when === 'before' || (kill.when === 'inside' && torn !== undefined)) process.kill(process.pid, 'SIGKILL');
    if (kill.when !== 'inside') return;
    Atomics.wait(this.#flag, 1, 0);
    Atomics.store(this.#flag, 0, 1);
    Atomics.notify(this.#flag, 0);
    // The statement begins when the other thread is awake, so that its delay counts from there.
    while (Atomics.load(this.#flag, 1) !== 2);
  }

  #committed(): void {
    this.#commits += 1;
    if (this.#kill !== undefined) writeSync(MARKS, MARK.committed);
    this.#onCommit?.(this.#commits);
  }
}
