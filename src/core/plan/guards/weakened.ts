import type { MfaPolicyRules } from '../../documents/schema.ts';
import { scopeOf } from '../../model/scope.ts';
import { canonicalRules } from '../../policy/canonical-rules.ts';
import { compileTerms } from '../../policy/compile.ts';
import { type Weakening, weakenings } from '../../policy/strength.ts';
import { countRoles } from '../impact.ts';
import type { DocumentChange } from '../plan.ts';
import { refused, type ScopeGuard } from './guard.ts';

/**
 * Any edit after which somebody is required less, later or with a weaker factor, each named with the number of people.
 * Terms are compared per actual scope, members or not; an account's default for MyGlue accounts also as a template, for
 * those that do not exist yet. Compared with what was applied last: a change by hand is no licence for less, and its
 * repair no weakening.
 */
export const weakened: ScopeGuard = ({ diff, impact, now }) => {
  const found = weakenings(diff.reviewed ?? undefined, diff.after ?? undefined, now).map((w) => {
    const { people, enrolled } = countRoles(impact.rows, w.roles, diff.reviewed?.demand ?? 0);
    return { ...w, people, enrolled, text: `${w.what}, ${count(people)} (${enrolled} enrolled)` };
  });
  const all = [...found, ...ofTemplate(diff.own, diff.scope)];
  if (all.length === 0) return undefined;
  const data = all.map((w) => ({ field: w.field, what: w.what, roles: [...w.roles], people: w.people, enrolled: w.enrolled }));
  return refused(
    'weakened',
    diff.scope,
    all.map((w) => w.text).join('; '),
    'lift it with the GuardOverride that --print-overrides writes, or keep the requirement',
    data,
  );
};

/** The default itself, compared as the terms of a MyGlue account that is still to come. */
function ofTemplate(own: DocumentChange | null, scope: string) {
  // A document that goes and is kept keeps its default too.
  if (own === null || own.action === 'orphan') return [];
  const template = (spec: unknown) => {
    const rules = (spec as { myGlueDefault?: MfaPolicyRules } | null | undefined)?.myGlueDefault;
    if (rules === undefined) return undefined;
    const key = `${scopeOf(scope).account}/new`;
    return compileTerms(key, canonicalRules(rules, scopeOf(key)), { document: '', via: 'default', source: NOWHERE });
  };
  return weakenings(template(own.before), template(own.after)).map((w: Weakening) => ({
    ...w,
    field: `myGlueDefault.${w.field}`,
    people: 0,
    enrolled: 0,
    text: `new MyGlue accounts: ${w.what}`,
  }));
}

const NOWHERE = { file: '', line: 0, at: {} };

function count(people: number): string {
  return people === 1 ? '1 person' : `${people} people`;
}
