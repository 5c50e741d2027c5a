import { type ScopeKey, scopeOf } from '../model/scope.ts';
import { changes, type Judgement } from './judge.ts';
import type { DocumentChange } from './plan.ts';
import { isExemptionIn } from './uncovered.ts';

/** What of a change does not come in force: scopes, and accounts whose changes of exemptions do not. */
export interface Held {
  readonly scopes: ReadonlySet<ScopeKey>;
  readonly exemptions: ReadonlySet<string>;
}

/** What a judgement begins with: everything goes. */
export const NOTHING_HELD: Held = { scopes: new Set(), exemptions: new Set() };

/** What a judgement holds. */
export function heldBy({ scopes, exemptionsHeld }: Judgement): Held {
  return { scopes: new Set(scopes.filter((s) => s.held).map((s) => s.scope)), exemptions: exemptionsHeld };
}

/**
 * Whether a judgement holds more than it was made with, beside something in the same account that still goes: that was judged as
 * if the held came in force with it, and is judged again. Nobody is in two accounts, so others are not touched.
 */
export function leansOnHeld(judgement: Judgement, madeWith: Held, documents: readonly DocumentChange[]): boolean {
  const held = heldBy(judgement);
  const newly = new Set([
    ...[...held.scopes].filter((scope) => !madeWith.scopes.has(scope)).map((scope) => scopeOf(scope).account),
    ...[...held.exemptions].filter((account) => !madeWith.exemptions.has(account)),
  ]);
  const scopes = judgement.scopes.some((s) => !s.held && changes(s) && newly.has(scopeOf(s.scope).account));
  return scopes || documents.some((d) => isExemptionIn(d, newly) && !held.exemptions.has(d.account ?? ''));
}
