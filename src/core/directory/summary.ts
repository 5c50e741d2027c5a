import { type DirectoryChanges, type DirectoryFacts, NEW_PERSON, type PersonAttributes, type StoredPerson } from '../model/directory.ts';
import type { ScopeKey } from '../model/scope.ts';
import { ROLES, type Role } from '../model/words.ts';
import { isMember } from './match.ts';

/** What an import does to one scope; counts of memberships. */
export interface ScopeSummary {
  readonly scope: ScopeKey;
  readonly isNew: boolean;
  readonly before: number;
  readonly after: number;
  readonly joined: number;
  readonly rejoined: number;
  readonly promoted: number;
  readonly demoted: number;
  readonly ended: number;
}

/** A person whom an import takes something from. */
export interface AffectedPerson {
  readonly id: number;
  /** The address, or the external id of who has none. */
  readonly called: string;
  /** No membership is left. */
  readonly removed: boolean;
  /** A membership ends, whether or not others are left. */
  readonly ended: boolean;
  /** Could sign in, and cannot any more: disabled, made a service account, or without a way in. */
  readonly disabled: boolean;
  readonly demoted: boolean;
  /** Was enabled before, and no service account: only such people count for shares. */
  readonly wasEnabled: boolean;
}

/** An import in figures; people are counted once, however many memberships they have. */
export interface ImportSummary {
  readonly people: {
    readonly before: number;
    readonly after: number;
    readonly created: number;
    readonly adopted: number;
    /** In more than their last sign-in. */
    readonly updated: number;
    readonly enabled: number;
    readonly disabled: number;
    readonly demoted: number;
    readonly removed: number;
    /** Members whom another directory, or a hand, has brought: left as they are. */
    readonly elsewhere: number;
  };
  /** Enabled people before the import, service accounts apart: what shares are taken of. */
  readonly enabledBefore: number;
  /** Every scope in which a membership changes, and the new ones, by key. */
  readonly scopes: readonly ScopeSummary[];
  readonly organizations: number;
  /**
   * Administrators of the account who can sign in: enabled, no service account, not locked, with a way in, and nothing asked of
   * them, or an allowed factor, or one that they can still enroll. As the guard `administrators` counts them.
   */
  readonly administrators: { readonly before: number; readonly after: number };
  /** By what they are called. */
  readonly affected: readonly AffectedPerson[];
}

type Counts = { -readonly [K in keyof ScopeSummary]: ScopeSummary[K] };

interface Effect {
  attributes: PersonAttributes;
  ended: number;
  gained: number;
  isDemoted: boolean;
  /** The role in the account after the import; absent: as before, null: none. */
  accountRole?: Role | null;
}

/** Counts what `changes` do to what `facts` hold. Pure; one walk over the people. */
export function summarize(changes: DirectoryChanges, facts: DirectoryFacts): ImportSummary {
  const scopes = new Map<ScopeKey, Counts>();
  const effects = effectsOf(changes, scopes);
  const people = {
    before: 0,
    after: 0,
    created: changes.created.length,
    adopted: changes.adopted.length,
    updated: 0,
    enabled: 0,
    disabled: 0,
    demoted: 0,
    removed: 0,
    elsewhere: 0,
  };
  const administrators = { before: 0, after: 0 };
  const affected: AffectedPerson[] = [];
  const adopted = new Set(changes.adopted.map(({ id }) => id));
  let enabledBefore = 0;

  for (const person of facts.people) {
    const effect = effects.get(person.id);
    const live = person.memberships.filter((membership) => !membership.ended);
    for (const { scope } of live) {
      const counts = scopes.get(scope);
      if (counts !== undefined) counts.before++;
    }
    const wasMember = isMember(person);
    const remains = live.length - (effect?.ended ?? 0) + (effect?.gained ?? 0) > 0;
    const after = { ...person, ...effect?.attributes };
    people.before += Number(wasMember);
    people.after += Number(remains);
    people.elsewhere += Number(wasMember && person.origin !== changes.origin && !adopted.has(person.id));
    enabledBefore += Number(wasMember && isEnabled(person));
    const roleBefore = live.find(({ scope }) => scope === changes.account)?.role ?? null;
    const roleAfter = effect?.accountRole === undefined ? roleBefore : effect.accountRole;
    administrators.before += Number(roleBefore === 'Administrator' && canAdminister(person, facts));
    administrators.after += Number(roleAfter === 'Administrator' && canAdminister(after, facts));
    if (effect === undefined) continue;

    const hit = {
      removed: wasMember && !remains,
      ended: effect.ended > 0,
      disabled: wasMember && canSignIn(person) && !canSignIn(after),
      demoted: effect.isDemoted,
    };
    people.updated += Number(Object.keys(effect.attributes).some((attribute) => attribute !== 'lastSignIn'));
    people.enabled += Number(wasMember && !canSignIn(person) && canSignIn(after));
    people.disabled += Number(hit.disabled);
    people.demoted += Number(hit.demoted);
    people.removed += Number(hit.removed);
    if (hit.ended || hit.disabled || hit.demoted) {
      affected.push({ id: person.id, called: person.address ?? person.externalId, ...hit, wasEnabled: isEnabled(person) });
    }
  }

  for (const { attributes, memberships } of changes.created) {
    const isAdministrator = memberships.some(({ scope, role }) => scope === changes.account && role === 'Administrator');
    administrators.after += Number(isAdministrator && canAdminister({ ...NEW_PERSON, locked: false, ...attributes }, facts));
  }
  people.after += changes.created.length;
  for (const counts of scopes.values()) counts.after = counts.before + counts.joined + counts.rejoined - counts.ended;
  affected.sort((a, b) => (a.called === b.called ? a.id - b.id : a.called < b.called ? -1 : 1));
  return {
    people,
    enabledBefore,
    scopes: [...scopes.values()].sort((a, b) => (a.scope < b.scope ? -1 : 1)),
    organizations: changes.organizations.length,
    administrators,
    affected,
  };
}

