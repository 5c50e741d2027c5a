import type { Demand } from './demand.ts';
import type { ScopeKey } from './scope.ts';
import type { Duration, Instant, JsonObject } from './words.ts';

/** One accepted value of one claim of one identity provider, and how old the proof may be. */
export interface Trust {
  readonly provider: string;
  readonly claim: 'amr' | 'acr';
  readonly value: string;
  readonly maxAge: Duration;
}

/** Where terms come from, for every answer that rests on them. */
export interface TermsOrigin {
  /** The document's name. */
  readonly document: string;
  /** Its own document, or the account's `myGlueDefault`. */
  readonly via: 'own' | 'default';
  readonly file: string;
  /** Line of the document, of its requirement, and of the fields that may decide; the document's own line where a field is absent. */
  readonly lines: Readonly<Record<TermsField, number>>;
}

/** The fields that may decide a requirement. */
export type TermsField = 'requireMfa' | 'roles' | 'factors' | 'sso' | 'mode' | 'enforceFrom' | 'gracePeriod';

/** A policy compiled for one actual scope: what every requirement in it is judged by. */
export interface Terms {
  readonly scope: ScopeKey;
  readonly requireMfa: boolean;
  readonly reportOnly: boolean;
  /** 0 for roles that are not listed. */
  readonly demand: Demand;
  readonly enforceFrom: Instant | null;
  readonly grace: Duration;
  readonly trust: readonly Trust[];
  /** The canonical rules that these terms were compiled from. */
  readonly rules: JsonObject;
  readonly origin: TermsOrigin;
}

/** Since when a scope has asked for the kinds of a demand; append-only, never per user. */
export interface Obligation {
  readonly scope: ScopeKey;
  readonly demand: Demand;
  readonly since: Instant;
}

/** Changes to a scope are held for a reason, until an instant (RFC 3339, UTC); the requirement stays in force. */
export interface Suspension {
  readonly reason: string;
  readonly until: string;
}

/** A store's terms: what is in force in one scope, with the version that a change must have seen. */
export interface TermsInForce extends Terms {
  readonly version: number;
}
