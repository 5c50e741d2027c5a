import type { ScopeKey } from '../model/scope.ts';
import type { EnforcerName } from '../model/words.ts';

/** Something that the store has decided, and that is not so at the enforcer. */
export interface Uncarried {
  readonly account: string;
  readonly enforcer: EnforcerName;
  /** `scope`: one scope's requirement; `account`: perhaps that of every scope, since the enforcer could not be read; `reset`: one person's factors. */
  readonly of: 'scope' | 'account' | 'reset';
  /** The scope's key, the account, or the request's id. */
  readonly name: string;
  readonly why: string;
  readonly fix: string;
}

/** What was carried to enforcers elsewhere, and what could not be. */
export interface Carried {
  readonly scopes: readonly ScopeKey[];
  /** Request ids. */
  readonly resets: readonly string[];
  readonly uncarried: readonly Uncarried[];
}

/** Nothing was to be carried anywhere. */
export const NOTHING_CARRIED: Carried = { scopes: [], resets: [], uncarried: [] };

/** What is so here and not there, and what to do about it. */
export function uncarriedWords({ of, name, enforcer, why, fix }: Uncarried): {
  readonly what: string;
  readonly why: string;
  readonly fix: string;
} {
  switch (of) {
    case 'scope':
      return { what: `${name}: in force here, not at ${enforcer}`, why, fix };
    case 'account':
      return { what: `${name}: in force here, and nobody knows whether at ${enforcer}`, why, fix };
    case 'reset':
      return { what: `reset ${name}: executed here, not at ${enforcer}`, why, fix };
  }
}
