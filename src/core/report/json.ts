import { formatInstant } from '../documents/values.ts';
import type { ResetRecord } from '../model/findings.ts';
import { scopeOf } from '../model/scope.ts';
import type { Instant, Json, JsonObject } from '../model/words.ts';
import { type Rows, rowChunks } from './rows.ts';
import type { Figures, ScopeSummary, Summary } from './summary.ts';

/** What a report begins with, before its people. */
export interface ReportHead {
  readonly generatedAt: Instant;
  readonly summary: Summary;
  readonly resets: readonly ResetRecord[];
}

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
 * `{ generatedAt, compliant, enforcedScopes, total, scopes, resets, people: [rows] }`, one person a line.
 * `expected` is the number of rows. Throws `report/incomplete` when the rows are others.
 */
export async function* reportJson(head: ReportHead, rows: Rows, expected: number): AsyncGenerator<string> {
  const beginning: JsonObject = {
    generatedAt: formatInstant(head.generatedAt),
    ...summaryJson(head.summary),
    resets: head.resets.map(resetJson),
  };
  yield `${JSON.stringify(beginning).slice(0, -1)},"people":[`;
  const scopes = head.summary.scopes.map((scope) => scope.facts);
  yield* rowChunks(rows, scopes, expected, (row, index) => `${index === 0 ? '\n' : ',\n'}${JSON.stringify(row)}`);
  yield '\n]}\n';
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
    executedAt: reset.executedAt === null ? null : formatInstant(reset.executedAt),
  };
}
