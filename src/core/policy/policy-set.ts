import type { PadlockDocument } from '../documents/document.ts';
import type { GuardOverrideSpec, MfaExemptionSpec, MfaResetSpec } from '../documents/schema.ts';
import { formatInstant, parseInstant } from '../documents/values.ts';
import type { Applied, FoundUser, StandingKind } from '../model/applied.ts';
import { type Fault, sortFaults } from '../model/errors.ts';
import { type DocumentSource, placeOf, positionOf } from '../model/positions.ts';
import { type ScopeKey, scopeKey, scopeOf } from '../model/scope.ts';
import type { Channel, Instant, JsonObject } from '../model/words.ts';
import { canonicalPolicy } from './canonical-rules.ts';
import { conflictsAmong, conflictsWithStore, of, scopeFrom } from './conflicts.ts';
import type { Policy } from './effective.ts';

/** A standing document as declared: canonical spec, and whose it is. */
export interface Declared {
  readonly kind: StandingKind;
  readonly name: string;
  readonly account: string | null;
  readonly scope: ScopeKey | null;
  readonly spec: JsonObject;
  readonly source: DocumentSource;
}

/** A reset request as declared, with the person found at this moment, if any. */
export interface DeclaredReset {
  readonly requestId: string;
  readonly account: string;
  readonly user: string;
  readonly found: FoundUser | undefined;
  readonly reason: string;
  readonly requestedAt: Instant;
  readonly expiresAt: Instant;
  readonly approved: boolean;
  readonly place: string;
}

/** An override as declared. */
export interface DeclaredOverride {
  readonly name: string;
  readonly scope: ScopeKey;
  readonly guard: GuardOverrideSpec['guard'];
  readonly digest: string;
  readonly reason: string;
  readonly expiresAt: Instant;
}

/** Documents compiled together and against the directory: conflicts decided, people found. */
export interface PolicySet {
  readonly channel: Channel;
  readonly policies: readonly Policy[];
  readonly declared: readonly Declared[];
  readonly resets: readonly DeclaredReset[];
  readonly overrides: readonly DeclaredOverride[];
  readonly unknownUsers: readonly { readonly place: string; readonly called: string }[];
  /** By account and name as written. */
  readonly users: ReadonlyMap<string, FoundUser>;
}

/** How the key of {@link PolicySet.users} is made. */
export function userKey(account: string, called: string): string {
  return `${account} ${called}`;
}

/** People by {@link userKey}; and the names that stand for several: an id that two directories use. Those are nobody. */
export function byName(found: readonly FoundUser[]): { users: ReadonlyMap<string, FoundUser>; ambiguous: ReadonlySet<string> } {
  const groups = Map.groupBy(found, (user) => userKey(user.account, user.called));
  const users = [...groups].flatMap(([key, [first, ...more]]) => (first === undefined || more.length > 0 ? [] : [[key, first] as const]));
  return { users: new Map(users), ambiguous: new Set([...groups].filter(([, group]) => group.length > 1).map(([key]) => key)) };
}

/** Everybody whom documents name, so that the store can find them in one query. */
export function namedUsers(documents: readonly PadlockDocument[]): { readonly account: string; readonly called: string }[] {
  const named = documents.flatMap(({ kind, spec }) => {
    if (kind === 'MfaPolicy') return (spec.breakGlass ?? []).map((called) => ({ account: spec.account, called }));
    if (kind === 'MfaExemption') return spec.users.map((called) => ({ account: spec.account, called }));
    return kind === 'MfaReset' ? [{ account: spec.account, called: spec.user }] : [];
  });
  return [...new Map(named.map((n) => [userKey(n.account, n.called), n])).values()];
}

/**
 * Compiles checked documents to a policy set. All faults at once: two policies for one scope (both named), a scope that
 * the directory does not know (a typo protects nobody), a scope that another channel owns, a request id used twice.
 * People who do not exist are no fault: they are named in the plan.
 */
