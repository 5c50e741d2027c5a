import { formatInstant, parseInstant } from '../documents/values.ts';
import { flow, NARROWEST } from '../layout/flow.ts';
import type { Style } from '../layout/style.ts';
import { printable } from '../layout/width.ts';
import { type KindMask, kindsOf } from '../model/demand.ts';
import type { ScopeFacts } from '../model/findings.ts';
import type { Requirement } from '../model/requirement.ts';
import { scopeOf } from '../model/scope.ts';
import type { Instant, Json, JsonObject, Role } from '../model/words.ts';

/** One person, and what holds for each of their memberships. */
export interface Explained {
  readonly now: Instant;
  readonly person: { readonly userId: number; readonly externalId: string; readonly address: string | null; readonly name: string | null };
  readonly memberships: readonly ExplainedMembership[];
}

/** One membership, by the facts of its scope and the requirement that was judged. */
export interface ExplainedMembership {
  readonly facts: ScopeFacts;
  readonly role: Role;
  /** Null: the enforcer cannot tell. */
  readonly kinds: KindMask | null;
  readonly requirement: Requirement;
}

const INDENT = 4;
const TERM_WIDTH = 10;

/**
 * The answer to `padlock explain`: for each membership, beneath its scope and role, five lines: what holds, which document
 * and line, which rule decided, since when and until when, what to do. Lines without line feeds, at most `width` columns
 * wide (at least 40).
 */
export function* renderExplain(explained: Explained, options: { readonly width: number; readonly style: Style }): Generator<string> {
  const width = Math.max(options.width, NARROWEST);
  const { style } = options;
  const { person, memberships } = explained;
  const called = printable(person.address ?? person.name ?? person.externalId);
  const name = person.name === null || person.address === null ? [] : [printable(person.name)];
  yield* flow([called, ...name, `user ${person.userId}`], ' · ', { width, indent: 0, hang: 2 }).map(style.bold);
  if (memberships.length === 0) yield 'a member of no scope: nothing is asked';
  for (const membership of memberships) {
    const { account, myGlueAccount } = scopeOf(membership.facts.scope);
    const scope = myGlueAccount === undefined ? `account ${account}` : `myglue ${myGlueAccount} of ${account}`;
    yield* flow([scope, membership.role], ' · ', { width, indent: 0, hang: 2 });
    const { suspension } = membership.facts;
    if (suspension !== undefined && explained.now < parseInstant(suspension.until, 'end')) {
      const words = `suspended: changes are held until ${suspension.until} (${printable(suspension.reason)}), what is required stays`;
      yield* flow(words.split(' '), ' ', { width, indent: INDENT, hang: INDENT + 2 }).map(style.yellow);
    }
    for (const [index, [term, words]] of answers(membership, explained.now).entries()) {
      const paint = index === 0 ? stateStyle(membership, style) : (line: string) => line;
      const lines = flow(words.split(' '), ' ', { width: width - INDENT - TERM_WIDTH, indent: 0, hang: 0 });
      for (const [i, line] of lines.entries()) {
        yield ' '.repeat(INDENT) + (i === 0 ? style.dim(term.padEnd(TERM_WIDTH)) : ' '.repeat(TERM_WIDTH)) + paint(line);
      }
    }
  }
}

/** The same for programs: `{ now, person, memberships: [{ scope, role, mode, state, reason, rule, …, holds, do }] }`. */
export function explainJson({ now, person, memberships }: Explained): JsonObject {
  const instant = (value: Instant | null) => (value === null ? null : formatInstant(value));
  return {
    now: formatInstant(now),
    person: { ...person },
    memberships: memberships.map((membership): Json => {
      const { facts, requirement } = membership;
      return {
        scope: facts.scope,
        role: membership.role,
        mode: facts.reportOnly ? 'ReportOnly' : 'Enforce',
        enforcer: facts.enforcer,
        kinds: membership.kinds === null ? null : kindsOf(membership.kinds),
        state: requirement.state,
        reason: requirement.reason,
        rule: requirement.rule,
        document: requirement.document,
        file: requirement.file,
        line: requirement.line,
        obligedSince: instant(requirement.obligedSince),
        deadline: instant(requirement.deadline),
        exemptUntil: instant(requirement.exemptUntil),
        suspension: facts.suspension === undefined ? null : { ...facts.suspension },
        holds: wordsOf(membership).holds,
        do: wordsOf(membership).todo,
      };
    }),
  };
}

