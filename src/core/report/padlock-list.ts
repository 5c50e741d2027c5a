import { formatInstant, parseInstant } from '../documents/values.ts';
import { type Column, counted, flow, NARROWEST, table } from '../layout/flow.ts';
import type { Style } from '../layout/style.ts';
import { printable } from '../layout/width.ts';
import type { JudgedMembership } from '../model/findings.ts';
import type { FactorCheck } from '../model/keeping.ts';
import { scopeOf } from '../model/scope.ts';
import type { Instant, Json, JsonObject } from '../model/words.ts';
import { summaryJson } from './json.ts';
import { reasonWords } from './reason-words.ts';
import { findingRow, type Padlock, padlockOf } from './rows.ts';
import type { ScopeSummary, Summary } from './summary.ts';
import { coverWord, scopeLines } from './text.ts';
import { unreadableJson, unreadableLines } from './unreadable.ts';

/** What `padlock status` shows: the figures, and the padlocks that are not closed, by name. */
export interface PadlockList {
  readonly now: Instant;
  readonly summary: Summary;
  /** Those to be named, in the order in which they are shown: as many as the store was asked for. */
  readonly people: readonly JudgedMembership[];
  /** How many there are in all. */
  readonly count: number;
  /** Factors that cannot be opened: their padlocks are not open for that. Absent: none was looked at. */
  readonly unreadable?: FactorCheck;
}

const INDENT = 4;
const GLYPHS: Readonly<Record<Padlock, string>> = { open: '🔓 ', closed: '🔒 ', unknown: '❔ ' };

const number = (heading: string, of: (scope: ScopeSummary) => number) => ({ heading, of });
const FIGURES = [
  number('people', (scope) => scope.members),
  number('required', (scope) => scope.members - scope.classes['not-required'] - scope.classes['not-applicable']),
  number(
    'enrolled',
    (scope) => scope.classes.enrolled + scope.classes.upstream + scope.classes['break-glass'] - scope.breakGlassNotEnrolled,
  ),
  number('missing', (scope) => scope.classes.missing),
  number('overdue', (scope) => scope.overdue),
  number('pending', (scope) => scope.pending),
  number('exempt', (scope) => scope.classes.exempt),
];
const UNKNOWN = number('unknown', (scope) => scope.classes.unknown);

/**
 * The padlock list as people read it: a table by account where the width allows, else the same figures in lines, and beneath
 * them the padlocks that are open or unknown, by name. Lines without line feeds, at most `width` columns wide (at least 40).
 */
export function* renderStatusText(list: PadlockList, options: { readonly width: number; readonly style: Style }): Generator<string> {
  const width = Math.max(options.width, NARROWEST);
  const { style } = options;
  const { summary } = list;
  for (const account of new Set(summary.scopes.map((scope) => scopeOf(scope.facts.scope).account))) {
    const scopes = summary.scopes.filter((scope) => scopeOf(scope.facts.scope).account === account);
    const lines = scopeTable(account, scopes, width);
    if (lines === null) yield* scopeLines(scopes, { width, style });
    else {
      yield style.bold(lines[0] ?? '');
      yield* lines.slice(1);
    }
    yield '';
  }
  yield* suspendedLines(list, width).map(style.yellow);
  yield* flow(
    [
      `${summary.enforcedScopes} of ${counted(summary.scopes.length, 'scope', 'scopes')} enforced`,
      `${counted(list.count, 'padlock', 'padlocks')} not closed`,
      formatInstant(list.now),
    ],
    ' · ',
    { width, indent: 0, hang: 2 },
  );
  yield* peopleLines(list.people, width, style);
  const rest = list.count - list.people.length;
  if (rest > 0) yield `${' '.repeat(INDENT)}… and ${rest} more (--names all)`;
  if (list.unreadable !== undefined) yield* unreadableLines(list.unreadable, { width, style });
}

/** Scopes whose changes are held, why and until when: what is required of people there stays as it is. */
function suspendedLines(list: PadlockList, width: number): string[] {
  return suspensions(list).flatMap(({ scope, until, reason }) =>
    flow([`! ${scope}`, `changes are held until ${until}`, printable(reason)], ' · ', { width, indent: 0, hang: 2 }),
  );
}

function suspensions({ summary, now }: PadlockList) {
  return summary.scopes.flatMap(({ facts: { scope, suspension } }) =>
    suspension === undefined || now >= parseInstant(suspension.until, 'end') ? [] : [{ scope, ...suspension }],
  );
}

/** The padlock list for programs: the summary, and `people`: rows as in reports, with `peopleCount` of them in all; `suspended`: scopes whose changes are held. */
export function statusJson(list: PadlockList): JsonObject {
  const factsOf = new Map(list.summary.scopes.map((scope) => [scope.facts.scope, scope.facts]));
  const people = list.people.flatMap((person): Json[] => {
    const facts = factsOf.get(person.scope);
    return facts === undefined ? [] : [{ ...findingRow(person, facts) }];
  });
  return {
    now: formatInstant(list.now),
    ...summaryJson(list.summary),
    suspended: suspensions(list),
    peopleCount: list.count,
    people,
    unreadable: unreadableJson(list.unreadable),
  };
}

function scopeTable(account: string, scopes: readonly ScopeSummary[], width: number): string[] | null {
  const figures = scopes.some((scope) => scope.classes.unknown > 0) ? [...FIGURES, UNKNOWN] : FIGURES;
  const columns: Column[] = [
    { heading: 'scope', side: 'start' },
    { heading: 'mode', side: 'start' },
    ...figures.map(({ heading }): Column => ({ heading, side: 'end' })),
  ];
  const rows = scopes.map((scope) => {
    const { myGlueAccount } = scopeOf(scope.facts.scope);
    return [myGlueAccount === undefined ? account : `  ${myGlueAccount}`, coverWord(scope), ...figures.map(({ of }) => String(of(scope)))];
  });
  return table(columns, rows, width);
}

/** Padlock, who, where, role and why in columns; in lines where they do not fit. */
function peopleLines(people: readonly JudgedMembership[], width: number, style: Style): string[] {
  const glyph = (padlock: Padlock) => (style.glyphs ? GLYPHS[padlock] : '') + padlock;
  const paint = (line: string, row: JudgedMembership) => (row.reason === 'past-deadline' ? style.red(line) : line);
  const cells = people.map((row) => [
    glyph(padlockOf(row)),
    printable(row.address ?? row.name ?? row.externalId),
    row.scope,
    row.breakGlass ? `${row.role}, break-glass` : row.role,
    reasonWords(row),
  ]);
  const columns = Array.from({ length: 5 }, (): Column => ({ heading: '', side: 'start' }));
  const set = table(columns, cells, width - INDENT)?.slice(1);
  return people.flatMap((row, i) => {
    const line = set?.[i];
    if (line !== undefined) return [paint(' '.repeat(INDENT) + line, row)];
    const [padlock = '', who = '', where = '', role = '', why = ''] = cells[i] ?? [];
    return flow([`${padlock}  ${who}`, `${role} in ${where}`, why], ' · ', { width, indent: INDENT, hang: INDENT + 2 }).map((l) =>
      paint(l, row),
    );
  });
}
