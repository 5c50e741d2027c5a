import type { AccountMapping, Part } from '../rows/part.ts';
import { readResources } from '../rows/resources.ts';
import { joinPages } from './pages.ts';

/** Reads users and organizations from JSON files in the shape of IT Glue's API. Throws what {@link joinPages} does. */
export function readItGlue(texts: readonly { readonly file: string; readonly text: string }[], mapping: AccountMapping): Part {
  return readResources(joinPages(texts), mapping);
}