/** Effects on known people by id; counts the memberships of every scope on the way. */
function effectsOf(changes: DirectoryChanges, scopes: Map<ScopeKey, Counts>): Map<number, Effect> {
  const effects = new Map<number, Effect>();
  const isNew = new Set(changes.newScopes);
  const effectOn = (id: number): Effect => {
    const effect = effects.get(id) ?? { attributes: {}, ended: 0, gained: 0, isDemoted: false };
    effects.set(id, effect);
    return effect;
  };
  const countsOf = (scope: ScopeKey): Counts => {
    const counts = scopes.get(scope) ?? {
      scope,
      isNew: isNew.has(scope),
      before: 0,
      after: 0,
      joined: 0,
      rejoined: 0,
      promoted: 0,
      demoted: 0,
      ended: 0,
    };
    scopes.set(scope, counts);
    return counts;
  };
  const take = (id: number, scope: ScopeKey, role: Role | null) => {
    const effect = effectOn(id);
    if (scope === changes.account) effect.accountRole = role;
    return effect;
  };

  for (const scope of changes.newScopes) countsOf(scope);
  for (const { id, attributes } of changes.updated) effectOn(id).attributes = attributes;
  for (const { memberships } of changes.created) for (const { scope } of memberships) countsOf(scope).joined++;
  for (const [kind, list] of [
    ['joined', changes.joined],
    ['rejoined', changes.rejoined],
  ] as const) {
    for (const { id, scope, role } of list) {
      countsOf(scope)[kind]++;
      take(id, scope, role).gained++;
    }
  }
  for (const { id, scope, from, to } of changes.roleChanged) {
    const isDemotion = ROLES.indexOf(to) > ROLES.indexOf(from);
    countsOf(scope)[isDemotion ? 'demoted' : 'promoted']++;
    const effect = take(id, scope, to);
    effect.isDemoted ||= isDemotion;
  }
  for (const { id, scope } of changes.ended) {
    countsOf(scope).ended++;
    take(id, scope, null).ended++;
  }
  return effects;
}

type Access = Pick<StoredPerson, 'enabled' | 'service' | 'localPassword' | 'sso'>;

function isEnabled(person: Access): boolean {
  return person.enabled && !person.service;
}

function canSignIn(person: Access): boolean {
  return isEnabled(person) && (person.localPassword || person.sso);
}

function canAdminister(person: Access & Pick<StoredPerson, 'kinds' | 'locked'>, { terms }: DirectoryFacts): boolean {
  const { allowed, enrollable } = terms;
  const proves = allowed === 0 || ((person.kinds ?? 0) & allowed) !== 0 || (enrollable & allowed) !== 0;
  return canSignIn(person) && !person.locked && proves;
}
