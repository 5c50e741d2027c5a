import { dirname, isAbsolute, join } from 'node:path';
import type { EnforcerName, Role } from '../../core/model/words.ts';
import { completeServer, type StoreConfiguration } from './database.ts';
import { DEFAULTS } from './defaults.ts';
import { completeDirectory, type ItGlueConfiguration } from './directory.ts';
import { completePortal, located, type PortalConfiguration } from './portal.ts';
import type { ConfigurationText } from './schema.ts';

/** One account, as the configuration has it. */
export interface AccountConfiguration {
  readonly enforcer: EnforcerName;
  /** The id of the account where its directory comes from. */
  readonly externalId?: string;
  /** By the name of a custom role: the role that it counts as. */
  readonly customRoles: ReadonlyMap<string, Role>;
  /** By the name of a MyGlue account: its id where the directory comes from. */
  readonly myGlueAccounts: ReadonlyMap<string, string>;
  /** How it is read from IT Glue's API; absent: it is not. */
  readonly itglue?: ItGlueConfiguration;
}

/** `padlock.yaml` and the environment, checked, with every default filled in. Paths can be opened as they are. */
export interface Configuration {
  readonly store: StoreConfiguration;
  readonly keys: string;
  readonly signing: string;
  /** The file that tells outside the store how far its audit chains have come. */
  readonly heads: string;
  readonly policies: readonly string[];
  readonly reports: string;
  readonly actor: { readonly subject: string; readonly user?: string };
  /** Who may change policy. */
  readonly rights: { readonly policy: readonly ('Administrator' | 'Manager')[] };
  /** By the name that policies use. One that is absent has the defaults: ask {@link accountOf}. */
  readonly accounts: ReadonlyMap<string, AccountConfiguration>;
  readonly portal: PortalConfiguration;
}

/** Relative paths, counted from a folder. */
export function countedFrom(folder: string): (path: string) => string {
  return (path) => (isAbsolute(path) ? path : join(folder, path));
}

/** A checked text → the configuration but for the store, which the file and the environment say together. Relative paths and the paths of defaults count from `folder`. */
export function complete(text: ConfigurationText, folder: string): Omit<Configuration, 'store'> {
  const from = countedFrom(folder);
  return {
    keys: from(text.keys ?? DEFAULTS.keys),
    signing: from(text.signing ?? DEFAULTS.signing),
    heads: headsOf(text, from),
    policies: (text.policies ?? DEFAULTS.policies).map(from),
    reports: from(text.reports ?? DEFAULTS.reports),
    actor: { subject: DEFAULTS.subject, ...text.actor },
    rights: { policy: text.rights?.policy ?? DEFAULTS.policyRights },
    accounts: new Map(Object.entries(text.accounts ?? {}).map(([name, account]) => [name, completeAccount(account, from)])),
    portal: completePortal(located(text.portal ?? {}, from), from),
  };
}

/** A checked text → where the store is: a file, by `from`, or a database of a server, whose paths are located already. */
export function completeStore(
  { store = DEFAULTS.store, database = {} }: ConfigurationText,
  from: (path: string) => string,
): StoreConfiguration {
  if (store.startsWith('sqlite:')) return { dialect: 'sqlite', path: from(store.slice('sqlite:'.length)) };
  return completeServer(store, database);
}

/** Beside the keys and not beside the store: both are what a backup of the store must not bring back with it. */
function headsOf(text: ConfigurationText, from: (path: string) => string): string {
  return text.heads === undefined ? join(dirname(from(text.keys ?? DEFAULTS.keys)), 'heads.jsonl') : from(text.heads);
}

/** What holds for an account, whether the configuration names it or not. */
export function accountOf(configuration: Configuration, account: string): AccountConfiguration {
  return configuration.accounts.get(account) ?? completeAccount({}, (path) => path);
}

type AccountText = NonNullable<ConfigurationText['accounts']>[string];

function completeAccount(
  { enforcer, externalId, customRoles, myGlueAccounts, directory = {} }: AccountText,
  from: (path: string) => string,
): AccountConfiguration {
  const itglue = completeDirectory(directory, from);
  return {
    enforcer: enforcer ?? DEFAULTS.enforcer,
    ...(externalId === undefined ? {} : { externalId }),
    customRoles: new Map(Object.entries(customRoles ?? {})),
    myGlueAccounts: new Map(Object.entries(myGlueAccounts ?? {})),
    ...(itglue === undefined ? {} : { itglue }),
  };
}
