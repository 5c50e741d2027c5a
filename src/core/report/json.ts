import { API_VERSION } from '../documents/group.ts';
import { formatInstant } from '../documents/values.ts';
import { kindsOf } from '../model/demand.ts';
import type { ExemptionRecord, ResetRecord } from '../model/findings.ts';
import { scopeOf } from '../model/scope.ts';
import type { Instant, Json, JsonObject } from '../model/words.ts';
import type { JudgedBreakGlass } from './break-glass.ts';
import type { Comparison, Moves } from './comparison.ts';
import type { ReportHead } from './head.ts';
import { REPORT_KIND } from './previous.ts';
import { type Rows, rowChunks } from './rows.ts';
import type { Figures, ScopeSummary, Summary } from './summary.ts';

/**
 * The figures for programs: `{ compliant, enforcedScopes, total, scopes: [{ scope, account, …, enforced, compliant, figures… }] }`.
 * `compliant` null is "not evaluated".
 */
export function summaryJson(summary: Summary): JsonObject {
  return {
    compliant: summary.compliant,
    enforcedScopes: summary.enforcedScopes,
    total: figuresJson(summary.total),
    scopes: summary.scopes.map(scopeJson),
  };
}

/**
 * A whole report as one JSON document in chunks, never all of it in memory:
 * `{ apiVersion, kind, generatedAt, padlock, account, accounts, compliant, enforcedScopes, total, scopes, resets, exemptions, breakGlass,
 * notComparable, people: [rows], comparison }`. The first line is everything up to the people, then one person a line: a later
 * run reads it so. `expected` is the number of rows. Throws `report/incomplete` when the rows are others.
 */
export async function* reportJson(
  head: ReportHead,
  rows: Rows,
  expected: number,
  comparison: () => Promise<Comparison | null>,
): AsyncGenerator<string> {
  yield `${JSON.stringify(headJson(head)).slice(0, -1)},"people":[`;
  const scopes = head.summary.scopes.map((scope) => scope.facts);
  yield* rowChunks(rows, scopes, expected, (row, index) => `${index === 0 ? '\n' : ',\n'}${JSON.stringify(row)}`);
  yield `\n],"comparison":${JSON.stringify(comparisonJson(await comparison()))}}\n`;
}

function headJson(head: ReportHead): JsonObject {
  return {
    apiVersion: API_VERSION,
    kind: REPORT_KIND,
    generatedAt: formatInstant(head.generatedAt),
    padlock: head.version,
    account: head.account,
    accounts: head.people.map(({ account, held, considered }) => ({ account, peopleHeld: held, peopleConsidered: considered })),
    ...summaryJson(head.summary),
    resets: head.resets.map(resetJson),
    exemptions: head.exemptions.map(exemptionJson),
    breakGlass: head.breakGlass.map(breakGlassJson),
    notComparable: head.history.faults.map(({ file, why }) => ({ file, why })),
  };
}

/** The comparison for programs: `{ file, proven, generatedAt, total: moves, scopes: [{ scope, …moves }] }`; null: there is none. */
export function comparisonJson(comparison: Comparison | null): Json {
  if (comparison === null) return null;
  const { previous, total, scopes } = comparison;
  const moves = ({ newlyEnrolled, newlyOpen, newlyOverdue, joined, gone }: Moves) => ({
    newlyEnrolled,
    newlyOpen,
    newlyOverdue,
    joined,
    gone,
  });
  return {
    file: previous.file,
    proven: previous.proven,
    generatedAt: formatInstant(previous.generatedAt),
    total: moves(total),
    scopes: [...scopes].map(([scope, each]) => ({ scope, ...moves(each) })),
  };
}

function scopeJson(summary: ScopeSummary): Json {
  const { facts } = summary;
  const { account, myGlueAccount } = scopeOf(facts.scope);
  return {
    scope: facts.scope,
    account,
    myGlueAccount: myGlueAccount ?? null,
    title: facts.title,
    enforcer: facts.enforcer,
    requireMfa: facts.requireMfa,
    mode: facts.reportOnly ? 'ReportOnly' : 'Enforce',
    document: facts.document,
    place: facts.place,
    enforced: summary.enforced,
    compliant: summary.compliant,
    ...figuresJson(summary),
  };
}

function figuresJson(figures: Figures): JsonObject {
  return {
    members: figures.members,
    classes: { ...figures.classes },
    overdue: figures.overdue,
    pending: figures.pending,
    wouldBeLockedOut: figures.wouldBeLockedOut,
    breakGlassNotEnrolled: figures.breakGlassNotEnrolled,
  };
}

function resetJson(reset: ResetRecord): Json {
  return {
    requestId: reset.requestId,
    account: reset.account,
    userId: reset.userId,
    address: reset.address,
    outcome: reset.outcome,
    reason: reset.reason,
    firstSeen: formatInstant(reset.firstSeen),
    executedAt: instant(reset.executedAt),
    requestedBy: { ...reset.requestedBy },
    approvedBy: reset.approvedBy,
  };
}

function exemptionJson(exemption: ExemptionRecord): Json {
  return { ...exemption, by: exemption.by === null ? null : { ...exemption.by }, at: instant(exemption.at) };
}

function breakGlassJson({ account, called, document, person, findings }: JudgedBreakGlass): Json {
  return {
    account,
    called,
    document,
    findings: [...findings],
    person:
      person === null
        ? null
        : { ...person, kinds: person.kinds === null ? null : kindsOf(person.kinds), lastSignIn: instant(person.lastSignIn) },
  };
}

function instant(value: Instant | null): string | null {
  return value === null ? null : formatInstant(value);
}
