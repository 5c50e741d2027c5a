import { nearest } from '../../core/documents/nearest.ts';
import type { Fault } from '../../core/model/errors.ts';

/** The environment, as a process has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable, the key of `padlock.yaml` that it stands for, and how its text becomes a value. */
interface Variable {
  readonly name: string;
  readonly key: readonly string[];
  readonly reads: 'text' | 'list' | 'json';
}

const PREFIX = 'PADLOCK_';

/** Every key by environment. Lists are separated by commas, `accounts` is JSON, and so is a number. */
export const VARIABLES: readonly Variable[] = [
  { name: 'PADLOCK_STORE', key: ['store'], reads: 'text' },
  { name: 'PADLOCK_DATABASE_PASSWORD_FILE', key: ['database', 'passwordFile'], reads: 'text' },
  { name: 'PADLOCK_DATABASE_CERTIFICATE_AUTHORITY', key: ['database', 'certificateAuthority'], reads: 'text' },
  { name: 'PADLOCK_DATABASE_CERTIFICATE', key: ['database', 'certificate'], reads: 'text' },
  { name: 'PADLOCK_DATABASE_KEY', key: ['database', 'key'], reads: 'text' },
  { name: 'PADLOCK_DATABASE_CONNECTIONS', key: ['database', 'connections'], reads: 'json' },
  { name: 'PADLOCK_DATABASE_STATEMENT_TIMEOUT', key: ['database', 'statementTimeout'], reads: 'text' },
  { name: 'PADLOCK_KEYS', key: ['keys'], reads: 'text' },
  { name: 'PADLOCK_SIGNING', key: ['signing'], reads: 'text' },
  { name: 'PADLOCK_HEADS', key: ['heads'], reads: 'text' },
  { name: 'PADLOCK_POLICIES', key: ['policies'], reads: 'list' },
  { name: 'PADLOCK_REPORTS', key: ['reports'], reads: 'text' },
  { name: 'PADLOCK_ACTOR_SUBJECT', key: ['actor', 'subject'], reads: 'text' },
  { name: 'PADLOCK_ACTOR_USER', key: ['actor', 'user'], reads: 'text' },
  { name: 'PADLOCK_RIGHTS_POLICY', key: ['rights', 'policy'], reads: 'list' },
  { name: 'PADLOCK_ACCOUNTS', key: ['accounts'], reads: 'json' },
  { name: 'PADLOCK_PORTAL_URL', key: ['portal', 'url'], reads: 'text' },
  { name: 'PADLOCK_PORTAL_LISTEN', key: ['portal', 'listen'], reads: 'text' },
  { name: 'PADLOCK_PORTAL_METRICS', key: ['portal', 'metrics'], reads: 'text' },
  { name: 'PADLOCK_PORTAL_TLS_CERTIFICATE', key: ['portal', 'tls', 'certificate'], reads: 'text' },
  { name: 'PADLOCK_PORTAL_TLS_KEY', key: ['portal', 'tls', 'key'], reads: 'text' },
  { name: 'PADLOCK_PORTAL_TRUSTED_PROXIES', key: ['portal', 'trustedProxies'], reads: 'list' },
  { name: 'PADLOCK_PORTAL_FACTORS', key: ['portal', 'factors'], reads: 'list' },
  { name: 'PADLOCK_PORTAL_BREACHED_PASSWORDS', key: ['portal', 'breachedPasswords'], reads: 'text' },
  { name: 'PADLOCK_PORTAL_MAIL_SERVER', key: ['portal', 'mail', 'server'], reads: 'text' },
  { name: 'PADLOCK_PORTAL_MAIL_FROM', key: ['portal', 'mail', 'from'], reads: 'text' },
  { name: 'PADLOCK_PORTAL_MAIL_PASSWORD_FILE', key: ['portal', 'mail', 'passwordFile'], reads: 'text' },
  { name: 'PADLOCK_PORTAL_MAIL_FOLDER', key: ['portal', 'mail', 'folder'], reads: 'text' },
  { name: 'PADLOCK_PORTAL_IDLE', key: ['portal', 'idle'], reads: 'text' },
  { name: 'PADLOCK_PORTAL_SESSION', key: ['portal', 'session'], reads: 'text' },
];

/**
 * What Kubernetes sets in every pod beside a Service named `padlock` or `padlock-…`
 * (PADLOCK_SERVICE_HOST, PADLOCK_PORT_443_TCP_ADDR): nobody wrote it, so it is no typo.
 */
const OF_A_SERVICE =
  /^PADLOCK_([A-Z0-9_]{1,63}_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]{1,63})?|PORT(_[0-9]{1,5}_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;

/** What one variable says, still unchecked. */
export interface Said {
  readonly variable: Variable;
  /** Shaped as `padlock.yaml` would be that held this key alone. */
  readonly value: unknown;
}

/**
 * The variables that are set, each as the piece of `padlock.yaml` that it stands for, and a fault for each whose name begins
 * like ours and is not, or whose JSON is none. Faults name the variable as their file. Sorted by name.
 */
export function readVariables(env: Environment): { said: Said[]; faults: Fault[] } {
  const said: Said[] = [];
  const faults: Fault[] = [];
  for (const name of Object.keys(env).sort()) {
    const text = env[name];
    if (!name.startsWith(PREFIX) || text === undefined) continue;
    const variable = VARIABLES.find((known) => known.name === name);
    if (variable === undefined) {
      if (!OF_A_SERVICE.test(name)) faults.push(unknown(name));
      continue;
    }
    const value = parse(variable, text);
    if (value === undefined)
      faults.push({
        ...at(name),
        message: 'this is not JSON',
        fix: variable.key.length === 1 ? 'write the `accounts` of padlock.yaml as one JSON object' : 'write a number',
      });
    else said.push({ variable, value: variable.key.reduceRight((inner: unknown, key) => ({ [key]: inner }), value) });
  }
  return { said, faults };
}

function at(name: string) {
  return { code: 'config/invalid', file: name, line: 0, column: 0 } as const;
}

function unknown(name: string): Fault {
  const names = VARIABLES.map((known) => known.name);
  const near = nearest(
    name.slice(PREFIX.length),
    names.map((known) => known.slice(PREFIX.length)),
  );
  const fix = near === undefined ? `unset it; there are ${names.join(', ')}` : `did you mean ${PREFIX}${near}?`;
  return { ...at(name), message: 'there is no such variable', fix };
}

/** `undefined`: the text is not JSON. */
function parse(variable: Variable, text: string): unknown {
  if (variable.reads === 'text') return text;
  if (variable.reads === 'list') return text.split(',').map((item) => item.trim());
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
