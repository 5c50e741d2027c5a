import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAGE_SIZE, pageOf, pathOf } from '../../../../src/adapters/directory/itglue/page.ts';
import { readList } from '../../../../src/adapters/directory/itglue/paging.ts';

interface Sent {
  readonly data: readonly unknown[];
  readonly meta: Readonly<Record<string, unknown>>;
}

const idsFrom = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

/** A page of a list as the API sends it. */
function sent(ids: readonly string[], number: number, size: number): Sent {
  const pages = Math.ceil(ids.length / size);
  const meta = { 'current-page': number, 'next-page': number < pages ? number + 1 : null, 'total-pages': pages, 'total-count': ids.length };
  return { data: ids.slice((number - 1) * size, number * size).map((id) => ({ id, type: 'users', attributes: {} })), meta };
}

/** Reads a list whose pages `serve` gives: the page asked for, and how many requests there were before. */
async function read(serve: (number: number, before: number) => unknown) {
  const asked: number[] = [];
  const steps: string[] = [];
  const list = readList('users', {
    get: async (path, understand) => {
      const number = Number(new URL(path, 'https://api.itglue.com').searchParams.get('page[number]'));
      asked.push(number);
      const page = understand(serve(number, asked.length - 1));
      if (typeof page === 'string') throw new Error(`broken: ${page}`);
      return page;
    },
    progress: (done, total) => steps.push(`${done}/${total}`),
  });
  const outcome = await list.then(
    (found) => ({
      ids: found.resources.map(({ resource }) => (resource as { id: string }).id),
      places: found.resources.map(({ place }) => place),
    }),
    (error: Error & { code?: string }) => ({ code: error.code ?? error.message, message: error.message }),
  );
  return { ...outcome, asked, steps };
}

describe('the path of a page', () => {
  it('asks for as many as there may be, sorted by id', () => {
    expect(decodeURIComponent(pathOf('users', 3))).toBe('/users?page[size]=1000&page[number]=3&sort=id');
  });
});

describe('a list', () => {
  it.each([
    ['none, on no page', 0, 10, [1]],
    ['one page', 7, 10, [1]],
    ['a page that is full to the last', 10, 10, [1]],
    ['two pages, the first looked at twice', 11, 10, [1, 2, 1]],
    ['three, of a server that gives fewer than asked for', 25, 10, [1, 2, 3, 1, 2]],
  ])('%s', async (_, count, size, asked) => {
    const found = await read((number) => sent(idsFrom(count), number, size));
    expect(found).toMatchObject({ ids: idsFrom(count), asked });
    expect(found.steps.at(-1)).toBe(`${asked.length}/${asked.length}`);
  });

  it('of none may count one empty page', async () => {
    const document = sent([], 1, 10);
    expect(await read(() => ({ ...document, meta: { ...document.meta, 'total-pages': 1 } }))).toMatchObject({ ids: [] });
  });

  it('says where each resource stood', async () => {
    const { places } = (await read((number) => sent(idsFrom(3), number, 2))) as { places: string[] };
    expect(places).toEqual(['IT Glue, page 1 of users: data[0]', 'IT Glue, page 1 of users: data[1]', 'IT Glue, page 2 of users: data[0]']);
  });

  it('does not go where links lead', async () => {
    const links = { next: 'https://elsewhere.example/users?page[number]=9' };
    expect(await read((number) => ({ ...sent(idsFrom(3), number, 2), links }))).toMatchObject({ ids: ['1', '2', '3'], asked: [1, 2, 1] });
  });
});

