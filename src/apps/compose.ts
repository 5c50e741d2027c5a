import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Reading } from '../core/documents/read.ts';
import { PadlockError } from '../core/model/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { DirectorySource } from '../core/ports/directory.ts';
import type { Random } from '../core/ports/random.ts';
import type { PolicySource, SourceText } from '../core/ports/source.ts';
import type { StoreReading } from '../core/ports/store.ts';
import type { World } from '../flows/world.ts';
import { accountOf, type Configuration } from './configuration/configuration.ts';
import { loadConfiguration } from './configuration/load.ts';

/** The configuration file that is read where none is named; it need not exist. */
const CONFIGURATION_FILE = 'padlock.yaml';

type ExportRows = ReturnType<StoreReading['directoryRows']>;

/** What commands are made of: everything that touches the world, loaded when it is asked for. */
export interface Composition {
  readonly clock: Clock;
  readonly random: Random;
  configuration(): Configuration;
  policies(paths: readonly string[]): Promise<PolicySource>;
  /** Reads texts: every document, or every fault. */
  read(texts: readonly SourceText[]): Promise<Reading>;
  directory(account: string, people: readonly string[], organizations: string | undefined): Promise<DirectorySource>;
  /** The text of an export, in chunks. */
  exportDirectory(format: 'csv' | 'json', rows: ExportRows, account: string, origin: string): Promise<AsyncIterable<string>>;
  /** The world over the configured store: read-only, or made and upgraded as needed. `clock`: another one, for the demo's past. */
  world(access: 'read' | 'write', clock?: Clock): Promise<World>;
}

/** The variables that say what a terminal shows: asked for before anything is composed, and when composing failed. */
export function screenVariables(): { NO_COLOR: string | undefined; TERM: string | undefined } {
  return { NO_COLOR: process.env['NO_COLOR'], TERM: process.env['TERM'] };
}

/** Makes the environment a plain object, once: the YAML parser asks for a variable of it at every token, and Node's own answers slowly. */
export function settleEnvironment(): void {
  if (Object.getOwnPropertyDescriptor(process, 'env')?.value !== settled) process.env = settled = { ...process.env };
}
let settled: NodeJS.ProcessEnv | undefined;

/** Composes a run: the only place that reads the environment, the clock and randomness, and names concrete adapters. */
export function compose(file: string | undefined): Composition {
  settleEnvironment();
  const clock: Clock = { now: () => Date.now() };
  const random: Random = { bytes: (length) => randomBytes(length) };
  let loaded: Configuration | undefined;
  const configuration = () => {
    loaded ??= loadConfiguration(configurationSources(file, process.env));
    return loaded;
  };
  return {
    clock,
    random,
    configuration,
    policies: async (paths) => {
      const { folderSource } = await import('../adapters/sources/folder.ts');
      return folderSource(paths, process.stdin);
    },
    read: async (texts) => {
      const { readTexts } = await import('./reading/read-texts.ts');
      return readTexts(texts);
    },
    directory: async (account, people, organizations) => {
      const { openDirectoryFile } = await import('../adapters/directory/file/open.ts');
      return openDirectoryFile({ ...mappingOf(configuration(), account), people, ...(organizations !== undefined && { organizations }) });
    },
    exportDirectory: async (format, rows, account, origin) => {
      const { exportDirectory } = await import('../adapters/directory/file/export.ts');
      return exportDirectory(format, rows, origin, mappingOf(configuration(), account));
    },
    world: (access, other) => openWorld(configuration(), access, other ?? clock, random),
  };
}

/** What the configuration knows of an account that a directory is read or written for. */
function mappingOf(configuration: Configuration, account: string) {
  const { customRoles, myGlueAccounts } = accountOf(configuration, account);
  return { account, customRoles: Object.fromEntries(customRoles), myGlueAccounts: Object.fromEntries(myGlueAccounts) };
}

async function openWorld(configuration: Configuration, access: 'read' | 'write', clock: Clock, random: Random): Promise<World> {
  const [{ openStore }, { createKeyFile, readKeyFile }, { PORTAL }, { NONE }] = await Promise.all([
    import('../adapters/store/open.ts'),
    import('../adapters/store/key-file.ts'),
    import('../adapters/enforcers/portal/capabilities.ts'),
    import('../adapters/enforcers/none/capabilities.ts'),
  ]);
  const { store, keys, actor, rights } = configuration;
  // A new store gets a new key; an existing one keeps its own, and says so when it is missing.
  if (access === 'write' && !existsSync(store.path)) createKeyFile(keys, random);
  return {
    store: await openStore({ path: store.path, access, random, keyring: () => readKeyFile(keys) }),
    clock,
    enforcers: { portal: PORTAL, none: NONE },
    rights,
    actor: { channel: 'cli', subject: actor.subject },
    actorUser: actor.user,
  };
}

function configurationSources(file: string | undefined, env: NodeJS.ProcessEnv) {
  const path = file ?? CONFIGURATION_FILE;
  if (file === undefined && !existsSync(path)) return { file: path, env };
  try {
    return { file: path, env, text: readFileSync(path) };
  } catch (cause) {
    throw new PadlockError('config/unreadable', `the configuration ${path} cannot be read`, {
      fix: 'name a file that can, with --config',
      cause,
    });
  }
}