export function compileSet(
  documents: readonly PadlockDocument[],
  applied: Applied,
  found: readonly FoundUser[],
  channel: Channel,
): { set: PolicySet; faults: Fault[] } {
  const { users, ambiguous } = byName(found);
  const policies = of(documents, 'MfaPolicy').map(
    (d): Policy => ({ scope: scopeKey(scopeFrom(d.spec)), name: d.metadata.name, spec: canonicalPolicy(d.spec), source: d.source }),
  );
  const resets = of(documents, 'MfaReset').map((d) => declaredReset(d.spec, d.source, users));
  const faults = [
    ...conflictsAmong(documents),
    ...conflictsWithStore(documents, applied, channel),
    ...documents.flatMap((d) => ambiguousIn(d, ambiguous)),
  ];
  const set: PolicySet = {
    channel,
    policies,
    declared: [...policies.map(declaredPolicy), ...declaredOthers(documents)],
    resets,
    overrides: declaredOverrides(documents),
    unknownUsers: documents.flatMap((d) => unknownIn(d, users)),
    users,
  };
  return { set, faults: sortFaults(faults) };
}

/** The overrides among some documents. */
export function declaredOverrides(documents: readonly PadlockDocument[]): DeclaredOverride[] {
  return of(documents, 'GuardOverride').map(({ metadata, spec }) => ({
    name: metadata.name,
    scope: scopeKey(scopeFrom(spec)),
    guard: spec.guard,
    digest: spec.digest,
    reason: spec.reason,
    expiresAt: parseInstant(spec.expiresAt, 'end'),
  }));
}

function declaredPolicy(policy: Policy): Declared {
  const { account } = scopeOf(policy.scope);
  const spec = policy.spec as unknown as JsonObject;
  return { kind: 'MfaPolicy', name: policy.name, account, scope: policy.scope, spec, source: policy.source };
}

function declaredOthers(documents: readonly PadlockDocument[]): Declared[] {
  const exemptions = of(documents, 'MfaExemption').map((d): Declared => {
    return {
      kind: d.kind,
      name: d.metadata.name,
      account: d.spec.account,
      scope: null,
      spec: canonicalExemption(d.spec),
      source: d.source,
    };
  });
  const reports = of(documents, 'ComplianceReport').map((d): Declared => {
    return { kind: d.kind, name: d.metadata.name, account: null, scope: null, spec: d.spec as unknown as JsonObject, source: d.source };
  });
  return [...exemptions, ...reports];
}

function canonicalExemption(spec: MfaExemptionSpec): JsonObject {
  return {
    ...spec,
    users: [...spec.users].sort(),
    ...(spec.startsAt !== undefined && { startsAt: formatInstant(parseInstant(spec.startsAt, 'start')) }),
    expiresAt: formatInstant(parseInstant(spec.expiresAt, 'end')),
  };
}

function declaredReset(spec: MfaResetSpec, source: DocumentSource, users: ReadonlyMap<string, FoundUser>): DeclaredReset {
  return {
    requestId: spec.requestId,
    account: spec.account,
    user: spec.user,
    found: users.get(userKey(spec.account, spec.user)),
    reason: spec.reason,
    requestedAt: parseInstant(spec.requestedAt, 'start'),
    expiresAt: parseInstant(spec.expiresAt, 'end'),
    approved: spec.approved ?? false,
    place: placeOf(source, '/spec/requestId'),
  };
}

/** Whom a document names, and where. */
function namesIn(d: PadlockDocument): { key: string; called: string; pointer: string }[] {
  if (d.kind === 'MfaReset') return [{ key: userKey(d.spec.account, d.spec.user), called: d.spec.user, pointer: '/spec/user' }];
  const [list, field] =
    d.kind === 'MfaPolicy' ? [d.spec.breakGlass ?? [], 'breakGlass'] : d.kind === 'MfaExemption' ? [d.spec.users, 'users'] : [[], ''];
  const { account } = d.spec as { account: string };
  return list.map((called, i) => ({ key: userKey(account, called), called, pointer: `/spec/${field}/${i}` }));
}

/** People whom a list names and nobody knows. A reset tells of its own. */
function unknownIn(d: PadlockDocument, users: ReadonlyMap<string, FoundUser>): { place: string; called: string }[] {
  if (d.kind === 'MfaReset') return [];
  const unknown = namesIn(d).filter(({ key }) => !users.has(key));
  return unknown.map(({ called, pointer }) => ({ place: placeOf(d.source, pointer), called }));
}

function ambiguousIn(d: PadlockDocument, ambiguous: ReadonlySet<string>): Fault[] {
  return namesIn(d)
    .filter(({ key }) => ambiguous.has(key))
    .map(({ called, pointer }) => ({
      code: 'store/ambiguous-user',
      message: `more than one person is called "${called}": ids of several directories`,
      file: d.source.file,
      ...positionOf(d.source, pointer),
      fix: 'give the address',
    }));
}
