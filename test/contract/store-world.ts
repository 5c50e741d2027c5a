import type { ResolvedActor } from '../../src/core/model/actor.ts';
import type { DirectoryChanges, PersonAttributes } from '../../src/core/model/directory.ts';
import type { Terms } from '../../src/core/model/terms.ts';
import type { FactorKind, Instant, Role } from '../../src/core/model/words.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { DocumentWrite, FactorWrite } from '../../src/core/ports/store-writing.ts';

/** A store under contract, with plain SQL beside it: for what the port cannot write yet, and to look at what was written. */
export interface Contracted {
  readonly store: Store;
  /** Rows of a query, and the running of a statement, in SQL that every engine knows. */
  rows(query: string): Promise<Record<string, unknown>[]>;
  run(statement: string): Promise<void>;
  /** Everything that the store holds, as one text. */
  content(): Promise<string>;
  close(): Promise<void>;
}

export const ACCOUNT = 'northwind';
export const BAKERY = 'northwind/bakery';
export const T0: Instant = Date.UTC(2026, 10, 2, 8);
export const DAY = 86_400_000;
export const HOUR = 3_600_000;

/** Administrators and everybody else are asked for any kind: the masks of `totp` and `passkey`, for all six roles. */
export const ANY_KIND = 0o333333;

export const ACTOR: ResolvedActor = {
  channel: 'cli',
  subject: 'deploy',
  account: ACCOUNT,
  userId: null,
  role: null,
  bound: false,
  bootstrap: true,
};

/** An import that changes nothing but what is given. */
export function changesOf(some: Partial<DirectoryChanges>): DirectoryChanges {
  const nothing = {
    newScopes: [],
    organizations: [],
    created: [],
    adopted: [],
    updated: [],
    joined: [],
    rejoined: [],
    roleChanged: [],
    ended: [],
  };
  return { account: ACCOUNT, origin: 'csv', newAccount: false, ...nothing, ...some };
}

/** Somebody new. */
export function created(externalId: string, attributes: PersonAttributes, ...memberships: readonly (readonly [string, Role])[]) {
  return { externalId, attributes, memberships: memberships.map(([scope, role]) => ({ scope, role })) };
}

/** The people of the known world, by external id. `mallory` writes her address with a Cyrillic letter. */
const PEOPLE = [
  created('1', { address: 'Ann@northwind.example', name: 'Ann' }, [ACCOUNT, 'Administrator']),
  created('2', { address: 'bob@northwind.example', name: 'Bob', sso: true, localPassword: false }, [ACCOUNT, 'Manager']),
  created('3', { address: 'carol@bakery.example', name: 'Carol', lastSignIn: T0 - DAY }, [ACCOUNT, 'Editor'], [BAKERY, 'Editor']),
  created('4', { address: 'dora@bakery.example', name: 'Dora', enabled: false }, [BAKERY, 'Lite']),
  created('5', { address: 'printer@bakery.example', service: true }, [BAKERY, 'Lite']),
  created('6', { name: 'Eve' }, [BAKERY, 'Creator']),
  created('7', { address: 'аnn@northwind.example', name: 'Mallory' }, [ACCOUNT, 'ReadOnly']),
] as const;

/** Imports the known world at `T0`. */
export async function importWorld(store: Store): Promise<void> {
  const titles = new Map([
    [ACCOUNT, 'Northwind IT'],
    [BAKERY, 'Sunrise Bakery'],
  ]);
  const organizations = [{ externalId: '5001', name: 'Sunrise Bakery', myGlueAccount: 'bakery', place: 'organizations.csv:2' }];
  const changes = changesOf({ newAccount: true, newScopes: [ACCOUNT, BAKERY], organizations, created: PEOPLE });
  await store.write(T0, async (transaction) => {
    await transaction.importDirectory(changes, { name: 'portal', enrollment: 'store' }, titles);
    await transaction.audit([{ account: ACCOUNT, at: T0, actor: ACTOR, act: 'directory.import', target: ACCOUNT, detail: { created: 7 } }]);
  });
}

/** Ids of the store, by external id. */
export async function idsOf(store: Store, account = ACCOUNT): Promise<ReadonlyMap<string, number>> {
  const { people } = await store.read((reader) => reader.directory(account));
  return new Map(people.map((p) => [p.externalId, p.id]));
}

/** The id of one. */
export async function idOf(store: Store, externalId: string): Promise<number> {
  const id = (await idsOf(store)).get(externalId);
  if (id === undefined) throw new RangeError(externalId);
  return id;
}

/** Terms that ask everybody for any kind at once. */
export function termsOf(scope: string, some: Partial<Terms> = {}): Terms {
  const lines = { requireMfa: 3, roles: 3, factors: 3, sso: 3, mode: 3, enforceFrom: 3, gracePeriod: 4 };
  const origin = { document: scope, via: 'own', file: 'policies/account.yaml', lines } as const;
  const plain = {
    requireMfa: true,
    reportOnly: false,
    demand: ANY_KIND,
    enforceFrom: null,
    grace: 0,
    trust: [],
    rules: { requireMfa: true },
  };
  return { scope, ...plain, origin, ...some };
}

/** A policy document to put in force. */
export function policyOf(name: string, scope: string | null, some: Partial<DocumentWrite> = {}): DocumentWrite {
  const source = { file: 'policies/account.yaml', line: 1, at: { '/spec/requireMfa': { line: 3, column: 15 } } };
  const written = { channel: 'file', name, account: ACCOUNT, scope, spec: { requireMfa: true }, source, version: null } as const;
  return { kind: 'MfaPolicy', ...written, ...some };
}

/** A confirmed factor. */
export function factorOf(userId: number, kind: FactorKind, enrolledAt: Instant, secret = 'a secret of its own'): FactorWrite {
  return { userId, kind, label: `${kind} of the phone`, secret: Buffer.from(secret), enrolledAt };
}

/** The code of the error that a promise is rejected with. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
  return 'no error';
}
