import type { DocumentOf, PadlockDocument } from '../documents/document.ts';
import type { Applied, DocumentInForce } from '../model/applied.ts';
import { type ErrorCode, type Fault, sortFaults } from '../model/errors.ts';
import { type DocumentSource, placeOf, positionOf } from '../model/positions.ts';
import { type ScopeRef, scopeKey, scopeOf } from '../model/scope.ts';
import type { Channel, DocumentKind } from '../model/words.ts';

/** The documents of one kind, in their order. */
export function of<K extends DocumentKind>(documents: readonly PadlockDocument[], kind: K): DocumentOf<K>[] {
  return documents.filter((d) => d.kind === kind) as unknown as DocumentOf<K>[];
}

/** The scope that a spec names. */
export function scopeFrom(spec: { readonly account: string; readonly myGlueAccount?: string }): ScopeRef {
  return spec.myGlueAccount === undefined ? { account: spec.account } : { account: spec.account, myGlueAccount: spec.myGlueAccount };
}

/**
 * What is wrong between documents, whatever the store holds: two policies for one scope, a request id used twice.
 * Never a silent winner: each is told of the others.
 */
export function conflictsAmong(documents: readonly PadlockDocument[]): Fault[] {
  const scopes = of(documents, 'MfaPolicy').map((d) => ({ source: d.source, key: scopeKey(scopeFrom(d.spec)) }));
  const requests = of(documents, 'MfaReset').map((d) => ({ source: d.source, key: `${d.spec.account} ${d.spec.requestId}` }));
  return sortFaults([
    ...duplicates(scopes, 'policy/duplicate-scope', '/spec/account', 'a second policy for this scope'),
    ...duplicates(requests, 'policy/duplicate-request', '/spec/requestId', 'this requestId is declared twice'),
  ]);
}

/**
 * What is wrong between documents and the store: a scope that the directory does not know (a typo protects nobody), one
 * that another channel owns, a document whose scope has become another.
 */
export function conflictsWithStore(documents: readonly PadlockDocument[], applied: Applied, channel: Channel): Fault[] {
  const policies = applied.documents.filter((d) => d.kind === 'MfaPolicy');
  return sortFaults([
    ...unknownScopes(documents, applied),
    ...ownedElsewhere(
      of(documents, 'MfaPolicy'),
      policies.filter((d) => d.channel !== channel),
    ),
    ...scopeChanged(
      of(documents, 'MfaPolicy'),
      policies.filter((d) => d.channel === channel),
    ),
    ...accountChanged(
      of(documents, 'MfaExemption'),
      applied.documents.filter((d) => d.kind === 'MfaExemption' && d.channel === channel),
    ),
  ]);
}

/** Other documents that a conflict names. */
const MOST_NAMED = 5;

function duplicates(
  items: readonly { readonly source: DocumentSource; readonly key: string }[],
  code: ErrorCode,
  pointer: string,
  message: string,
): Fault[] {
  const groups = Map.groupBy(items, (item) => item.key);
  return [...groups.values()].flatMap((group) =>
    group.length < 2
      ? []
      : group.map((item) => {
          // a few of them: each of thousands told of all the others would be millions
          const others = group.slice(0, MOST_NAMED + 1).filter((other) => other !== item);
          const named = others.slice(0, MOST_NAMED).map((other) => placeOf(other.source, pointer));
          const more = group.length - 1 - named.length;
          const places = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
          return fault(item.source, pointer, code, `${message}: the other is at ${places}`, 'keep one of them');
        }),
  );
}

function ownedElsewhere(policies: readonly DocumentOf<'MfaPolicy'>[], others: readonly DocumentInForce[]): Fault[] {
  const owners = new Map(others.map((d) => [d.scope, d]));
  return policies.flatMap((policy) => {
    const scope = scopeKey(scopeFrom(policy.spec));
    const owner = owners.get(scope);
    if (owner === undefined) return [];
    const message = `${scope} is declared by ${owner.channel} "${owner.name}", which stays in force; "${policy.metadata.name}" here is refused`;
    return [fault(policy.source, '/spec/account', 'policy/owned-elsewhere', message, 'remove it here, or let it go there first')];
  });
}

/** A document's scope is immutable: under its old name its requirement would silently be somebody else's. */
function scopeChanged(policies: readonly DocumentOf<'MfaPolicy'>[], ours: readonly DocumentInForce[]): Fault[] {
  const named = new Map(ours.map((d) => [d.name, d.scope]));
  return policies.flatMap((policy) => {
    const scope = scopeKey(scopeFrom(policy.spec));
    const was = named.get(policy.metadata.name);
    if (was === undefined || was === null || was === scope) return [];
    const message = `"${policy.metadata.name}" is in force for ${was}, and a document's scope never changes`;
    return [fault(policy.source, '/metadata/name', 'policy/immutable-scope', message, `give the policy for ${scope} another name`)];
  });
}

/** An exemption's account is immutable: whoever may exempt in one account would end or extend those of another under its name. */
function accountChanged(exemptions: readonly DocumentOf<'MfaExemption'>[], ours: readonly DocumentInForce[]): Fault[] {
  const named = new Map(ours.map((d) => [d.name, d.account]));
  return exemptions.flatMap((exemption) => {
    const was = named.get(exemption.metadata.name);
    if (was === undefined || was === exemption.spec.account) return [];
    const message = `"${exemption.metadata.name}" is in force for ${was}, and an exemption's account never changes`;
    const fix = `give the exemption for ${exemption.spec.account} another name`;
    return [fault(exemption.source, '/spec/account', 'policy/immutable-scope', message, fix)];
  });
}

function fault(source: DocumentSource, pointer: string, code: ErrorCode, message: string, fix: string): Fault {
  return { code, message, file: source.file, ...positionOf(source, pointer), fix };
}

function unknownScopes(documents: readonly PadlockDocument[], applied: Applied): Fault[] {
  const accounts = applied.accounts.map((a) => a.account);
  const scopes = new Set(applied.accounts.flatMap((a) => a.scopes));
  const known = accounts.length === 0 ? 'the directory knows no account yet' : `known: ${some(accounts)}`;
  return documents.flatMap((d) => {
    const named =
      d.kind === 'ComplianceReport'
        ? d.spec.accounts.map((a, i) => [a, `/spec/accounts/${i}`] as const)
        : [[d.spec.account, '/spec/account'] as const];
    const unknown = named.filter(([account]) => !accounts.includes(account));
    if (unknown.length > 0) {
      return unknown.map(([account, pointer]) =>
        fault(
          d.source,
          pointer,
          'policy/unknown-account',
          `no account "${account}" in the directory (${known})`,
          'correct the name, or import its directory first',
        ),
      );
    }
    const myGlue = 'myGlueAccount' in d.spec ? d.spec.myGlueAccount : undefined;
    if (myGlue === undefined || d.kind === 'ComplianceReport' || scopes.has(`${d.spec.account}/${myGlue}`)) return [];
    const siblings = [...scopes].filter((s) => s.startsWith(`${d.spec.account}/`)).map((s) => scopeOf(s).myGlueAccount ?? '');
    const message = `no MyGlue account "${myGlue}" in ${d.spec.account} (known: ${some(siblings)})`;
    return [
      fault(d.source, '/spec/myGlueAccount', 'policy/unknown-myglue-account', message, 'correct the name, or import its directory first'),
    ];
  });
}

function some(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.slice(0, 8).join(', ') + (names.length > 8 ? `, … ${names.length} in all` : '');
}
