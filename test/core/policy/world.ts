import type { PadlockDocument } from '../../../src/core/documents/document.ts';
import { readDocuments } from '../../../src/core/documents/read.ts';
import type { MfaPolicyRules } from '../../../src/core/documents/schema.ts';
import type { AccountFacts, Applied, DocumentInForce, FoundUser } from '../../../src/core/model/applied.ts';
import type { Proof, Requirement, Standing } from '../../../src/core/model/requirement.ts';
import { scopeOf } from '../../../src/core/model/scope.ts';
import type { Obligation, Terms, TermsInForce } from '../../../src/core/model/terms.ts';
import type { Instant } from '../../../src/core/model/words.ts';
import { canonicalRules } from '../../../src/core/policy/canonical-rules.ts';
import { compileTerms } from '../../../src/core/policy/compile.ts';
import { addsObligation } from '../../../src/core/policy/deadline.ts';
import { compileSet, type PolicySet } from '../../../src/core/policy/policy-set.ts';
import { judge } from '../../../src/core/policy/requirement.ts';

/** The world of the tests of policy and plan: days are counted from the first of January 2026. */

export const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00Z');

/** Midnight of a day, counted from 0. */
export function day(n: number): Instant {
  return START + n * DAY;
}

/** The terms of one scope by some rules, as a document would give them. */
export function termsOf(rules: MfaPolicyRules, scope = 'northwind', more: Partial<Terms> = {}): Terms {
  const source = { file: 'policies/account.yaml', line: 1, at: {} };
  const origin = { document: scope.replace('/', '-'), via: 'own', source } as const;
  return { ...compileTerms(scope, canonicalRules(rules, scopeOf(scope)), origin), ...more };
}

/** A membership: enabled, nothing enrolled, member since day 0. */
export function standing(more: Partial<Standing> = {}): Standing {
  return { role: 'Editor', enabled: true, kinds: 0, joined: day(0), exemptions: [], proofs: [], ...more };
}

/** A proof of MFA that entra gave. */
export function proof(more: Partial<Proof> = {}): Proof {
  return { provider: 'entra', claim: 'amr', value: 'mfa', at: day(10), ...more };
}

/** One document of a kind, as text: JSON is YAML. */
export function text(kind: string, name: string, spec: object): string {
  return JSON.stringify({ apiVersion: 'padlock.dev/v1alpha1', kind, metadata: { name }, spec }, undefined, 1);
}

/** The text of a policy for a scope. */
export function policyText(scope: string, spec: object, name = scope.replace('/', '-')): string {
  return text('MfaPolicy', name, { ...scopeOf(scope), requireMfa: true, ...spec });
}

/** Checked documents, one file each: `a.yaml`, `b.yaml`. Throws the first fault. */
export function read(...texts: readonly string[]): readonly PadlockDocument[] {
  const reading = readDocuments(texts.map((t, i) => ({ file: `${String.fromCharCode(97 + i)}.yaml`, text: t })));
  const [first] = reading.faults;
  if (first !== undefined) throw new Error(`${first.code}: ${first.message}`);
  return reading.documents;
}

/** An account with its scopes. */
export function account(name: string, myGlue: readonly string[] = [], more: Partial<AccountFacts> = {}): AccountFacts {
  const scopes = [name, ...myGlue.map((slug) => `${name}/${slug}`)];
  return { account: name, enforcer: 'portal', scopes, exemptionsVersion: 0, administrators: 1, ...more };
}

/** What is in force: northwind with two MyGlue accounts, and no document. */
export function applied(more: Partial<Applied> = {}): Applied {
  return { accounts: [account('northwind', ['bakery', 'cafe'])], documents: [], terms: [], obligations: [], ...more };
}

/** Documents compiled against what is in force, on the command line's channel. Throws the first fault. */
export function setOf(documents: readonly PadlockDocument[], against = applied(), found: readonly FoundUser[] = []): PolicySet {
  const { set, faults } = compileSet(documents, against, found, 'file');
  const [first] = faults;
  if (first !== undefined) throw new Error(`${first.code}: ${first.message}`);
  return set;
}

/** Declared documents as the store would hold them after an apply. */
export function inForceOf(set: PolicySet, version = 1): DocumentInForce[] {
  return set.declared.map((d) => ({ ...d, channel: set.channel, version }));
}

/** Terms as the store would hold them. */
export function held(terms: Iterable<Terms>, version = 1): TermsInForce[] {
  return [...terms].map((t) => ({ ...t, version }));
}

/** One scope through time: policies applied one after the other, each leaving its row of obligation when it asks for more. */
export function timeline(scope = 'northwind') {
  let terms: Terms | undefined;
  let rows: readonly Obligation[] = [];
  return {
    /** Applies rules on a day. */
    apply(on: number, rules: MfaPolicyRules): void {
      terms = termsOf(rules, scope);
      if (addsObligation(terms, rows)) rows = [...rows, { scope, demand: terms.demand, since: day(on) }];
    },
    /** What holds for somebody on a day; deadlines in days. */
    on(n: number, who: Partial<Standing> = {}): Pick<Requirement, 'state'> & { readonly deadline: number | null } {
      const { state, deadline } = judge(standing(who), terms, rows, day(n));
      return { state, deadline: deadline === null ? null : (deadline - START) / DAY };
    },
    rows: () => rows,
  };
}
