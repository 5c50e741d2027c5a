import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Database from 'better-sqlite3';
import { contentOf } from '../../adapters/store/opened.ts';

/** The repository. */
export const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Runs the real program in a folder, with nothing of this environment but where programs are. */
export function runIn(folder: string, argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin', 'padlock.mjs'), ...argv], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], TZ: 'UTC' },
  });
  return { status, stdout, stderr };
}

/** The same while this process goes on: for commands that talk to a server in it. `env`: variables beside those. */
export async function runBeside(folder: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const options = { cwd: folder, env: { PATH: process.env['PATH'], TZ: 'UTC', ...env }, timeout: 60_000 };
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'padlock.mjs'), ...argv], options);
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: status as number | null, stdout, stderr };
}

/** Every row of the store that a folder's commands work on. */
export function rowsIn(folder: string): string {
  const database = new Database(join(folder, '.padlock', 'padlock.db'), { readonly: true });
  try {
    return contentOf(database);
  } finally {
    database.close();
  }
}
