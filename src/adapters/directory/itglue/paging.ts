import type { ResourceList, ResourceType } from '../rows/resources.ts';
import type { Get } from './client.ts';
import { incomplete } from './failure.ts';
import { type Page, pageOf, pathOf } from './page.ts';

/** What a list is read with. */
export interface Reading {
  readonly get: Get;
  /** Is told how many pages of how many have been looked at. */
  readonly progress?: (done: number, total: number) => void;
}

/** How often a list that changes under the reader is begun. */
const ROUNDS = 2;

/**
 * Reads a list to its end: every page, in order, until all agree. Together the pages have as many resources as each says, none of
 * them twice. Where there are several, all but the last are looked at once more: who leaves between two pages moves the next one up
 * by one, and somebody would be read on neither, without any count telling.
 * A list that changes meanwhile is read once more; then it throws `directory/incomplete`. Throws what `get` does.
 */
export async function readList(type: ResourceType, reading: Reading): Promise<ResourceList> {
  for (let round = 1; ; round++) {
    const pages = await readPages(type, reading);
    if (typeof pages !== 'string') return { type, resources: pages.flatMap((page) => placed(type, page)), origin: null };
    if (round === ROUNDS) throw incomplete(`the list of ${type} changes while it is read, or its pages do not agree: ${pages}`);
  }
}

/** All pages, or why they are not one list. */
async function readPages(type: ResourceType, { get, progress }: Reading): Promise<Page[] | string> {
  const look = (number: number) => get(pathOf(type, number), pageOf);
  const first = await look(1);
  const pages = [first];
  const looks = Math.max(1, 2 * first.totalPages - 1);
  const known = new Map<string, number>();
  const whyNot = (page: Page, number: number) => apart(page, number, first) ?? met(page, known);
  let why = whyNot(first, 1);
  for (let number = 2; why === null && number <= first.totalPages; number++) {
    progress?.(number - 1, looks);
    const page = await look(number);
    pages.push(page);
    why = whyNot(page, number);
  }
  const count = pages.reduce((sum, page) => sum + page.resources.length, 0);
  if (why === null && count !== first.totalCount) why = `${count} were read, and total-count says ${first.totalCount}`;
  for (let number = 1; why === null && number < first.totalPages; number++) {
    progress?.(first.totalPages + number - 1, looks);
    const page = await look(number);
    const same = page.ids.length === pages[number - 1]?.ids.length && page.ids.every((id, i) => id === pages[number - 1]?.ids[i]);
    why = apart(page, number, first) ?? (same ? null : `page ${number} was another a moment before`);
  }
  progress?.(looks, looks);
  return why ?? pages;
}

/** Why a page is not the one that was asked for, in a list that begins with `first`; null when it is. */
function apart(page: Page, number: number, first: Page): string | null {
  if (page.number !== number) return `page ${page.number} came for page ${number}`;
  if (page.totalCount !== first.totalCount) return `total-count was ${first.totalCount}, and then ${page.totalCount}`;
  if (page.totalPages !== first.totalPages) return `total-pages was ${first.totalPages}, and then ${page.totalPages}`;
  const next = number < first.totalPages ? number + 1 : null;
  if (page.next !== next) return `next-page of page ${number} of ${first.totalPages} is ${page.next ?? 'not said'}`;
  if (page.resources.length === 0 && first.totalCount > 0) return `page ${number} of ${first.totalPages} is empty`;
  return null;
}

/** Takes the ids of a page down; why not, when one was met before. */
function met(page: Page, known: Map<string, number>): string | null {
  for (const id of page.ids) {
    const before = known.get(id);
    if (before !== undefined)
      return before === page.number
        ? `one id stands twice on page ${before}`
        : `one id stands on page ${before} and on page ${page.number}`;
    if (id !== '') known.set(id, page.number);
  }
  return null;
}

function placed(type: ResourceType, { number, resources }: Page) {
  return resources.map((resource, index) => ({ resource, place: `IT Glue, page ${number} of ${type}: data[${index}]` }));
}
