import { counted } from '../../layout/flow.ts';
import { bytesOf, details, inlineCode, inlineText } from '../../layout/markdown.ts';
import { scopeOf } from '../../model/scope.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Instant } from '../../model/words.ts';
import { changes } from '../judge.ts';
import type { Plan, ScopeChange } from '../plan.ts';
import { type Headline, scopeHeadlines } from './edits.ts';
import { type ExemptedFacts, exemptedFacts } from './exempted.ts';
import { isLiftable, overrideFor } from './overrides.ts';
import { peopleFacts, peopleGroups, TOLD_APART } from './people.ts';
import {
  BINDS,
  HITS,
  openResets,
  remedyBeside,
  resetHeadline,
  toldByAccount,
  toldDocuments,
  UNBOUND,
  unenforceableWords,
  worthTelling,
} from './told.ts';

/** What a comment of a pull request holds, in characters; forges count UTF-16 units or bytes, and this is bytes. */
export const COMMENT_LIMIT = 65_536;

/** How a plan becomes a comment. */
export interface PlanMarkdownOptions {
  /** How many people are named for each scope and group. */
  readonly names: number | 'all';
  /** Bytes at most; the default is what a comment holds. */
  readonly limit?: number;
  /** What stands above the plan: what an apply did. */
  readonly title?: string;
}

/** Bytes that documents, resets and names that nobody has may take each, so that scopes keep most of the room. */
const SHARE = 10;

/**
 * The plan as one comment of a pull request, line by line: first what it comes to, then each scope, those that change before
 * the others, with what its guards say and the override of each refusal folded away; then documents, resets, and names that
 * nobody has. Never longer than the limit: what does not fit is left out whole, and counted. Texts that came from documents
 * or the directory have no effect as Markdown.
 */
export function* renderPlanMarkdown(plan: Plan, options: PlanMarkdownOptions): Generator<string> {
  const limit = options.limit ?? COMMENT_LIMIT;
  const head = [...heading(plan, options.title), ...accountVerdicts(plan)];
  const others = [
    ...listing('Documents', documentLines(plan, options.names), limit / SHARE),
    ...listing(
      'Resets',
      openResets(plan).map((reset) => headlineLine(resetHeadline(reset), inlineCode(reset.requestId))),
      limit / SHARE,
    ),
    ...listing(
      'Known to nobody',
      plan.unknownUsers.map((u) => `- ! ${inlineCode(u.called)}, named in ${inlineCode(u.place)}`),
      limit / SHARE,
    ),
    ...listing(
      'Not exempt',
      plan.unboundUsers.map((u) => `- ! ${inlineCode(u.called)} ${UNBOUND}, named in ${inlineCode(u.place)}: ${BINDS}`),
      limit / SHARE,
    ),
  ];
  const foot = ['', `<sub>plan <code>${plan.digest.slice(0, 12)}</code></sub>`];
  yield* head;
  yield* scopeBlocks(plan, options, limit - bytesOf([...head, ...others, ...foot]));
  yield* others;
  yield* foot;
}

function heading(plan: Plan, title: string | undefined): string[] {
  const { counts } = plan;
  const held = counts.held === 0 ? '' : `, ${counts.held} held by ${counts.held === 1 ? 'a guard' : 'guards'}`;
  const words = counts.changes === 0 && counts.held === 0 ? 'no changes' : `${counted(counts.changes, 'change', 'changes')}${held}`;
  const told = plan.scopes.filter((change) => HITS.has(change.action));
  const sum = (of: (change: ScopeChange) => number) => told.reduce((total, change) => total + of(change), 0);
  const figures = [
    [sum((c) => c.impact.newlyRequired), 'newly required'],
    [sum((c) => c.impact.newlyRequiredNotEnrolled), 'of them not enrolled'],
    [sum((c) => c.impact.overdueAtOnce), 'overdue at once'],
    [sum((c) => c.impact.pending), 'to enroll by a deadline'],
  ] as const;
  const said = figures.filter(([count]) => count > 0).map(([count, what]) => `**${count}** ${what}`);
  return [
    `### padlock plan: ${words}`,
    ...(title === undefined ? [] : ['', `**${title}**`]),
    '',
    [...said, `${counted(counts.unchanged, 'scope', 'scopes')} as declared`].join(' · '),
  ];
}