/** What holds for a membership, which document says so, which rule decided, since and until when, and what to do: term and answer, five of them. */
export function answers(membership: ExplainedMembership, now: Instant): [string, string][] {
  const { requirement } = membership;
  const { holds, rule, todo } = wordsOf(membership);
  const place = requirement.file === null ? '' : ` · ${requirement.file}${requirement.line === null ? '' : `:${requirement.line}`}`;
  return [
    ['holds', holds],
    ['document', requirement.document === null ? 'none' : printable(requirement.document + place)],
    ['rule', `${requirement.rule} of 9: ${rule}`],
    ['when', period(requirement, now)],
    ['do', todo],
  ];
}

function period(requirement: Requirement, now: Instant): string {
  const { obligedSince, deadline, exemptUntil } = requirement;
  if (exemptUntil !== null) return `until ${formatInstant(exemptUntil)}`;
  const since = obligedSince === null ? [] : [`obliged since ${formatInstant(obligedSince)}`];
  const until = deadline === null ? [] : [`${now < deadline ? 'may be postponed until' : 'overdue since'} ${formatInstant(deadline)}`];
  const said = [...since, ...until];
  return said.length === 0 ? 'as long as the facts and the document stay as they are' : said.join(' · ');
}

/**
 * What holds, why, and what to do, by reason; where nothing is enforced, in words that cannot be taken for protection.
 * Who is enrolled in a ReportOnly scope never reads like who is not.
 */
function wordsOf({ facts, role, kinds, requirement }: ExplainedMembership): { holds: string; rule: string; todo: string } {
  const enrolled = kinds === null ? [] : kindsOf(kinds);
  const nothingEnforced = facts.reportOnly
    ? '; nothing is enforced here: report only'
    : facts.enforceable
      ? ''
      : `; nothing is enforced here: the enforcer is ${facts.enforcer}`;
  const enroll = 'set up an authenticator or a passkey that the policy allows';
  switch (requirement.reason) {
    case 'disabled':
      return {
        holds: 'nothing is asked: this user cannot sign in',
        rule: 'disabled, or a service account',
        todo: 'nothing; if enabled again, the old deadline stands',
      };
    case 'no-policy':
      return {
        holds: 'MFA is not required',
        rule: 'no policy covers the scope',
        todo: 'to require it, declare an MfaPolicy for the scope',
      };
    case 'turned-off':
      return { holds: 'MFA is not required', rule: 'the policy says requireMfa: false', todo: 'to require it, set requireMfa: true' };
    case 'role-not-listed':
      return {
        holds: `MFA is not required of the role ${role}`,
        rule: 'the policy lists roles, and this is none of them',
        todo: `to require it, add ${role} to roles`,
      };
    case 'enrolled':
      return {
        holds: `${nothingEnforced === '' ? 'satisfied' : 'would satisfy'}: enrolled with ${enrolled.join(', ')}${nothingEnforced}`,
        rule: 'a factor that the policy allows is enrolled',
        todo: nothingEnforced === '' ? 'nothing' : 'nothing; this person would not be locked out',
      };
    case 'proven-upstream':
      return {
        holds: `${nothingEnforced === '' ? 'satisfied' : 'would satisfy'}: MFA was proven by the identity provider${nothingEnforced}`,
        rule: 'a trusted proof, young enough',
        todo: 'nothing, as long as the proof is renewed',
      };
    case 'cannot-tell':
      return {
        holds: `unknown: nobody can tell whether a factor is enrolled${nothingEnforced}`,
        rule: 'the enforcer cannot tell',
        todo: 'import a directory that says what is enrolled',
      };
    case 'exempted':
      return {
        holds: `exempt: no allowed factor is enrolled, and none is asked for now${nothingEnforced}`,
        rule: 'an exemption is in force',
        todo: `${enroll}, before the exemption ends`,
      };
    case 'report-only':
      return {
        holds: 'not enrolled: would be locked out if it were enforced; report only',
        rule: 'mode: ReportOnly',
        todo: `${enroll}, before the mode becomes Enforce`,
      };
    case 'within-grace':
      return {
        holds: `pending: MFA is required, no allowed factor is enrolled${nothingEnforced}`,
        rule: 'the deadline is not reached',
        todo: `${enroll}, before the deadline`,
      };
    case 'past-deadline':
      return {
        holds: `overdue: MFA is required, no allowed factor is enrolled${nothingEnforced}`,
        rule: 'the deadline has passed',
        todo: facts.enforceable ? `${enroll}, at the next sign-in; no session is given before` : `${enroll}, where this person signs in`,
      };
  }
}

function stateStyle({ facts, requirement }: ExplainedMembership, style: Style): (text: string) => string {
  switch (requirement.state) {
    case 'Satisfied':
      return facts.reportOnly || !facts.enforceable ? style.yellow : style.green;
    case 'Overdue':
    case 'WouldRequire':
      return style.red;
    case 'Pending':
    case 'Unknown':
    case 'Exempt':
      return style.yellow;
    case 'NotApplicable':
    case 'NotRequired':
      return style.dim;
  }
}
