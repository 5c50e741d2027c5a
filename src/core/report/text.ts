import { formatInstant } from '../documents/values.ts';
import { counted, flow, NARROWEST } from '../layout/flow.ts';
import type { Style } from '../layout/style.ts';
import { cut, padEnd, printable, widthOf } from '../layout/width.ts';
import { scopeOf } from '../model/scope.ts';
import { breakGlassWords, type JudgedBreakGlass } from './break-glass.ts';
import type { Comparison } from './comparison.ts';
import type { ReportHead } from './head.ts';
import type { Figures, ScopeSummary } from './summary.ts';

const INDENT = 4;
const KIND_WIDTH = 8;

/**
 * What `padlock report` prints: the figures of each scope and of all, the resets executed, what changed since the run before,
 * and the break-glass users. All other names are in the files that it writes. Lines without line feeds, at most `width` columns wide (at least 40).
 */
export function* renderReportText(
  head: ReportHead,
  comparison: Comparison | null,
  options: { readonly width: number; readonly style: Style },
): Generator<string> {
  const width = Math.max(options.width, NARROWEST);
  const { summary, resets } = head;
  yield* scopeLines(summary.scopes, { width, style: options.style });
  const executed = resets.filter((reset) => reset.outcome === 'Executed').length;
  const set = (parts: readonly string[]) => flow(parts, ' · ', { width, indent: 0, hang: 2 });
  yield* set([
    `${counted(summary.total.members, 'membership', 'memberships')} in ${counted(summary.scopes.length, 'scope', 'scopes')}`,
    ...figureParts(summary.total),
  ]);
  yield* set([
    `${summary.enforcedScopes} of ${counted(summary.scopes.length, 'scope', 'scopes')} enforced`,
    complianceWord(summary.compliant),
    ...(resets.length === 0 ? [] : [`${executed} of ${counted(resets.length, 'reset', 'resets')} executed`]),
    formatInstant(head.generatedAt),
  ]);
  yield* set(
    head.people.map(({ account, held, considered }) => `${account}: ${counted(held, 'person', 'people')} held, ${considered} considered`),
  );
  if (comparison !== null) yield* set(movesParts(comparison));
  for (const user of head.breakGlass) yield* breakGlassLines(user, width, options.style);
  for (const { file, why } of head.history.faults)
    yield* set([`not compared with ${printable(file)}`, printable(why)]).map(options.style.yellow);
}

function movesParts({ previous, total }: Comparison): string[] {
  return [
    `since ${formatInstant(previous.generatedAt)}`,
    `${total.newlyEnrolled} newly enrolled`,
    `${total.newlyOpen} newly missing`,
    `${total.newlyOverdue} newly overdue`,
    `${total.joined} joined`,
    `${total.gone} gone`,
  ];
}

function breakGlassLines(user: JudgedBreakGlass, width: number, style: Style): string[] {
  const words = breakGlassWords(user);
  const last =
    user.person === null ? [] : [`last sign-in ${user.person.lastSignIn === null ? 'not known' : formatInstant(user.person.lastSignIn)}`];
  const lines = flow([`break-glass ${printable(user.called)}`, ...(words.length === 0 ? ['nothing found'] : words), ...last], ' · ', {
    width,
    indent: 0,
    hang: 2,
  });
  return words.length === 0 ? lines : lines.map(style.red);
}

/** The scopes one after the other, each with its state and, beneath, its figures. */
export function* scopeLines(
  scopes: readonly ScopeSummary[],
  options: { readonly width: number; readonly style: Style },
): Generator<string> {
  const { width, style } = options;
  const labels = scopes.map(({ facts }) => {
    const { account, myGlueAccount } = scopeOf(facts.scope);
    return padEnd(myGlueAccount === undefined ? 'account' : 'myglue', KIND_WIDTH) + (myGlueAccount ?? account);
  });
  const labelWidth = Math.min(Math.max(0, ...labels.map(widthOf)), Math.floor(width / 2));
  for (const [index, scope] of scopes.entries()) {
    const label = padEnd(cut(labels[index] ?? '', labelWidth), labelWidth + 3);
    const state = stateWords(scope);
    const paint = scope.compliant === true ? style.green : scope.compliant === null ? style.yellow : style.red;
    const room = width - widthOf(label);
    yield style.bold(label) + paint(cut(state, room)) + titleBehind(scope, room - widthOf(state), style);
    yield* flow(scopeParts(scope), ' · ', { width, indent: INDENT, hang: INDENT + 2 });
  }
}

function titleBehind(scope: ScopeSummary, room: number, style: Style): string {
  const title = printable(scope.facts.title);
  return title === '' || room < INDENT + 2 ? '' : `   ${style.dim(cut(title, room - 3))}`;
}

/** How a scope is covered, in one word or two. */
export function coverWord({ facts }: ScopeSummary): string {
  if (facts.document === null) return 'no policy';
  if (!facts.requireMfa) return 'off';
  if (facts.reportOnly) return 'report only';
  return facts.enforceable ? 'enforced' : 'unenforceable';
}

function stateWords(scope: ScopeSummary): string {
  return scope.enforced ? `enforced, ${complianceWord(scope.compliant)}` : `${coverWord(scope)}, not enforced`;
}

function complianceWord(compliant: boolean | null): string {
  return compliant === null ? 'not evaluated' : compliant ? 'compliant' : 'not compliant';
}

/** A scope that enforces nothing says what it would do, never what it does. */
function scopeParts(scope: ScopeSummary): string[] {
  const people = counted(scope.members, 'person', 'people');
  if (!scope.facts.reportOnly || !scope.facts.requireMfa) return [people, ...figureParts(scope)];
  const satisfied = scope.classes.enrolled + scope.classes.upstream;
  const rest = figureParts({ ...scope, classes: { ...scope.classes, enrolled: 0, upstream: 0, missing: 0 } });
  return [people, 'enforced 0', `would satisfy ${satisfied}`, `would be locked out ${scope.wouldBeLockedOut}`, ...rest.slice(1)];
}

/** Every class that has somebody in it, and `enrolled` always. */
function figureParts(figures: Figures): string[] {
  const { classes } = figures;
  const missing = [
    ...(figures.overdue === 0 ? [] : [`${figures.overdue} overdue`]),
    ...(figures.pending === 0 ? [] : [`${figures.pending} pending`]),
    ...(figures.wouldBeLockedOut === 0 ? [] : [`${figures.wouldBeLockedOut} would be locked out`]),
  ];
  const breakGlass = figures.breakGlassNotEnrolled === 0 ? '' : ` (${figures.breakGlassNotEnrolled} not enrolled)`;
  return [
    `${classes.enrolled} enrolled`,
    ...part(classes.upstream, 'proven upstream'),
    ...part(classes.missing, `missing${missing.length === 0 ? '' : ` (${missing.join(', ')})`}`),
    ...part(classes.exempt, 'exempt'),
    ...part(classes.unknown, 'unknown'),
    ...part(classes['break-glass'], `break-glass${breakGlass}`),
    ...part(classes['not-required'], 'not required'),
    ...part(classes['not-applicable'], 'disabled'),
  ];
}

function part(count: number, words: string): string[] {
  return count === 0 ? [] : [`${count} ${words}`];
}
