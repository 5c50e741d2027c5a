import { counted, flow, NARROWEST } from '../../layout/flow.ts';
import type { Style } from '../../layout/style.ts';
import { cut, padEnd, printable, widthOf } from '../../layout/width.ts';
import { scopeOf } from '../../model/scope.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Plan, ScopeChange } from '../plan.ts';
import { type Headline, scopeHeadlines } from './edits.ts';
import { exemptedFacts } from './exempted.ts';
import { overrideLines } from './overrides.ts';
import { namesLine, peopleLines } from './people.ts';
import { BINDS, HITS, openResets, resetHeadline, toldByAccount, toldDocuments, UNBOUND, unenforceableWords, worthTelling } from './told.ts';

/** How a plan is printed. */
export interface PlanTextOptions {
  /** Columns of the terminal; less than 40 counts as 40. */
  readonly width: number;
  /** How many people are named for each scope and group; the digest and the figures do not depend on it. */
  readonly names: number | 'all';
  readonly style: Style;
  /** Adds, after the plan, the GuardOverride documents that would lift its refusals: lines of YAML, never broken. */
  readonly overrides?: boolean;
}

/** One thing of the plan: its label, its headlines, and the lines beneath. */
interface Entry {
  readonly kind: 'account' | 'myglue' | 'policy' | 'exempt' | 'report' | 'reset';
  readonly name: string;
  readonly headlines: readonly Headline[];
  readonly beneath: readonly string[];
}

/** Blanks between the widest headline and the places; they shrink to `LEAST_GAP` before places go to lines of their own. */
const GAP = 6;
const LEAST_GAP = 2;
const KIND_WIDTH = 8;
const INDENT = 4;
/** Digits of the digest in the last line: enough to compare two plans by eye. `--output json` has all. */
const DIGITS = 6;

/**
 * The plan as people read it, line by line, without line feeds. It decides nothing and leaves out: scopes that stay as
 * they are or only stand on another line (but for an account above its changed MyGlue accounts), guards that passed for a scope, and resets that are done.
 */
export function* renderPlanText(plan: Plan, options: PlanTextOptions): Generator<string> {
  const width = Math.max(options.width, NARROWEST);
  const { style } = options;
  yield* entryLines([...scopeEntries(plan, options, width), ...documentEntries(plan, options, width), ...resetEntries(plan)], width, style);
  for (const unknown of plan.unknownUsers) {
    const parts = [`! nobody is known as ${printable(unknown.called)}`, `named in ${printable(unknown.place)}`];
    yield* flow(parts, ' · ', { width, indent: 0, hang: 2 }).map(style.yellow);
  }
  for (const unbound of plan.unboundUsers) {
    const parts = [`! ${printable(unbound.called)} ${UNBOUND}`, `named in ${printable(unbound.place)}`, BINDS];
    yield* flow(parts, ' · ', { width, indent: 0, hang: 2 }).map(style.yellow);
  }
  const quiet = plan.counts.changes === 0;
  const manyAccounts = new Set(plan.scopes.map((change) => scopeOf(change.scope).account)).size > 1;
  for (const verdict of plan.verdicts) {
    if (quiet && verdict.outcome === 'passed') continue;
    yield* verdictLines(verdict, { width, indent: 0, hang: 2 }, style, manyAccounts ? `${verdict.scope}: ` : '');
  }
  yield* flow(lastLine(plan), ' · ', { width, indent: 0, hang: 2 });
  if (options.overrides === true) yield* overrideLines(plan);
}

function lastLine({ counts, digest }: Plan): string[] {
  const plan = `plan ${digest.slice(0, DIGITS)}…`;
  if (counts.changes === 0 && counts.held === 0) return ['no changes', `${counted(counts.unchanged, 'scope', 'scopes')} as declared`, plan];
  const held = counts.held === 0 ? '' : `, ${counts.held} held by ${counts.held === 1 ? 'a guard' : 'guards'}`;
  return [`${counted(counts.changes, 'change', 'changes')}${held}`, plan];
}

/** Scopes that change, each account before its MyGlue accounts, named even where it stays as it is itself. */
function scopeEntries(plan: Plan, options: PlanTextOptions, width: number): Entry[] {
  return toldByAccount(plan).flatMap(({ account, changed }) => {
    const own = changed.filter((change) => change.scope === account);
    const heading: Entry[] = own.length === 0 ? [{ kind: 'account', name: account, headlines: [], beneath: [] }] : [];
    const entries = changed.map((change): Entry => {
      const { myGlueAccount } = scopeOf(change.scope);
      return {
        kind: myGlueAccount === undefined ? 'account' : 'myglue',
        name: myGlueAccount ?? account,
        headlines: scopeHeadlines(change),
        beneath: beneathScope(change, options, width),
      };
    });
    return [...heading, ...entries];
  });
}