/** Guards on whole accounts, those that passed where something changes. */
function accountVerdicts(plan: Plan): string[] {
  const told = plan.verdicts.filter((verdict) => plan.counts.changes > 0 || worthTelling(verdict));
  const several = new Set(plan.scopes.map((change) => scopeOf(change.scope).account)).size > 1;
  return told.length === 0 ? [] : apart(['', ...told.flatMap((verdict) => verdictLines(verdict, plan.now, several))]);
}

/** As many scopes as there is room for, and then how many there are more: what is held is counted apart. */
function scopeBlocks(plan: Plan, options: PlanMarkdownOptions, room: number): string[] {
  const told = toldByAccount(plan).flatMap(({ changed }) => changed);
  const ordered = [...told.filter(changes), ...told.filter((change) => !changes(change))];
  const reserve = bytesOf(leftOut(ordered));
  const lines: string[] = [];
  let left = room;
  for (const [index, change] of ordered.entries()) {
    const last = index === ordered.length - 1;
    const whole = scopeBlock(change, plan.now, options.names);
    // A scope with too many names for the room is told without them.
    const block = [whole, scopeBlock(change, plan.now, 0)].find((b) => bytesOf(b) <= left - (last ? 0 : reserve));
    if (block === undefined) return [...lines, ...leftOut(ordered.slice(index))];
    lines.push(...block);
    left -= bytesOf(block);
  }
  return lines;
}

function leftOut(scopes: readonly ScopeChange[]): string[] {
  const held = scopes.filter((change) => change.held).length;
  const words = `… and ${counted(scopes.length, 'more scope', 'more scopes')}${held === 0 ? '' : `, ${held} of them held`}`;
  return ['', `**${words}**: run \`padlock plan\`, or read the whole plan of \`padlock plan --output json\``];
}

function scopeBlock(change: ScopeChange, now: Instant, names: number | 'all'): string[] {
  const { account, myGlueAccount } = scopeOf(change.scope);
  const name =
    myGlueAccount === undefined ? `account ${inlineCode(account)}` : `myglue ${inlineCode(myGlueAccount)} of ${inlineCode(account)}`;
  const told = change.verdicts.filter(worthTelling);
  return apart([
    '',
    `#### ${change.held ? '✗ held: ' : ''}${name}`,
    '',
    ...scopeHeadlines(change).map((headline) => headlineLine(headline)),
    ...(change.via === 'default' && change.action !== 'none' ? ["- by the account's `myGlueDefault`"] : []),
    ...(change.byHand.length > 0 ? ['- ! changed in the store by hand; apply restores it'] : []),
    ...(HITS.has(change.action) ? peopleLines(change, names) : []),
    ...change.unenforceable.map((cannot) => {
      const [before, enforcer, after] = unenforceableWords(cannot);
      return `- ! unenforceable: ${before}${inlineCode(enforcer)}${after}`;
    }),
    ...told.flatMap((verdict) => verdictLines(verdict, now, false)),
    ...(change.held && told.length === 0 ? [heldWith(change)] : []),
  ]);
}

/** One blank line between two things is enough, and none at the end. */
function apart(lines: readonly string[]): string[] {
  const single = lines.filter((line, i) => line !== '' || lines[i - 1] !== '');
  return single.at(-1) === '' ? single.slice(0, -1) : single;
}

function heldWith(change: ScopeChange): string {
  return change.via === 'default' ? '- ✗ held with the account whose default it is' : '- ✗ held by a guard of the account';
}