/** A list of 5, two a page, with something wrong on one page each time that it is asked for. */
const ALWAYS: readonly [string, (number: number) => unknown, RegExp][] = [
  ['the page before once more', (n) => sent(idsFrom(5), n === 3 ? 2 : n, 2), /page 2 came for page 3/],
  [
    'the same people under another number',
    (n) => ({ ...sent(idsFrom(5), n, 2), data: sent(idsFrom(5), n === 2 ? 1 : n, 2).data }),
    /one id stands on page 1 and on page 2/,
  ],
  ['one twice on a page', (n) => ({ ...sent(idsFrom(2), n, 2), data: ['1', '1'].map((id) => ({ id })) }), /twice on page 1/],
  ['an empty page in between', (n) => ({ ...sent(idsFrom(5), n, 2), ...(n === 2 && { data: [] }) }), /page 2 of 3 is empty/],
  [
    'one fewer than counted',
    (n) => ({ ...sent(idsFrom(5), n, 2), ...(n === 2 && { data: [{ id: '3' }] }) }),
    /4 were read, and total-count says 5/,
  ],
  ['one more than counted', (n) => ({ ...sent(idsFrom(5), n, 2), ...(n === 3 && { data: [{ id: '5' }, { id: '6' }] }) }), /6 were read/],
  ['another total-count', (n) => altered(n, 3, { 'total-count': 6 }), /total-count was 5, and then 6/],
  ['another total-pages', (n) => altered(n, 2, { 'total-pages': 4 }), /total-pages was 3, and then 4/],
  ['an end too early', (n) => altered(n, 2, { 'next-page': null }), /next-page of page 2 of 3 is not said/],
  ['no end', (n) => altered(n, 3, { 'next-page': 4 }), /next-page of page 3 of 3 is 4/],
  ['a loop', (n) => altered(n, 2, { 'next-page': 1 }), /next-page of page 2 of 3 is 1/],
];

function altered(number: number, at: number, meta: object) {
  const document = sent(idsFrom(5), number, 2);
  return number === at ? { ...document, meta: { ...document.meta, ...meta } } : document;
}

describe('pages that do not agree', () => {
  it.each(ALWAYS)('%s: read once more, then incomplete', async (_, serve, why) => {
    const found = await read(serve);
    expect(found).toMatchObject({ code: 'directory/incomplete', message: expect.stringMatching(why) });
    expect(found.asked.length).toBeLessThanOrEqual(2 * 5);
    expect(found.asked.slice(found.asked.length / 2)).toEqual(found.asked.slice(0, found.asked.length / 2));
  });

  it.each(ALWAYS)('%s, for a moment: what is read the second time counts', async (_, serve) => {
    let round = 0;
    const found = await read((number, before) => {
      if (number === 1 && before > 0) round++;
      return round === 0 ? serve(number) : sent(idsFrom(5), number, 2);
    });
    // A page looked at once more begins the second round here, and is the right one.
    expect('ids' in found ? found.ids : found).toEqual(idsFrom(5));
  });

  it('somebody goes and somebody comes between two pages: no count tells, the second look does', async () => {
    const before = idsFrom(6);
    const after = ['2', '3', '4', '5', '6', '7'];
    const found = await read((number, n) => sent(n === 0 ? before : after, number, 2));
    expect(found).toMatchObject({ ids: after });
    expect(found.asked).toEqual([1, 2, 3, 1, 1, 2, 3, 1, 2]);
  });

  it('whatever leaves and joins while it is read, it is a list that was there, or none', async () => {
    const change = fc.record({ at: fc.nat(12), goes: fc.option(fc.nat(11)), comes: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(change, { maxLength: 4 }),
        async (count, size, changes) => {
          let ids = idsFrom(count);
          let newest = count;
          const were = [ids];
          const found = await read((number, before) => {
            for (const { goes, comes } of changes.filter(({ at }) => at === before)) {
              ids = ids.filter((_, index) => index !== goes);
              if (comes) ids = [...ids, String(++newest)];
              were.push(ids);
            }
            return sent(ids, number, size);
          });
          if ('ids' in found) expect(were.map((list) => list.join())).toContain(found.ids.join());
          else expect(found.code).toBe('directory/incomplete');
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('what is no page', () => {
  const whole = sent(['1'], 1, 10);
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', []],
    ['no data', { meta: whole.meta }],
    ['data that is no list', { ...whole, data: {} }],
    ['no meta', { data: whole.data }],
    ['errors', { errors: [{ title: 'Internal' }] }],
    ...['current-page', 'total-pages', 'total-count'].flatMap((key) =>
      [undefined, null, '1', -1, 1.5, 2_000_001].map(
        (value) => [`${key} ${JSON.stringify(value)}`, { ...whole, meta: { ...whole.meta, [key]: value } }] as [string, unknown],
      ),
    ),
    ['next-page "2"', { ...whole, meta: { ...whole.meta, 'next-page': '2' } }],
    ['more than asked for', sent(idsFrom(PAGE_SIZE + 1), 1, 2 * PAGE_SIZE)],
  ])('%s', async (_, document) => {
    expect(pageOf(document)).toEqual(expect.any(String));
    expect(await read(() => document)).toMatchObject({ code: expect.stringMatching(/^broken: /), asked: [1] });
  });
});
