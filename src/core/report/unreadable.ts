import { counted, flow } from '../layout/flow.ts';
import type { Style } from '../layout/style.ts';
import { printable } from '../layout/width.ts';
import type { FactorCheck } from '../model/keeping.ts';
import type { Json } from '../model/words.ts';

/** How many people are named. */
const NAMED = 5;

/** Who has a factor that cannot be opened: beneath the padlock list, where such a padlock stays closed. Nothing where all open. */
export function* unreadableLines(check: FactorCheck, options: { readonly width: number; readonly style: Style }): Generator<string> {
  if (check.unreadable === 0) return;
  const { width, style } = options;
  const people = [...new Set(check.named.map((factor) => factor.called))].map(printable);
  const shown = people.slice(0, NAMED).join(', ');
  const parts = [
    `unreadable: ${counted(check.unreadable, 'factor', 'factors')}, still counted as enrolled`,
    people.length > NAMED || check.unreadable > check.named.length ? `${shown}, …` : shown,
    'padlock doctor says why',
  ];
  yield* flow(parts, ' · ', { width, indent: 0, hang: 2 }).map(style.yellow);
}

/** The same for programs, as far as they are named. Null: none was looked at. */
export function unreadableJson(check: FactorCheck | undefined): Json {
  if (check === undefined) return null;
  const factors = check.named.map(({ account, userId, called, kind, keyId, why }): Json => ({ account, userId, called, kind, keyId, why }));
  return { count: check.unreadable, factors };
}
