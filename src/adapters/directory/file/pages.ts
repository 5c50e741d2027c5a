import { beginning } from '../../../core/model/beginning.ts';
import { PadlockError } from '../../../core/model/errors.ts';
import { isObject, type ResourceList, type ResourceType, type Unread } from '../rows/resources.ts';
import { readSlug, type Understood } from '../rows/values.ts';

interface Page extends ResourceList {
  /** How many there are on all pages together; null: not said. */
  readonly total: number | null;
  readonly hasNext: boolean;
}

/**
 * The lists in the JSON texts of one import, pages joined. A text is `{"users": […], "organizations": […]}`, each list optional,
 * or a JSON:API document `{"data": […], "meta": …, "links": …}`, or a list of such documents. What a document without
 * resources is of tells the path of `links.self`.
 * Throws `directory/unreadable` for anything else, `directory/incomplete` when pages are missing.
 */
export function joinPages(texts: readonly { readonly file: string; readonly text: string }[]): ResourceList[] {
  const pages = texts.flatMap(({ file, text }) => pagesOf(file, parseJson(file, text)));
  return (['users', 'organizations'] as const).flatMap((type) => {
    const own = pages.filter((page) => page.type === type);
    if (own.length === 0) return [];
    checkWhole(type, own);
    const origins = new Set(own.map((page) => page.origin));
    if (origins.size > 1) throw unreadable(`the ${type} are of several origins`, 'import each origin by itself');
    return [{ type, resources: own.flatMap((page) => page.resources), origin: own[0]?.origin ?? null }];
  });
}

function parseJson(file: string, text: string): unknown {
  if (text.trim() === '')
    throw new PadlockError('directory/incomplete', `${file} is empty; nothing is imported`, { fix: 'export it again, whole' });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PadlockError('directory/unreadable', `${file} is not JSON, or was cut short`, { fix: 'export it again, whole', cause });
  }
}

function pagesOf(file: string, value: unknown): Page[] {
  if (Array.isArray(value)) {
    if (value.length === 0)
      throw new PadlockError('directory/incomplete', `${file} has no page`, {
        fix: 'export it again; for no users at all write {"users": []}',
      });
    return value.map((document: unknown, index) => documentPage(file, document, `[${index}].`));
  }
  if (isObject(value) && 'data' in value) return [documentPage(file, value, '')];
  const keys = isObject(value) ? Object.keys(value) : [];
  const lists = keys.filter((key) => key !== 'meta');
  if (!isObject(value) || lists.length === 0 || !lists.every(isResourceType))
    throw unreadable(`${file} is no list of users or organizations`);
  return lists.filter(isResourceType).map((type) => {
    const list = value[type];
    if (!Array.isArray(list))
      throw unreadable(`${type} of ${file} is no list`, 'write [] when there is none, or leave it out when it is not said');
    return { type, resources: placed(file, list, type), origin: originOf(value), total: null, hasNext: false };
  });
}

function documentPage(file: string, document: unknown, at: string): Page {
  const data = isObject(document) ? document['data'] : undefined;
  if (!isObject(document) || !Array.isArray(data)) throw unreadable(`${file}: ${at}data is no list of resources`);
  const links = isObject(document['links']) ? document['links'] : {};
  const meta = isObject(document['meta']) ? document['meta'] : {};
  const first: unknown = data[0];
  const self = typeof links['self'] === 'string' ? /([a-z]+)(?:\?.*)?$/.exec(links['self'])?.[1] : undefined;
  const type = isObject(first) ? first['type'] : self;
  if (!isResourceType(type)) {
    const what =
      data.length === 0 ? 'has no resources, and links.self does not say of what' : `has resources that are no users or organizations`;
    throw new PadlockError('directory/incomplete', `${file}: ${at}data ${what}`, { fix: 'for no users at all write {"users": []}' });
  }
  const total = meta['total-count'];
  const hasNext = [links['next'], meta['next-page']].some((next) => next !== undefined && next !== null);
  return {
    type,
    resources: placed(file, data, `${at}data`),
    origin: originOf(document),
    total: typeof total === 'number' ? total : null,
    hasNext,
  };
}

function placed(file: string, list: readonly unknown[], at: string) {
  return list.map((resource, index) => ({ resource, place: `${file}: ${at}[${index}]` }));
}

/** Pages may come in any order: all but one have a next one, and together they have as many resources as each says. */
function checkWhole(type: ResourceType, pages: readonly Page[]): void {
  const count = pages.reduce((sum, page) => sum + page.resources.length, 0);
  const total = pages.map((page) => page.total).find((one) => one !== null && one !== count);
  const open = pages.filter((page) => page.hasNext).length;
  if (typeof total === 'number') throw missing(`${count} ${type} were read, and total-count says ${total}`);
  if (open >= pages.length) throw missing(`the last page of ${type} was not read: ${open} of ${pages.length} have a next one`);
}

function originOf(document: Unread): string | null {
  const origin = isObject(document['meta']) ? document['meta']['origin'] : undefined;
  if (origin === undefined) return null;
  const understood: Understood<string> = typeof origin === 'string' ? readSlug(origin) : { problem: 'is no text', fix: 'write a slug' };
  if ('value' in understood) return understood.value;
  throw unreadable(`meta.origin ${beginning(JSON.stringify(origin), 80)} ${understood.problem}`, understood.fix);
}

function isResourceType(value: unknown): value is ResourceType {
  return value === 'users' || value === 'organizations';
}

function missing(message: string): PadlockError {
  return new PadlockError('directory/incomplete', `${message}; nothing is imported`, { fix: 'import all pages in one go' });
}

function unreadable(message: string, fix = 'write {"users": [...]}, or the documents as IT Glue gives them'): PadlockError {
  return new PadlockError('directory/unreadable', message, { fix });
}
