import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { ItGlueAccount } from '../adapters/directory/itglue/open.ts';
import type { StorePlace } from '../adapters/store/place.ts';
import type { Reading } from '../core/documents/read.ts';
import { PadlockError } from '../core/model/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { DirectorySource } from '../core/ports/directory.ts';
import type { Random } from '../core/ports/random.ts';
import type { ReportArchive } from '../core/ports/report-archive.ts';
import type { SignatureCheck, Signer } from '../core/ports/signer.ts';
import type { PolicySource, SourceText } from '../core/ports/source.ts';
import type { StoreReading } from '../core/ports/store.ts';
import type { StoreCopier } from '../core/ports/store-copier.ts';
import type { OperatedWorld } from '../flows/world.ts';
import { storeCopier, storePlace } from './compose-store.ts';
import { accountOf, type Configuration } from './configuration/configuration.ts';
import { loadConfiguration } from './configuration/load.ts';
import type { RunningPortal } from './portal/run.ts';

/** The configuration file that is read where none is named; it need not exist. */
const CONFIGURATION_FILE = 'padlock.yaml';

type ExportRows = ReturnType<StoreReading['directoryRows']>;

/** `inspect` reads as `read` does, and leaves it to its caller to say what is to be known of the store; `create` writes, and makes a new one, and `serve` writes, and is never held up by whoever looks at everybody. */
type Access = 'read' | 'write' | 'serve' | 'create' | 'inspect';

/** Is told how a read from IT Glue goes: pages of a list, and each wait before a try again. */
type ItGlueWatch = Required<Pick<ItGlueAccount, 'progress' | 'waiting'>>;

/** What commands are made of: everything that touches the world, loaded when it is asked for. */
export interface Composition {
  readonly clock: Clock;
  readonly random: Random;
  configuration(): Configuration;
  policies(paths: readonly string[]): Promise<PolicySource>;
  /** Reads texts: every document, or every fault. */
  read(texts: readonly SourceText[]): Promise<Reading>;
  directory(account: string, people: readonly string[], organizations: string | undefined): Promise<DirectorySource>;
  /** The people of an account as IT Glue's API tells of them; `usage/invalid` where the configuration does not say how. */
  itGlue(account: string, watch: ItGlueWatch): Promise<DirectorySource>;
  /** The text of an export, in chunks. */
  exportDirectory(format: 'csv' | 'json', rows: ExportRows, account: string, origin: string): Promise<AsyncIterable<string>>;
  /** The reports of earlier runs in a folder. */
  reports(folder: string): Promise<ReportArchive>;
  /** Signs with the configured key; made where there is none, when `create` says so. */
  signer(create?: 'create'): Promise<Signer>;
  /** Trusts the keys of some files; the configured one where none is named. */
  signatures(keys: readonly string[]): Promise<SignatureCheck>;
  /** The world over the configured store: read-only, upgraded as needed, or made where there is none. `clock`: another one, for the demo's past. */
  world(access: Access, clock?: Clock): Promise<OperatedWorld>;
  /** Starts the portal over the configured store, which must be there; `port`: another one than the configured; `alone`: no mails, no sweep. */
  portal(options?: { readonly port?: number | undefined; readonly alone?: boolean }): Promise<RunningPortal>;
  /** The configured store's surroundings, and a copy of it at a path, made and opened when it is asked for. */
  backup(path: string): Promise<{ readonly source: Pick<OperatedWorld, 'witness'>; readonly openCopy: () => Promise<OperatedWorld> }>;
  /** The configured store, a file, and what copies it to a server: `to` as `store` would have it, with the keys of `database`. */
  copy(to: string): Promise<{ readonly source: OperatedWorld; readonly copier: StoreCopier }>;
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

/**
 * Composes a run: the only place that reads the environment, the clock and randomness, and names concrete adapters.
 * `notice` is told what whoever reads the store must know of it.
 */
export function compose(file: string | undefined, notice: (text: string) => Promise<void>): Composition {
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
    itGlue: async (account, watch) => {
      const itglue = accountOf(configuration(), account).itglue ?? notConfigured(account);
      const { key } = itglue;
      const { openItGlue } = await import('../adapters/directory/itglue/open.ts');
      return openItGlue({
        ...mappingOf(configuration(), account),
        ...watch,
        address: itglue.address,
        key: 'variable' in key ? { ...key, value: process.env[key.variable] } : key,
        clock,
        random,
        sleep: (milliseconds) => setTimeout(milliseconds),
      });
    },
    exportDirectory: async (format, rows, account, origin) => {
      const { exportDirectory } = await import('../adapters/directory/file/export.ts');
      return exportDirectory(format, rows, origin, mappingOf(configuration(), account));
    },
    reports: async (folder) => {
      const { reportFolder } = await import('../adapters/reports/folder.ts');
      return reportFolder(folder);
    },
    signer: async (create) => {
      const { fileSigner } = await import('../adapters/signing/ed25519.ts');
      if (create !== undefined) await makeSigningKey(configuration().signing, random);
      return fileSigner(configuration().signing);
    },
    signatures: async (keys) => {
      const { fileCheck } = await import('../adapters/signing/ed25519.ts');
      return fileCheck(keys.length > 0 ? keys : [configuration().signing]);
    },
    world: async (access, other) => {
      const world = await openWorld(configuration(), access, other ?? clock, random);
      if (access !== 'read') return world;
      const { openingNotice } = await import('../flows/operating/notice.ts');
      const said = await openingNotice(world);
      if (said !== null) await notice(said);
      return world;
    },
    portal: async ({ port, alone = false } = {}) => {
      const { startPortal } = await import('./compose-portal.ts');
      const { fileCheck } = await import('../adapters/signing/ed25519.ts');
      const { reportFolder } = await import('../adapters/reports/folder.ts');
      const { portal, reports, signing } = configuration();
      const kept = { archive: reportFolder(reports), check: fileCheck([signing]) };
      const world = await openWorld(configuration(), 'serve', clock, random);
      try {
        const listen = { ...portal.listen, ...(port !== undefined && { port }) };
        return await startPortal({ ...portal, listen }, kept, world, random, alone);
      } catch (error) {
        await world.store.close();
        throw error;
      }
    },
    backup: async (path) => {
      const [{ fileWitness }, { refuseLost }] = await Promise.all([
        import('../adapters/witness/file.ts'),
        import('../core/audit/unwitnessed.ts'),
      ]);
      const witness = fileWitness(configuration().heads, random);
      const openCopy = async () => {
        const place = await storePlace(configuration().store);
        if ((await place.stands()) !== 'store') refuseLost(await witness.read(), place.shown, witness.place);
        return openWorld(configuration(), 'inspect', clock, random, place.backup(path));
      };
      return { source: { witness }, openCopy };
    },
    copy: async (to) => {
      const from = loadConfiguration({ ...configurationSources(file, process.env), copying: true });
      const copier = await storeCopier(from.store, targetOf(file, to));
      return { source: await openWorld(from, 'inspect', clock, random), copier };
    },
  };
}

