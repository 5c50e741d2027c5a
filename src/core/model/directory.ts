import type { KindMask } from './demand.ts';
import type { Fault } from './errors.ts';
import type { ScopeKey } from './scope.ts';
import type { EnforcerName, Instant, Role } from './words.ts';

/**
 * One membership as a directory source gives it. An absent field is "not said": it changes nothing.
 * Rows with the same `externalId` are one person.
 */
export interface DirectoryRow {
  readonly externalId: string;
  readonly scope: ScopeKey;
  readonly role: Role;
  /** Null: the person has none. */
  readonly address?: string | null;
  readonly name?: string | null;
  readonly enabled?: boolean;
  /** A service account that cannot sign in. */
  readonly service?: boolean;
  /** Whether a local password is a way in. */
  readonly localPassword?: boolean;
  /** Whether single sign-on is a way in. */
  readonly sso?: boolean;
  /** What is enrolled elsewhere, for accounts whose enforcer is `none`; null: the source cannot tell. */
  readonly kinds?: KindMask | null;
  readonly lastSignIn?: Instant | null;
  /** `people.csv:7`, or `users.json: data[6]`. */
  readonly place: string;
}

/** A client organization, and the MyGlue account that covers it. */
export interface OrganizationRow {
  readonly externalId: string;
  readonly name: string;
  /** Null: no MyGlue account covers it; absent: not said. */
  readonly myGlueAccount?: string | null;
  readonly place: string;
}

/** What one read of a directory says about one account. */
export interface DirectoryRead {
  readonly account: string;
  /** What the account is called, `Northwind IT`; absent: not said. */
  readonly title?: string;
  /** `csv`, `itglue`, `demo`: whose ids the external ids are. */
  readonly origin: string;
  /** Absent: the people are not said. Walked through once. */
  readonly rows?: Iterable<DirectoryRow>;
  /** Scopes whose list of people was given whole: who is not in it has left. */
  readonly wholeScopes: readonly ScopeKey[];
  /** Absent: the organizations are not said. */
  readonly organizations?: readonly OrganizationRow[];
  /** What could not be understood, row by row: with any of it nothing is imported, and all of it is told at once. */
  readonly faults: readonly Fault[];
}

/** A person as the store holds them. */
export interface StoredPerson {
  readonly id: number;
  readonly externalId: string;
  readonly origin: string;
  readonly address: string | null;
  readonly name: string | null;
  readonly enabled: boolean;
  readonly service: boolean;
  readonly localPassword: boolean;
  readonly sso: boolean;
  readonly kinds: KindMask | null;
  /** By too many wrong codes, until reset or unlocked. */
  readonly locked: boolean;
  readonly lastSignIn: Instant | null;
  /** One a scope. */
  readonly memberships: readonly StoredMembership[];
}

/** A membership as the store holds it; `ended` ones are kept. */
export interface StoredMembership {
  readonly scope: ScopeKey;
  readonly role: Role;
  readonly ended: boolean;
}

/** What the policy in force says of the import that is judged. */
export interface ImportTerms {
  /** The limit of the `directory` guard, a percentage. */
  readonly removedLimit: number;
  /** Administrators who must remain able to sign in. */
  readonly leastAdministrators: number;
  /** Kinds of which an administrator needs one (0: none is asked for), and those that can still be enrolled at sign-in. */
  readonly allowed: KindMask;
  readonly enrollable: KindMask;
  /** The enforcer before (null: a new account) and after, and how many scopes are enforced now and would not be. */
  readonly enforcer: { readonly before: EnforcerName | null; readonly after: EnforcerName; readonly unenforced: number };
}

/** What the store holds of one account when a directory is compared with it. */
export interface DirectoryFacts {
  /** Null: the account is not known yet. */
  readonly account: { readonly id: number; readonly version: number } | null;
  readonly people: readonly StoredPerson[];
  readonly scopes: readonly ScopeKey[];
  readonly organizations: readonly { readonly externalId: string; readonly name: string; readonly myGlueAccount: string | null }[];
  /** Ids of the declared break-glass users. */
  readonly breakGlass: readonly number[];
  readonly terms: ImportTerms;
}

/** The attributes of a person that an import may set; absent ones stay as they are. */
export interface PersonAttributes {
  readonly address?: string | null;
  readonly name?: string | null;
  readonly enabled?: boolean;
  readonly service?: boolean;
  readonly localPassword?: boolean;
  readonly sso?: boolean;
  readonly kinds?: KindMask | null;
  readonly lastSignIn?: Instant | null;
}

/** What a new person is, as long as no directory says otherwise: IT Glue lists only those who may sign in, by a password at least. */
export const NEW_PERSON: Required<PersonAttributes> = {
  address: null,
  name: null,
  enabled: true,
  service: false,
  localPassword: true,
  sso: false,
  kinds: null,
  lastSignIn: null,
};

/**
 * What an import does, as a value: nothing is written by computing it. Lists are sorted by id, scope.
 * Addresses may change hands in one import (two people swap theirs, a newcomer takes that of a leaver), so a store that
 * keeps them unique must look at them once everything is written. Lists may be those of the rows: read the named fields only.
 */
export interface DirectoryChanges {
  readonly account: string;
  readonly origin: string;
  /** The account is new to the store. */
  readonly newAccount: boolean;
  /** Scopes that the store does not know yet, the account's own included. */
  readonly newScopes: readonly ScopeKey[];
  /** New organizations, and those whose name or MyGlue account changes. */
  readonly organizations: readonly OrganizationRow[];
  /** New people, with all their memberships. */
  readonly created: readonly {
    readonly externalId: string;
    readonly attributes: PersonAttributes;
    readonly memberships: readonly { readonly scope: ScopeKey; readonly role: Role }[];
  }[];
  /** People whom the directory takes over, as declared: from now on they are `externalId` of `origin`. */
  readonly adopted: readonly { readonly id: number; readonly externalId: string }[];
  readonly updated: readonly { readonly id: number; readonly attributes: PersonAttributes }[];
  /** Memberships of known people that begin for the first time, come back, change their role, or end. */
  readonly joined: readonly { readonly id: number; readonly scope: ScopeKey; readonly role: Role }[];
  readonly rejoined: readonly { readonly id: number; readonly scope: ScopeKey; readonly role: Role }[];
  readonly roleChanged: readonly { readonly id: number; readonly scope: ScopeKey; readonly from: Role; readonly to: Role }[];
  readonly ended: readonly { readonly id: number; readonly scope: ScopeKey; readonly role: Role }[];
}