function peopleLines(change: ScopeChange, names: number | 'all'): string[] {
  const groups = peopleGroups(change, names).map((group) => `- ${namesOf(group)}`);
  return [...peopleFacts(change).map((parts) => `- ${parts.join(' · ')}`), ...groups];
}

/** `overdue at once: 5 (ada@…, ben@…, … 3 more)`. */
function namesOf({ head, count, people }: ReturnType<typeof peopleGroups>[number] | ExemptedFacts['scopes'][number]): string {
  const shown = people.map((p) => inlineCode(p.user) + (TOLD_APART.includes(p.role) ? ` (${p.role})` : ''));
  const more = count > people.length && people.length > 0 ? [`… ${count - people.length} more`] : [];
  return `${head}: ${count}${shown.length === 0 ? '' : ` (${[...shown, ...more].join(', ')})`}`;
}

/** Beneath an exemption: whom it leaves unprotected. */
function exemptedLines(facts: ExemptedFacts | undefined): string[] {
  if (facts === undefined) return [];
  return [
    ...facts.warnings.map((words) => `  - ! **${words}**`),
    `  - ${facts.head}`,
    ...facts.scopes.map((scope) => `  - ${namesOf(scope)}`),
  ];
}

const SIGNS = { passed: '✓', refused: '✗', overridden: '✓', note: '!' } as const;

/** A verdict, its remedy, and folded away the override that would lift it. */
function verdictLines(verdict: Verdict, now: Instant, withScope: boolean): string[] {
  const scope = withScope ? `${inlineCode(verdict.scope)}: ` : '';
  const remedy = verdict.remedy === '' ? '' : `<br>${inlineText(remedyBeside(verdict))}`;
  const line = `- ${SIGNS[verdict.outcome]} **${verdict.guard}**: ${scope}${inlineText(verdict.message)}${remedy}`;
  if (!isLiftable(verdict)) return [line];
  const fenced = ['```yaml', ...overrideFor(verdict, now).trimEnd().split('\n'), '```'];
  return [line, '', ...details('the GuardOverride that lifts it', fenced), ''];
}

/** Exemptions that are warned of come first: what is cut off for want of room is never a warning behind harmless lines. */
function documentLines(plan: Plan, names: number | 'all'): string[] {
  const warned = new Set(plan.exempted.filter((e) => e.scopes.some((s) => s.warns)).map((e) => e.document));
  const isWarned = ({ change }: ReturnType<typeof toldDocuments>[number]) => change.kind === 'MfaExemption' && warned.has(change.name);
  const told = toldDocuments(plan);
  return [...told.filter(isWarned), ...told.filter((one) => !isWarned(one))].flatMap(({ change, kind, headlines, held }) => [
    ...headlines.map((h) => headlineLine(h, `${kind} ${inlineCode(change.name)}`)),
    ...exemptedLines(exemptedFacts(plan, change, names)),
    ...(held ? ['  - ✗ held by overdue-at-once'] : []),
    ...(change.action === 'repair' ? ['  - ! changed in the store by hand; apply restores it'] : []),
  ]);
}

function headlineLine({ sign, text, place }: Headline, name?: string): string {
  const where = place === '' ? '' : ` · ${inlineCode(place)}`;
  return `- ${sign === ' ' ? '' : `${sign === '-' ? '➖' : sign === '+' ? '➕' : sign} `}${name === undefined ? '' : `${name}: `}${inlineText(text)}${where}`;
}

/** A section of lines; those beyond its share of the room are counted. */
function listing(title: string, lines: readonly string[], room: number): string[] {
  if (lines.length === 0) return [];
  const shown: string[] = [];
  let left = room - bytesOf(['', `#### ${title}`, '', `- … and ${lines.length} more`]);
  for (const line of lines) {
    left -= bytesOf([line]);
    if (left < 0) break;
    shown.push(line);
  }
  const more = lines.length - shown.length;
  return ['', `#### ${title}`, '', ...shown, ...(more === 0 ? [] : [`- … and ${more} more`])];
}
