import { isObject, type ResourceType } from '../rows/resources.ts';

/** One page of a list, as the server gave it. */
export interface Page {
  /** `current-page`: which one the server says it is. */
  readonly number: number;
  /** `next-page`; null: this is the last. */
  readonly next: number | null;
  readonly totalPages: number;
  readonly totalCount: number;
  readonly resources: readonly unknown[];
  /** Of each resource; empty where it has none, which is told later with everything else that is wrong with it. */
  readonly ids: readonly string[];
}

/** Resources of a page at most: what `page[size]` may ask for. */
export const PAGE_SIZE = 1000;

/** More than any account has: a count past it is no count. */
const MOST = 2_000_000;

/** The path of a page. Sorted by id, newcomers stand at the end, and a page that was read changes only when somebody on it goes. */
export function pathOf(type: ResourceType, number: number): string {
  return `/${type}?${new URLSearchParams({ 'page[size]': String(PAGE_SIZE), 'page[number]': String(number), sort: 'id' })}`;
}

/**
 * A document of the API as a page. A text says why it is none: then the server does not keep to the contract. `links` are not
 * followed, whatever they say: where the next page is, is known.
 */
export function pageOf(document: unknown): Page | string {
  if (!isObject(document)) return 'a page is no JSON:API document';
  const { data, meta } = document;
  if (!Array.isArray(data)) return 'the data of a page is no list';
  if (!isObject(meta)) return 'a page has no meta';
  const [number, totalPages, totalCount] = ['current-page', 'total-pages', 'total-count'].map((key) => meta[key]);
  const next = meta['next-page'] ?? null;
  if (!isCount(number) || !isCount(totalPages) || !isCount(totalCount)) return 'meta of a page does not count pages and resources';
  if (next !== null && !isCount(next)) return 'next-page of a page is no number';
  if (data.length > PAGE_SIZE) return `a page has ${data.length} resources, and ${PAGE_SIZE} were asked for at most`;
  return { number, next, totalPages, totalCount, resources: data, ids: data.map(idOf) };
}

function idOf(resource: unknown): string {
  return isObject(resource) && typeof resource['id'] === 'string' ? resource['id'] : '';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST;
}
