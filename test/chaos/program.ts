import { type ChildProcess, spawn } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { MARK, type Order } from './order.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** How a child ended, and the marks that it had left by then. */
export interface Ended {
  readonly code: number | null;
  readonly killed: boolean;
  /** Transactions whose commit had returned. */
  readonly commits: number;
  /** The statement to be killed in had returned. */
  readonly returned: boolean;
  readonly said: string;
  readonly stderr: string;
}

/** The program that is killed, bundled into a folder. */
export class Program {
  readonly #file: string;
  readonly #env: Record<string, string>;

  private constructor(folder: string) {
    this.#file = join(folder, 'dist', 'child.mjs');
    // What V8 compiled is kept: the program starts thousands of times.
    this.#env = { PATH: process.env['PATH'] ?? '', TZ: 'UTC', NODE_COMPILE_CACHE: join(folder, 'compiled') };
  }

  static async bundled(folder: string): Promise<Program> {
    await build({
      absWorkingDir: ROOT,
      entryPoints: { child: 'test/chaos/child.ts' },
      outdir: join(folder, 'dist'),
      outExtension: { '.js': '.mjs' },
      bundle: true,
      external: ['better-sqlite3', '@node-rs/argon2'],
      platform: 'node',
      format: 'esm',
      banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" },
      logLevel: 'error',
    });
    for (const name of ['node_modules', 'package.json']) symlinkSync(join(ROOT, name), join(folder, name));
    return new Program(folder);
  }

  /** The words of a shell that carry out an order in the folder they are said in. */
  words(order: Order): string[] {
    return [process.execPath, this.#file, JSON.stringify(order)];
  }

  /** Runs one order in a folder. `killAfter`: the parent ends it after so many milliseconds, wherever it is. */
  async run(order: Order, folder: string, killAfter?: number): Promise<Ended> {
    const [program = '', ...argv] = this.words(order);
    const child = spawn(program, argv, {
      cwd: folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
    const [said, stderr, marks] = [textOf(child, 1), textOf(child, 2), textOf(child, 3)];
    const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (ended, by) => resolve({ code: ended, signal: by }));
    });
    clearTimeout(timer);
    return {
      code,
      killed: signal === 'SIGKILL',
      commits: marks().split(MARK.committed).length - 1,
      returned: marks().includes(MARK.returned),
      said: said(),
      stderr: stderr(),
    };
  }

  /** A process that stays and runs commands one after another: what is repeated after a kill need not start anew. */
  server(): Server {
    return new Server(spawn(process.execPath, [this.#file, 'serve'], { env: this.#env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
  }
}

/** What a command gave: its exit code and what it wrote to standard output. */
export interface Said {
  readonly code: number;
  readonly said: string;
}

/** A process that runs commands as they are sent, one at a time. */
export class Server {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  run(order: Order, folder: string): Promise<Said> {
    return new Promise((resolve, reject) => {
      const gone = () => reject(new Error(`the process that repeats ended at ${order.argv.join(' ')}`));
      this.#child.once('exit', gone);
      this.#child.once('message', (message) => {
        this.#child.off('exit', gone);
        resolve(message as Said);
      });
      this.#child.send({ order, folder });
    });
  }

  close(): void {
    this.#child.kill();
  }
}

/** What comes on a descriptor, as text so far. */
function textOf(child: ChildProcess, descriptor: 1 | 2 | 3): () => string {
  let text = '';
  child.stdio[descriptor]?.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  return () => text;
}