function beneathScope(change: ScopeChange, options: PlanTextOptions, width: number): string[] {
  const { style } = options;
  const measure = { width, indent: INDENT, hang: INDENT + 2 };
  const note = (text: string) => flow(text.split(' '), ' ', measure);
  const byDefault = change.via === 'default' && change.action !== 'none';
  const told = change.verdicts.filter(worthTelling);
  return [
    ...(byDefault ? note("by the account's myGlueDefault").map(style.dim) : []),
    ...(change.byHand.length > 0 ? note('! changed in the store by hand; apply restores it').map(style.yellow) : []),
    ...(HITS.has(change.action) ? peopleLines(change, { width, names: options.names }) : []),
    ...change.unenforceable.flatMap((cannot) => note(`! unenforceable: ${unenforceableWords(cannot).join('')}`).map(style.yellow)),
    ...told.flatMap((verdict) => verdictLines(verdict, measure, style, '')),
    ...(change.held && told.length === 0
      ? note(byDefault ? '✗ held with the account whose default it is' : '✗ held by a guard of the account').map(style.red)
      : []),
  ];
}

/** Documents that no scope's line tells of: exemptions, reports, and policies that change without any effect. */
function documentEntries(plan: Plan, { names, style }: PlanTextOptions, width: number): Entry[] {
  return toldDocuments(plan).map(({ change, kind, headlines, held }): Entry => {
    const facts = exemptedFacts(plan, change, names);
    const said = (words: string) => flow(words.split(' '), ' ', { width, indent: INDENT, hang: INDENT + 2 });
    const whom =
      facts === undefined
        ? []
        : [
            ...said(facts.head),
            ...facts.scopes.flatMap((scope) => namesLine(scope, { width, names })),
            ...facts.warnings.flatMap((words) => said(`! ${words}`).map(style.yellow)),
          ];
    const beneath = [
      ...(change.action === 'repair' ? [style.yellow('! changed in the store by hand; apply restores it')] : []),
      ...(held ? [style.red('✗ held by overdue-at-once')] : []),
    ];
    return { kind, name: change.name, headlines, beneath: [...whom, ...beneath.map((line) => ' '.repeat(INDENT) + line)] };
  });
}

function resetEntries(plan: Plan): Entry[] {
  return openResets(plan).map((reset) => ({ kind: 'reset', name: reset.requestId, headlines: [resetHeadline(reset)], beneath: [] }));
}

const VERDICT_SIGNS = { passed: '✓', refused: '✗', overridden: '✓', note: '!' } as const;

function verdictLines(verdict: Verdict, measure: { width: number; indent: number; hang: number }, style: Style, prefix: string): string[] {
  const paint = { passed: style.green, refused: style.red, overridden: style.yellow, note: style.yellow }[verdict.outcome];
  const head = `${VERDICT_SIGNS[verdict.outcome]} ${verdict.guard}  `;
  const lines = flow([head, ...printable(prefix + verdict.message).split(' ')], ' ', measure).map(paint);
  if (verdict.remedy === '') return lines;
  const remedy = flow(printable(verdict.remedy).split(' '), ' ', {
    width: measure.width,
    indent: measure.indent + 2,
    hang: measure.indent + 2,
  });
  return [...lines, ...remedy];
}

/**
 * Label, sign and words of each headline in columns; places in one of their own behind the words where the width allows,
 * else each on the line beneath.
 */
function* entryLines(entries: readonly Entry[], width: number, style: Style): Generator<string> {
  const labelWidth = Math.min(KIND_WIDTH + Math.max(0, ...entries.map((entry) => widthOf(printable(entry.name)))), Math.floor(width / 3));
  const start = labelWidth + 3;
  const all = entries.flatMap((entry) => entry.headlines);
  const longestPlace = Math.max(0, ...all.map((headline) => widthOf(printable(headline.place))));
  const ends = all.map((headline) => start + 2 + widthOf(headline.text)).filter((end) => end + LEAST_GAP + longestPlace <= width);
  const column = Math.min(Math.max(0, ...ends) + GAP, width - longestPlace);
  for (const entry of entries) {
    const label = padEnd(cut(padEnd(entry.kind, KIND_WIDTH) + printable(entry.name), labelWidth), start);
    if (entry.headlines.length === 0) yield style.bold(label.trimEnd());
    for (const [index, headline] of entry.headlines.entries()) {
      const [first = '', ...more] = flow([headline.sign, ...headline.text.split(' ')], ' ', { width: width - start, indent: 0, hang: 2 });
      const lead = index === 0 ? style.bold(label) : ' '.repeat(start);
      const end = start + widthOf(first);
      const place = printable(headline.place);
      const beside = more.length === 0 && end + LEAST_GAP <= column;
      yield lead + painted(headline.sign, first, style) + (beside && place !== '' ? ' '.repeat(column - end) + style.dim(place) : '');
      for (const line of more) yield ' '.repeat(start) + line;
      if (!beside && place !== '') yield ' '.repeat(INDENT) + style.dim(cut(place, width - INDENT, 'start'));
    }
    yield* entry.beneath;
  }
}

function painted(sign: Headline['sign'], line: string, style: Style): string {
  const paint = { '+': style.green, '-': style.red, '~': style.yellow, '!': style.yellow, ' ': style.dim }[sign];
  return paint(line.slice(0, 1)) + line.slice(1);
}
