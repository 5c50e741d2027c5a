import type { MfaPolicyRules, MfaPolicySpec } from '../../documents/schema.ts';
import { addressKey } from '../../model/address.ts';
import { type ScopeKey, scopeOf } from '../../model/scope.ts';
import type { Role } from '../../model/words.ts';
import { canonicalRules } from '../../policy/canonical-rules.ts';
import { compileTerms } from '../../policy/compile.ts';
import { weakenings } from '../../policy/strength.ts';
import { countRoles } from '../impact.ts';
import type { DocumentChange } from '../plan.ts';
import { LIFT, refused, type ScopeGuard } from './guard.ts';

/**
 * Any edit after which somebody is required less, later or with a weaker factor, each named with the number of people.
 * Terms are compared per actual scope, members or not; an account's default for MyGlue accounts also as a template, for
 * those that do not exist yet; and so is who is not named as break-glass any more. Compared with what was applied last: a change
 * by hand is no licence for less, and its repair no weakening.
 */
export const weakened: ScopeGuard = ({ diff, impact, now }) => {
  const found = weakenings(diff.reviewed ?? undefined, diff.after ?? undefined, now).map((w) => {
    const { people, enrolled } = countRoles(impact.rows, w.roles, diff.reviewed?.demand ?? 0);
    return { ...w, people, enrolled, text: `${w.what}, ${count(people)} (${enrolled} enrolled)` };
  });
  const all = [...found, ...ofDocument(diff.own, diff.scope)];
  if (all.length === 0) return undefined;
  const data = all.map((w) => ({ field: w.field, what: w.what, roles: [...w.roles], people: w.people, enrolled: w.enrolled }));
  return refused('weakened', diff.scope, all.map((w) => w.text).join('; '), `${LIFT}, or keep the requirement`, data);
};

/** One way in which a document asks less by what is not in any scope's rules. */
interface OfDocument {
  readonly field: string;
  readonly what: string;
  readonly roles: readonly Role[];
  readonly people: number;
  readonly enrolled: number;
  readonly text: string;
}

/**
 * By field, what of a document alone is weaker, besides the rules of its scope. Typed by every such field, as the rules are in
 * `core/policy/strength.ts`: a new one does not compile until it is judged here.
 *
 * | field                  | weaker when                                          |
 * | account, myGlueAccount | never: another scope is another document             |
 * | myGlueDefault          | weaker as the terms of a MyGlue account to come      |
 * | breakGlass             | somebody is not named any more: the guard of imports and the reports look after those who are |
 */
const OF_DOCUMENT: {
  readonly [F in Exclude<keyof MfaPolicySpec, keyof MfaPolicyRules>]-?: (
    before: Partial<MfaPolicySpec>,
    after: Partial<MfaPolicySpec>,
    account: string,
  ) => OfDocument[];
} = {
  account: () => [],
  myGlueAccount: () => [],
  myGlueDefault: (before, after, account) => {
    const template = (rules: MfaPolicyRules | undefined) => {
      if (rules === undefined) return undefined;
      const key = `${account}/new`;
      return compileTerms(key, canonicalRules(rules, scopeOf(key)), { document: '', via: 'default', source: NOWHERE });
    };
    return weakenings(template(before.myGlueDefault), template(after.myGlueDefault)).map((w) => ({
      ...w,
      field: `myGlueDefault.${w.field}`,
      people: 0,
      enrolled: 0,
      text: `new MyGlue accounts: ${w.what}`,
    }));
  },
  breakGlass: (before, after) => {
    const kept = new Set((after.breakGlass ?? []).map(addressKey));
    const gone = (before.breakGlass ?? []).filter((called) => !kept.has(addressKey(called)));
    if (gone.length === 0) return [];
    const what = `no break-glass user any more: ${gone.join(', ')}`;
    return [{ field: 'breakGlass', what, roles: [], people: gone.length, enrolled: 0, text: what }];
  },
};

function ofDocument(own: DocumentChange | null, scope: ScopeKey): OfDocument[] {
  // A document that goes and is kept keeps all of it.
  if (own === null || own.action === 'orphan') return [];
  const [before, after] = [own.before, own.after].map((spec): Partial<MfaPolicySpec> => spec ?? {}) as [object, object];
  return Object.values(OF_DOCUMENT).flatMap((judge) => judge(before, after, scopeOf(scope).account));
}

const NOWHERE = { file: '', line: 0, at: {} };

function count(people: number): string {
  return people === 1 ? '1 person' : `${people} people`;
}
