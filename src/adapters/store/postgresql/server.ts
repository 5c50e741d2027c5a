import { Client, type ClientConfig, type PoolConfig } from 'pg';
import { TYPES } from './types.ts';

/** Where a PostgreSQL store is, and how it is reached. */
export interface PostgresServer {
  /** A name or an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Asked for when a connection is made, and not kept; undefined: the server asks for none. */
  readonly password: (() => string) | undefined;
  /** Null: without TLS, which only a socket and this machine itself should be. Certificates and keys as PEM. */
  readonly tls: {
    readonly authority: string | undefined;
    readonly certificate: string | undefined;
    readonly key: string | undefined;
  } | null;
  /** Connections at once, at most. */
  readonly connections: number;
  /** How long a statement may take, in milliseconds. */
  readonly statementTimeout: number;
}

/** How long the server's answer to a new connection is waited for, in milliseconds. */
const CONNECTING = 5000;
/** How long somebody waits for one of the connections to be free, in milliseconds. */
const WAITING = 30_000;
/** How long a transaction may stand without a statement: a process that hangs must not keep others from writing. */
const IDLE_IN_TRANSACTION = 60_000;

/** The pool has one limit for both: it is given the longer, and connections of its own the shorter. */
class SoonConnected extends Client {
  constructor(config?: ClientConfig) {
    super({ ...config, connectionTimeoutMillis: CONNECTING });
  }
}

/** What a server is called in messages: nothing that is secret. */
export function shownServer({ host, port, database }: PostgresServer): string {
  return `PostgreSQL at ${host}:${port}/${database}`;
}

/** A server as the driver's pool takes it. `patience`: how long a writer waits for another. */
export function poolOf(server: PostgresServer, patience: number): PoolConfig {
  const { host, port, database, user, password, tls, connections, statementTimeout } = server;
  return {
    host,
    port,
    database,
    user,
    ...(password !== undefined && { password }),
    ssl: tls === null ? false : { ca: tls.authority, cert: tls.certificate, key: tls.key, rejectUnauthorized: true },
    max: connections,
    Client: SoonConnected,
    connectionTimeoutMillis: WAITING,
    statement_timeout: statementTimeout,
    lock_timeout: patience,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
    application_name: 'padlock',
    // What it compiles for one long expression takes longer than the statement does.
    options: '-c jit=off',
    types: TYPES,
    // A command ends with its work: connections that wait for more keep no process alive.
    allowExitOnIdle: true,
  };
}