/** Where to copy, read as the key `store` is; what is wrong with it is said of the option. */
function targetOf(file: string | undefined, to: string): Configuration['store'] {
  try {
    return loadConfiguration(configurationSources(file, { ...process.env, PADLOCK_STORE: to })).store;
  } catch (error) {
    if (!(error instanceof PadlockError)) throw error;
    const faults = error.faults.map((fault) => (fault.file === 'PADLOCK_STORE' ? { ...fault, file: '--to' } : fault));
    throw new PadlockError(error.code, error.message, { ...(error.fix !== undefined && { fix: error.fix }), faults });
  }
}

function notConfigured(account: string): never {
  throw new PadlockError('usage/invalid', `padlock.yaml does not say how ${account} is read from IT Glue`, {
    fix: `write accounts.${account}.directory.itglue with apiKeyFile or apiKeyEnv: docs/directory.md`,
  });
}

/** What the configuration knows of an account that a directory is read or written for. */
function mappingOf(configuration: Configuration, account: string) {
  const { customRoles, myGlueAccounts } = accountOf(configuration, account);
  return { account, customRoles: Object.fromEntries(customRoles), myGlueAccounts: Object.fromEntries(myGlueAccounts) };
}

/** `at`: another store than the configured one, with all else the same. */
async function openWorld(
  configuration: Configuration,
  access: Access,
  clock: Clock,
  random: Random,
  at?: StorePlace,
): Promise<OperatedWorld> {
  const [
    { keptFiles },
    { signingKey },
    { createKeyFile, keyFile, readKeyFile },
    { fileWitness },
    { refuseLost },
    { witnessedStore },
    { portalEnforcer },
    { NONE },
  ] = await Promise.all([
    import('../adapters/files/kept.ts'),
    import('../adapters/signing/ed25519.ts'),
    import('../adapters/store/key-file.ts'),
    import('../adapters/witness/file.ts'),
    import('../core/audit/unwitnessed.ts'),
    import('../flows/operating/witnessed-store.ts'),
    import('../adapters/enforcers/portal/enforcer.ts'),
    import('../adapters/enforcers/none/enforcer.ts'),
  ]);
  const { store, keys, signing, heads, actor, rights, portal } = configuration;
  const place = at ?? (await storePlace(store));
  const witness = fileWitness(heads, random);
  // Asked before anything is made: an empty store in the place of a lost one would be taken for it.
  const stands = await place.stands();
  const isNew = stands !== 'store';
  if (isNew) refuseLost(await witness.read(), place.shown, witness.place);
  // A new store gets new keys; an existing one keeps its own, and says so when one is missing.
  if (access === 'create' && isNew) {
    createKeyFile(keys, random);
    await makeSigningKey(signing, random);
  }
  const writes = access === 'write' || access === 'serve';
  const unwitnessed = await place.open({
    access: access === 'create' || (writes && stands !== 'nothing') ? 'write' : 'read',
    surveysAside: access === 'serve',
    random,
    keyring: () => readKeyFile(keys),
  });
  return {
    store: witnessedStore(unwitnessed, witness),
    unwitnessed,
    witness,
    keys: keyFile(keys, random),
    signing: signingKey(signing),
    files: () => keptFiles([...place.files, heads]),
    clock,
    enforcers: { portal: portalEnforcer(portal.factors), none: NONE },
    rights,
    actor: { channel: 'cli', subject: actor.subject },
    actorUser: actor.user,
  };
}

async function makeSigningKey(path: string, random: Random): Promise<void> {
  const { createSigningKey } = await import('../adapters/signing/key-file.ts');
  createSigningKey(path, random);
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
