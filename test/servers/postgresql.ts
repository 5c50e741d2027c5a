import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Programs of PostgreSQL: those of the path, else where Debian has them. */
const PLACES = [...(process.env['PATH'] ?? '').split(':'), ...debian()];
/** PostgreSQL refuses to run as root: there it runs as nobody. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const RUNNER = process.getuid?.() === 0 ? NOBODY : {};

function debian(): string[] {
  const root = '/usr/lib/postgresql';
  return existsSync(root) ? readdirSync(root).map((version) => join(root, version, 'bin')) : [];
}

/** Where one of PostgreSQL's programs is. */
export function program(name: string): string {
  const folder = PLACES.find((place) => place !== '' && existsSync(join(place, name)));
  if (folder === undefined)
    throw new Error(`${name} is not installed: apt-get install postgresql, or put PostgreSQL's programs on the path`);
  return join(folder, name);
}

function run(name: string, args: readonly string[], folder: string): void {
  execFileSync(program(name), [...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...RUNNER,
    env: { ...process.env, TZ: 'UTC' },
  });
}

/** A server of its own in a folder of its own, on a socket there alone. */
export interface Cluster {
  /** The folder of the socket: what a client takes as host. */
  readonly socket: string;
  /** The folder of its files, for settings and certificates. */
  readonly data: string;
  start(): void;
  /** `immediate`: as if the machine lost its power. */
  stop(how?: 'fast' | 'immediate'): void;
  remove(): void;
}

/** Makes a server in a folder that is not there yet, and starts it. `settings`: of postgresql.conf, beside those for tests. */
export function makeCluster(folder: string, settings: readonly string[] = []): Cluster {
  mkdirSync(folder, { mode: 0o755 });
  if (RUNNER === NOBODY) chownSync(folder, NOBODY.uid, NOBODY.gid);
  const data = join(folder, 'data');
  run(
    'initdb',
    ['--pgdata', data, '--username', 'padlock', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-sync'],
    folder,
  );
  const plain = [
    `unix_socket_directories = '${folder}'`,
    "listen_addresses = ''",
    'max_connections = 200',
    'fsync = off',
    "log_min_messages = 'fatal'",
  ];
  writeFileSync(join(data, 'postgresql.auto.conf'), `${[...plain, ...settings].join('\n')}\n`);
  const start = () => run('pg_ctl', ['start', '--pgdata', data, '--wait', '--silent', '--log', join(folder, 'log')], folder);
  start();
  const stop = (how: 'fast' | 'immediate' = 'fast') =>
    run('pg_ctl', ['stop', '--pgdata', data, '--wait', '--silent', '--mode', how], folder);
  return {
    socket: folder,
    data,
    start,
    stop,
    remove: () => {
      if (existsSync(join(data, 'postmaster.pid'))) stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The socket of the server that all tests of a run share, made by whoever asks first; the others wait. Its folder is the run's, and
 * what began the run removes it.
 */
export async function sharedSocket(): Promise<string> {
  const run = process.env['TEST_POSTGRESQL'];
  if (run === undefined) throw new Error('TEST_POSTGRESQL names no folder: run the tests by vitest with its configuration');
  const [claim, ready] = [join(run, 'claimed'), join(run, 'ready')];
  try {
    mkdirSync(claim);
  } catch {
    for (let waited = 0; !existsSync(ready); waited += 50) {
      if (waited > 60_000) throw new Error('the shared PostgreSQL server was not started within a minute');
      await setTimeout(50);
    }
    return join(run, 'server');
  }
  const { socket } = makeCluster(join(run, 'server'));
  writeFileSync(ready, '');
  return socket;
}

/** Ends the shared server, if any test asked for it, and removes its folder. */
export function endShared(run: string): void {
  const data = join(run, 'server', 'data');
  if (statSync(join(data, 'postmaster.pid'), { throwIfNoEntry: false }) !== undefined)
    execFileSync(program('pg_ctl'), ['stop', '--pgdata', data, '--wait', '--silent', '--mode', 'immediate'], { cwd: run, ...RUNNER });
  rmSync(run, { recursive: true, force: true });
}
