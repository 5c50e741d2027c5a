import { counted, flow, NARROWEST } from '../../layout/flow.ts';
import { inlineText } from '../../layout/markdown.ts';
import type { Style } from '../../layout/style.ts';
import { printable } from '../../layout/width.ts';
import type { JsonObject } from '../../model/words.ts';
import { type Carried, uncarriedWords } from '../carried.ts';

/** What was carried to enforcers and what was not, as lines without line feeds; none where there was nothing to carry. */
export function* renderCarriedText(carried: Carried, options: { readonly width: number; readonly style: Style }): Generator<string> {
  const width = Math.max(options.width, NARROWEST);
  for (const uncarried of carried.uncarried) {
    const { what, why, fix } = uncarriedWords(uncarried);
    const parts = [`✗ ${printable(what)}`, printable(why), printable(fix)];
    yield* flow(parts, ' · ', { width, indent: 0, hang: 2 }).map((line) => options.style.red(line));
  }
  yield* flow(summary(carried), ' · ', { width, indent: 0, hang: 2 });
}

/** The same for the comment of a pull request. */
export function* renderCarriedMarkdown(carried: Carried): Generator<string> {
  const lines = carried.uncarried.map((uncarried) => {
    const { what, why, fix } = uncarriedWords(uncarried);
    return `- ✗ **${inlineText(what)}**: ${inlineText(why)}; ${inlineText(fix)}`;
  });
  const all = [...lines, ...summary(carried).map((part) => `- ${part}`)];
  if (all.length > 0) yield* ['', ...all];
}

/** The same for programs: `{ scopes, resets, uncarried: [{ of, name, account, enforcer, why, fix }] }`. */
export function carriedJson({ scopes, resets, uncarried }: Carried): JsonObject {
  return { scopes: [...scopes], resets: [...resets], uncarried: uncarried.map((one) => ({ ...one })) };
}

function summary({ scopes, resets }: Carried): string[] {
  return [
    ...(scopes.length === 0 ? [] : [`pushed ${counted(scopes.length, 'scope', 'scopes')}`]),
    ...(resets.length === 0 ? [] : [`carried out ${counted(resets.length, 'reset', 'resets')}`]),
  ];
}
