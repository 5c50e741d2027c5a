import { grouped, percent, shareBar, shareLegend } from '../../layout/html/chart.ts';
import { type Html, html, type Piece } from '../../layout/html/escape.ts';
import { scopeOf } from '../../model/scope.ts';
import type { Comparison, Moves } from '../comparison.ts';
import { protectionOf, shareOf } from '../protection.ts';
import type { ScopeSummary } from '../summary.ts';
import { sharesOf, verdictBadge } from './cover.ts';
import { day, scopeName } from './words.ts';

/** One client: its verdict, figure and bar, and what changed since the report before. */
export function client(scope: ScopeSummary, comparison: Comparison | null): Html {
  const { facts } = scope;
  const { account, myGlueAccount } = scopeOf(facts.scope);
  return html`<article class="scope">
<div><h3><bdi>${scopeName(facts)}</bdi></h3>
<div class="muted small">${myGlueAccount === undefined ? `account ${account}` : `MyGlue ${myGlueAccount} of ${account}`}</div>
${coverBadge(scope)}</div>
<div><p class="says">${figureOf(scope)}</p>
${shareBar(sharesOf(scope, scope.enforced), scopeName(facts))}${shareLegend(sharesOf(scope, scope.enforced))}
<p class="muted small">${facts.place !== null && html`${facts.document} · <code>${facts.place}</code>`}${changes(scope, comparison)}</p></div>
</article>
`;
}

/** Where nothing is enforced there is no verdict to hope for: what stands in the way is said instead. */
function coverBadge(scope: ScopeSummary): Html {
  const { facts } = scope;
  if (scope.enforced) return verdictBadge(scope.compliant);
  const why =
    facts.document === null
      ? 'No policy'
      : !facts.requireMfa
        ? 'Not required'
        : facts.reportOnly
          ? 'Report only: not enforced'
          : 'Unenforceable';
  return html`<span class="badge bad">✕ ${why}</span>`;
}

function figureOf(scope: ScopeSummary): string {
  const { classes } = scope;
  if (scope.facts.requireMfa && scope.facts.reportOnly) {
    return `Enforced 0 · would satisfy ${grouped(classes.enrolled + classes.upstream)} · would be locked out ${grouped(scope.wouldBeLockedOut)}`;
  }
  if (scope.facts.requireMfa && !scope.enforced) {
    const unknown = classes.unknown === 0 ? '' : ` · ${grouped(classes.unknown)} not evaluated`;
    return `Nothing enforces here · ${grouped(classes.enrolled + classes.upstream)} enrolled${unknown}`;
  }
  const protection = protectionOf([scope]);
  const share = shareOf(protection);
  if (share === null) return protection.asked === 0 ? 'Nobody is asked' : 'Not evaluated';
  return `${percent(protection.protected, protection.asked)} · ${grouped(protection.protected)} of ${grouped(protection.asked)} protected`;
}

const MOVES: readonly (readonly [keyof Moves, string])[] = [
  ['newlyEnrolled', 'newly enrolled'],
  ['newlyOpen', 'newly missing'],
  ['newlyOverdue', 'newly overdue'],
  ['joined', 'joined'],
  ['gone', 'gone'],
];

function changes(scope: ScopeSummary, comparison: Comparison | null): Piece {
  const moves = comparison?.scopes.get(scope.facts.scope);
  if (comparison === null || moves === undefined) return null;
  const said = MOVES.filter(([name]) => moves[name] > 0).map(([name, words]) => `${grouped(moves[name])} ${words}`);
  return html`<br>since ${day(comparison.previous.generatedAt)}: ${said.length === 0 ? 'nobody moved' : said.join(', ')}`;
}
