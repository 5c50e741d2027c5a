import type { MfaPolicyRules } from '../documents/schema.ts';
import { parseDuration, parseInstant } from '../documents/values.ts';
import { allowedFor, kindsOf } from '../model/demand.ts';
import { rolesOf, scopeOf } from '../model/scope.ts';
import type { Terms } from '../model/terms.ts';
import { type Instant, ROLES, type Role } from '../model/words.ts';
import { limitsOf } from './limits.ts';
import { rulesOf } from './rules.ts';

/** One way in which a change asks less, later or weaker than what is in force. */
export interface Weakening {
  readonly field: keyof MfaPolicyRules;
  /** In words: `Lite no longer required`. */
  readonly what: string;
  /** Whom it concerns: these roles of the scope. */
  readonly roles: readonly Role[];
}

/** The two sides of a change. */
interface Sides {
  readonly before: Terms;
  readonly after: Terms;
  readonly old: MfaPolicyRules;
  readonly next: MfaPolicyRules;
  /** Roles asked before. */
  readonly asked: readonly Role[];
  readonly now: Instant;
}

/**
 * By field, what of an edit is weaker. Typed by every field of the rules: a new field does not compile until it is
 * judged here. Exemptions and suspension are not weakenings: they have an end and rights of their own.
 *
 * | field            | weaker when                                     |
 * | requireMfa       | true → false                                    |
 * | mode             | Enforce → ReportOnly                            |
 * | enforceFrom      | later (absent is earliest), and its grace not over: else nobody is asked later |
 * | gracePeriod      | longer                                          |
 * | roles            | a role that was asked is not any more           |
 * | factors(ByRole)  | a role may use a kind that it could not         |
 * | sso              | a provider, value or older proof is accepted; or the local code is not asked any more |
 * | existingSessions | Revoke → Keep                                   |
 * | enrollment       | Token → Open                                    |
 * | resets           | fewer approvals                                 |
 * | guards           | a limit is looser                               |
 */
const STRENGTH: { readonly [F in keyof Required<MfaPolicyRules>]: (s: Sides) => readonly (Omit<Weakening, 'field'> | false)[] } = {
  requireMfa: (s) => [!s.next.requireMfa && { what: 'MFA no longer required', roles: s.asked }],
  mode: (s) => [s.after.reportOnly && { what: 'report only, no longer enforced', roles: s.asked }],
  enforceFrom: (s) => {
    const [old, next] = [startOf(s.old), startOf(s.next)];
    return [next > old && next + s.after.grace > s.now && { what: `begins later: ${s.next.enforceFrom}`, roles: s.asked }];
  },
  gracePeriod: (s) => [
    s.after.grace > s.before.grace && {
      what: `grace period longer: ${s.old.gracePeriod ?? '0'} → ${s.next.gracePeriod ?? '0'}`,
      roles: s.asked,
    },
  ],
  roles: (s) => {
    const gone = s.asked.filter((role) => allowedFor(s.after.demand, role) === 0);
    return [gone.length > 0 && { what: `${gone.join(', ')} no longer required`, roles: gone }];
  },
  factors: (s) =>
    s.asked.map((role) => {
      const wider = kindsOf(allowedFor(s.after.demand, role) & ~allowedFor(s.before.demand, role));
      return wider.length > 0 && { what: `${wider.join(', ')} now accepted for ${role}`, roles: [role] };
    }),
  // Judged with `factors`, role by role, on the compiled demand.
  factorsByRole: () => [],
  sso: (s) => [...wider(s), ...unchallenged(s)],
  existingSessions: (s) => [
    s.old.existingSessions === 'Revoke' && s.next.existingSessions !== 'Revoke' && { what: 'existing sessions kept', roles: s.asked },
  ],
  enrollment: (s) => [
    s.old.enrollment === 'Token' && s.next.enrollment !== 'Token' && { what: 'first set-up no longer needs a token', roles: s.asked },
  ],
  resets: (s) => [
    (s.next.resets?.approvals ?? 0) < (s.old.resets?.approvals ?? 0) && { what: 'resets no longer need approval', roles: s.asked },
  ],
  suspend: () => [],
  // Decides what happens later, when the document goes; that deletion is then judged by this guard.
  deletionPolicy: () => [],
  guards: (s) => {
    const [old, next] = [limitsOf(s.old.guards), limitsOf(s.next.guards)];
    const looser = (Object.keys(old) as (keyof typeof old)[]).filter((key) =>
      key === 'administrators' ? next[key] < old[key] : next[key] > old[key],
    );
    return looser.map((key) => ({ what: `guard limit ${key} looser: ${old[key]} → ${next[key]}`, roles: s.asked }));
  },
};

