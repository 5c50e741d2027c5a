import { PadlockError } from '../../../core/model/errors.ts';

/** A commit whose answer did not come: whether it was done is not known. */
export class CommitUnknown extends Error {
  constructor(cause: unknown) {
    super('the connection was lost at the commit', { cause });
  }
}

/** What was not done, in words. */
type State = 'nothing was read or written' | 'nothing was written' | 'what was copied so far stays, and the same command carries on';

/**
 * A failure of the server or of the way to it as ours; whatever is none of theirs as it is. Whatever it was, the transaction is
 * rolled back; only a commit whose answer was lost may have been done. No password and no statement is in its words.
 */
export function serverFailure(cause: unknown, server: string, state: State): unknown {
  if (cause instanceof PadlockError) return cause;
  if (cause instanceof CommitUnknown) {
    return new PadlockError(
      'store/unavailable',
      `the connection to ${server} was lost at the last moment; whether it was written is not known`,
      {
        fix: 'run it again: what was done is not done twice',
        cause,
      },
    );
  }
  const code = codeOf(cause);
  if (code === null) return cause;
  const known = KNOWN.find(([pattern]) => pattern.test(code));
  if (known === undefined) return cause;
  const [, which, message, fix] = known;
  return new PadlockError(which, `${message.replace('SERVER', server)} (${code}); ${state}`, { fix, cause });
}

/** The server's code (SQLSTATE, appendix A of its manual) or that of the system; null: it has none, and is no failure of either. */
function codeOf(cause: unknown): string | null {
  if (!(cause instanceof Error)) return null;
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  // The server asks for a password, and there is none, or it does not know it itself.
  if (cause.message.startsWith('SASL')) return '28P01';
  if (cause.message.includes('does not support SSL')) return 'no TLS';
  return /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(cause.message)
    ? 'connection lost'
    : null;
}

/** Whether a server is not there at present: nothing listens, it starts, it stops, or the way to it is cut. */
export function isAway(cause: unknown): boolean {
  const code = codeOf(cause);
  return code !== null && /^(08|57P0[123]|ECONN|EPIPE|EHOST|ENET|ETIMEDOUT|ENOENT|EAI_AGAIN|connection lost)/.test(code);
}

const AGAIN = 'run it again when the server is back';

/** By code, the first that fits: what it is, and what helps. */
const KNOWN: readonly (readonly [RegExp, 'store/unavailable' | 'store/corrupt' | 'store/missing', string, string])[] = [
  [
    /^(28P01|28000)$/,
    'store/unavailable',
    'SERVER lets nobody in with this user and password',
    'check the user, its password file and pg_hba.conf',
  ],
  [/^3D000$/, 'store/missing', 'SERVER has no such database', 'make it (createdb), or name the right one in store'],
  [
    /^55P03$/,
    'store/unavailable',
    'another process writes to the store, and has not finished',
    'run it again when that one is done; nothing is wrong with the store',
  ],
  [
    /^57014$/,
    'store/unavailable',
    'a statement took longer than it may',
    'see what the server is busy with, or raise database.statementTimeout',
  ],
  [
    /^25006$/,
    'store/unavailable',
    'SERVER only reads: it is a standby, or its transactions are read-only',
    'name the primary server in store',
  ],
  [/^42501$/, 'store/unavailable', 'SERVER does not allow its user to do this', 'give the user the right to create tables in its schema'],
  [/^53100$/, 'store/unavailable', "SERVER's disk is full", 'make room on it, then run it again'],
  [/^53300$/, 'store/unavailable', 'SERVER has no connection left', 'lower database.connections, or raise max_connections there'],
  [/^(40001|40P01)$/, 'store/unavailable', 'other processes changed the same rows again and again', 'run it again'],
  [
    /^(XX00[12]|58030)$/,
    'store/corrupt',
    'SERVER says that its files are damaged',
    'restore a backup: "The store is lost, and a backup is restored" in docs/runbook.md',
  ],
  [/^(08|57P0|53|58)/, 'store/unavailable', 'SERVER broke off', AGAIN],
  [
    /^(ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ETIMEDOUT|ENOENT|EACCES|connection lost)/,
    'store/unavailable',
    'SERVER cannot be reached',
    AGAIN,
  ],
  [
    /^no TLS$/,
    'store/unavailable',
    'SERVER offers no TLS',
    'switch it on there (ssl = on): without it everybody on the way reads what the store holds',
  ],
  [
    /^(ERR_TLS|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|ERR_SSL|EPROTO)/,
    'store/unavailable',
    'the certificate of SERVER does not hold',
    'name its authority in database.certificateAuthority, and the name that it is made for in store',
  ],
];
