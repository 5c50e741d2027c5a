import { parseDuration } from '../../core/documents/values.ts';
import type { Duration } from '../../core/model/words.ts';
import { DEFAULTS } from './defaults.ts';
import { isLocal } from './listen.ts';
import type { ConfigurationText } from './schema.ts';

/** `database` as it is written: every key may be absent. */
export type DatabaseText = NonNullable<ConfigurationText['database']>;

/** A database on a PostgreSQL server, as the configuration has it. Paths can be opened as they are. */
export interface ServerConfiguration {
  readonly dialect: 'postgresql';
  /** A name or an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** The password, or the file that has it; undefined: the server asks for none. */
  readonly password: { readonly text: string } | { readonly file: string } | undefined;
  /** Null: without TLS. */
  readonly tls: {
    readonly authority: string | undefined;
    readonly certificate: string | undefined;
    readonly key: string | undefined;
  } | null;
  readonly connections: number;
  readonly statementTimeout: Duration;
}

/** Where the store is. */
export type StoreConfiguration = { readonly dialect: 'sqlite'; readonly path: string } | ServerConfiguration;

/** The parts of `postgres://USER@HOST:PORT/DATABASE`; undefined: it is no such URL. */
export interface ServerParts {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  /** What is asked for by `sslmode`; undefined: nothing is said. */
  readonly sslmode: string | undefined;
  /** Other things that are asked for. */
  readonly others: readonly string[];
}

/** A URL → its parts. The folder of a socket stands in `host` behind the question mark. */
export function serverParts(text: string): ServerParts | undefined {
  // Before a socket's folder no host need stand, which no URL allows behind a user.
  const whole = text.replace(/^(postgres(?:ql)?:\/\/[^/?#]*@)\//, '$1localhost/');
  if (!URL.canParse(whole)) return undefined;
  const { protocol, hostname, port, pathname, username, password, searchParams, hash } = new URL(whole);
  const database = pathname.slice(1);
  const socket = searchParams.get('host');
  const host = socket ?? hostname.replaceAll(/^\[|\]$/g, '');
  const known = protocol === 'postgres:' || protocol === 'postgresql:';
  const right = known && database !== '' && !database.includes('/') && username !== '' && hash === '' && host !== '';
  if (!right) return undefined;
  const names = [username, password, database].map(decoded);
  if (names.some((name) => name === undefined)) return undefined;
  const [user = '', secret = '', name = ''] = names as string[];
  return {
    host,
    port: port === '' ? 5432 : Number(port),
    database: name,
    user,
    password: secret === '' ? undefined : secret,
    sslmode: searchParams.get('sslmode') ?? undefined,
    others: [...searchParams.keys()].filter((key) => key !== 'host' && key !== 'sslmode'),
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Whether nothing leaves this machine on the way to a server. */
export function isNear(host: string): boolean {
  return host.startsWith('/') || isLocal({ host, port: 0 });
}

/** Whether a server is reached without TLS: where that is asked for, and where nothing leaves this machine unless TLS is asked for. */
export function isPlain({ host, sslmode }: Pick<ServerParts, 'host' | 'sslmode'>): boolean {
  return sslmode === 'disable' || (sslmode === undefined && isNear(host));
}

/** The same text with paths that can be opened as they are. */
export function locatedDatabase(text: DatabaseText, from: (path: string) => string): DatabaseText {
  const paths = ['passwordFile', 'certificateAuthority', 'certificate', 'key'] as const;
  return { ...text, ...Object.fromEntries(paths.flatMap((key) => (text[key] === undefined ? [] : [[key, from(text[key])]]))) };
}

/** A checked URL and keys, located → the server. */
export function completeServer(url: string, text: DatabaseText): ServerConfiguration {
  const parts = serverParts(url);
  if (parts === undefined) throw new RangeError('the store was not checked before it was used');
  const { host, port, database, user, password } = parts;
  const { passwordFile, certificateAuthority, certificate, key, connections, statementTimeout } = text;
  const kept = passwordFile === undefined ? undefined : { file: passwordFile };
  return {
    dialect: 'postgresql',
    host,
    port,
    database,
    user,
    password: password === undefined ? kept : { text: password },
    tls: isPlain(parts) ? null : { authority: certificateAuthority, certificate, key },
    connections: connections ?? DEFAULTS.connections,
    statementTimeout: parseDuration(statementTimeout ?? DEFAULTS.statementTimeout),
  };
}

/** What a store is called in messages. */
export function shownStore(store: StoreConfiguration): string {
  return store.dialect === 'sqlite' ? store.path : `PostgreSQL at ${store.host}:${store.port}/${store.database}`;
}