/** What protects people whether or not anything is required of them: judged under ReportOnly and turned off as well. */
const ALWAYS = ['enrollment', 'resets', 'guards'] as const satisfies readonly (keyof MfaPolicyRules)[];

/**
 * In what a scope's new terms are weaker than those in force. Of terms that enforce nothing only {@link ALWAYS} can be weakened;
 * `after` undefined (no policy covers the scope any more) is the requirement turned off. `now`: when it is judged; without it,
 * whenever it may be.
 */
export function weakenings(before: Terms | undefined, after: Terms | undefined, now: Instant = Number.NEGATIVE_INFINITY): Weakening[] {
  if (before === undefined) return [];
  const enforces = before.requireMfa && !before.reportOnly;
  const roles = rolesOf(scopeOf(before.scope)).filter((role) => !enforces || allowedFor(before.demand, role) !== 0);
  const off = { ...before, requireMfa: false, rules: { requireMfa: false } };
  const sides: Sides = {
    before,
    after: after ?? off,
    old: rulesOf(before),
    next: rulesOf(after ?? off),
    asked: ROLES.filter((role) => roles.includes(role)),
    now,
  };
  // Once nothing is required, the other fields say nothing more.
  const all = sides.next.requireMfa ? (Object.keys(STRENGTH) as (keyof typeof STRENGTH)[]) : (['requireMfa'] as const);
  const fields = enforces ? all : ALWAYS;
  return fields.flatMap((field) => STRENGTH[field](sides).flatMap((weaker) => (weaker === false ? [] : [{ field, ...weaker }])));
}

function startOf(rules: MfaPolicyRules): number {
  return rules.enforceFrom === undefined ? Number.NEGATIVE_INFINITY : parseInstant(rules.enforceFrom, 'start');
}

/** Providers whose proof is accepted now and was not, or may be older than it might be. */
function wider(s: Sides): (Omit<Weakening, 'field'> | false)[] {
  const trusted = (rules: MfaPolicyRules) =>
    new Map((rules.sso ?? []).filter((p) => p.upstreamMfa === 'Trust').map((p) => [p.provider, p]));
  const old = trusted(s.old);
  return [...trusted(s.next).values()].map((next) => {
    const was = old.get(next.provider);
    if (was === undefined) return { what: `MFA at ${next.provider} now trusted`, roles: s.asked };
    const added = (['amr', 'acr'] as const).flatMap((claim) => (next[claim] ?? []).filter((value) => !(was[claim] ?? []).includes(value)));
    const older = parseDuration(next.maxAge ?? '0s') > parseDuration(was.maxAge ?? '0s');
    if (added.length === 0 && !older) return false;
    return {
      what: `${next.provider}: ${added.length > 0 ? `${added.join(', ')} now accepted` : `proofs up to ${next.maxAge} old`}`,
      roles: s.asked,
    };
  });
}

/** Providers after which the local code is not asked any more. */
function unchallenged(s: Sides): (Omit<Weakening, 'field'> | false)[] {
  const never = (rules: MfaPolicyRules) => (rules.sso ?? []).filter((p) => p.localChallenge === 'Never').map((p) => p.provider);
  return never(s.next)
    .filter((provider) => !never(s.old).includes(provider))
    .map((provider) => ({ what: `the local code is no longer asked after ${provider}`, roles: s.asked }));
}
