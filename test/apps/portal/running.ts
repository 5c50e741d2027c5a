import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { contentOf } from '../../adapters/store/opened.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const BIN = join(ROOT, 'bin', 'padlock.mjs');

/** A folder with the demo in it, policies in force. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'padlock-serve-'));
  readonly #running: Running[] = [];

  constructor() {
    cpSync(join(ROOT, 'policies'), join(this.folder, 'policies'), { recursive: true });
    cpSync(join(ROOT, 'padlock.yaml'), join(this.folder, 'padlock.yaml'));
  }

  /** The same with its store. */
  static made(): Place {
    const place = new Place();
    for (const command of ['demo', 'apply']) {
      const { status, stderr } = place.run([command]);
      if (status !== 0) throw new Error(stderr);
    }
    return place;
  }

  /** Runs a command to its end. */
  run(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return spawnSync(process.execPath, [BIN, ...argv], { cwd: this.folder, encoding: 'utf8', env: { ...ENV, ...env }, timeout: 60_000 });
  }

  /** Starts one that goes on, and waits until it says where it listens. */
  async start(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Running> {
    const running = new Running(spawn(process.execPath, [BIN, ...argv], { cwd: this.folder, env: { ...ENV, ...env } }));
    this.#running.push(running);
    await running.until(() => /listening on|"missing": null/.test(running.stdout));
    return running;
  }

  /** Mails that were written, oldest first. */
  mails(): string[] {
    const folder = join(this.folder, '.padlock', 'mail');
    return readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name), 'utf8'));
  }

  /** Every row of the store. */
  content(): string {
    const database = new Database(join(this.folder, '.padlock', 'padlock.db'), { readonly: true });
    try {
      return contentOf(database);
    } finally {
      database.close();
    }
  }

  /** Ends whatever a test left running. */
  async endAll(): Promise<void> {
    for (const running of this.#running.splice(0)) await running.kill('SIGKILL');
  }

  async remove(): Promise<void> {
    await this.endAll();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const ENV = { PATH: process.env['PATH'] ?? '', TZ: 'UTC' };

/** A process that serves. */
export class Running {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  /** The exit code, or the signal, when it is over. */
  ended: number | string | undefined;

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString('utf8');
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString('utf8');
    });
    child.on('close', (code, signal) => {
      this.ended = code ?? signal ?? 'unknown';
    });
  }

  /** Where people reach it. */
  get origin(): string {
    return /(https?:\/\/\S+) {3}listening on/.exec(this.stdout)?.[1] ?? '';
  }

  /** Where it listens. */
  get at(): string {
    return /listening on ([^\s,]+)/.exec(this.stdout)?.[1] ?? '';
  }

  get lines(): Record<string, unknown>[] {
    return this.stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async until(holds: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
    for (const end = Date.now() + seconds * 1000; !(await holds()); ) {
      if (this.ended !== undefined || Date.now() > end)
        throw new Error(`it did not come to that: ${this.ended}\n${this.stdout}\n${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** Sends a signal, and waits for the end. */
  async kill(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | string> {
    if (this.ended === undefined) this.child.kill(signal);
    return this.over();
  }

  /** Waits for the end. */
  async over(): Promise<number | string> {
    while (this.ended === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    return this.ended;
  }
}
