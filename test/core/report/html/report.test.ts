import { describe, expect, test } from 'vitest';
import { reportHtml } from '../../../../src/core/report/html/report.ts';
import { summarize } from '../../../../src/core/report/summary.ts';
import { count, facts, gather, member } from '../northwind.ts';
import { HOSTILE, headOf, hostilePage, materialOf, NAMED, pageOf, quietPage } from './page.ts';

const golden = (name: string) => `${import.meta.dirname}/../../../golden/report/${name}.html`;
const wordsOf = (page: string) =>
  page
    .replace(/<style>[\s\S]*<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
const sectionOf = (page: string, id: string) => page.split(`<section aria-labelledby="${id}">`)[1]?.split('</section>')[0] ?? '';

test('golden: something in every section, and nothing to say', async () => {
  await expect(await pageOf(materialOf(headOf()))).toMatchFileSnapshot(golden('report'));
  await expect(await quietPage()).toMatchFileSnapshot(golden('quiet'));
});

describe('the cover', () => {
  test('says on whom, when, by which version, how many are held and considered, and what it is compared with', async () => {
    const words = wordsOf(await pageOf(materialOf(headOf())));
    for (const said of [
      'Northwind IT',
      '20\u00A0Nov\u00A02026, 08:00\u00A0UTC',
      'padlock 0.1.0',
      '60 in the store',
      '60 considered: they agree',
    ])
      expect(words).toContain(said.replaceAll('\u00A0', ' '));
    expect(words).toContain('padlock-2026-11-13T080000Z.json');
    expect(words).toContain('it is cut off: 17 of 62 people');
  });

  test('never claims a signature that there is none of', async () => {
    expect(wordsOf(await quietPage())).toContain('not signed: nothing proves that it was not changed');
    expect(wordsOf(await pageOf(materialOf(headOf())))).toContain('signed with the key');
  });

  test('whom nobody could evaluate is neither zero nor compliant', async () => {
    const summary = summarize([facts('northwind')], [count('northwind', 'cannot-tell', 9)], new Map([['northwind', 9]]));
    const page = await pageOf(materialOf(headOf({ summary }), [], null));
    const cover = wordsOf(page.split('</header>')[0] ?? '');
    expect(cover).toContain('? Not evaluated');
    expect(cover).not.toMatch(/\b0 %|✓ Compliant/);
  });
});

describe('DEC-01: a scope in ReportOnly', () => {
  test('is shown as not enforced, with who would be locked out', async () => {
    const words = wordsOf(sectionOf(await pageOf(materialOf(headOf())), 'clients'));
    expect(words).toContain('Report only: not enforced Enforced 0 · would satisfy 6 · would be locked out 4');
    expect(words).toContain('6 enrolled, not enforced');
  });
});

describe('people by name', () => {
  test('each stands in the section of their class, once', async () => {
    const page = await pageOf(materialOf(headOf()));
    const rows = (id: string) => sectionOf(page, id).match(/<tr><th scope="row">/g)?.length ?? 0;
    expect(['overdue', 'missing', 'exempt', 'unknown', 'break-glass', 'resets'].map(rows)).toEqual([5, 7, 2, 4, 4, 3]);
  });

  test('an exemption says why, by which ticket, who put it in force, from when until when', async () => {
    const words = wordsOf(sectionOf(await pageOf(materialOf(headOf())), 'exempt'));
    expect(words).toContain('on a site without phones · NW-4711 field-work');
    expect(words).toContain('2 Nov 2026, 09:30 UTC until 1 Feb 2027 put in force by ops (cli) on 2 Nov 2026, 09:30 UTC');
  });

  test('DEC-05: who is back from leave has it beside the old deadline', async () => {
    const words = wordsOf(sectionOf(await pageOf(materialOf(headOf())), 'overdue'));
    expect(words).toContain('Ben Okafor ben@northwind.example Northwind IT Editor 1 Nov 2026 re-enabled on 17 Nov 2026, 10:00 UTC');
  });

  test('who does not fit is counted, and the file that names them is said', async () => {
    const page = await pageOf(materialOf(headOf(), NAMED.slice(0, 3)));
    expect(wordsOf(sectionOf(page, 'overdue'))).toContain(
      'The first 3 of 5 are named here, by client and address; all of them stand in padlock-2026-11-20T080000Z.csv .',
    );
    const alone = await pageOf(materialOf(headOf({ files: { html: 'report.html' } }), NAMED.slice(0, 3)));
    expect(wordsOf(sectionOf(alone, 'overdue'))).toContain('padlock report --format csv');
  });

  test('as many are asked for as a page takes, shared among the scopes', async () => {
    const asked: number[] = [];
    const scopes = Array.from({ length: 2000 }, (_, i) => facts(`northwind/c${i}`));
    const many = summarize(scopes, [], new Map(scopes.map(({ scope }) => [scope, 0])));
    for (const head of [headOf(), headOf({ summary: many })]) {
      const named = (perReason: number) => {
        asked.push(perReason);
        return [];
      };
      await gather(reportHtml({ ...materialOf(head), named }));
    }
    expect(asked).toEqual([1250, 5]);
  });
});

test('a long list comes in chunks', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => member('northwind', `u${i}`, 'past-deadline'));
  const chunks = await gather(reportHtml(materialOf(headOf(), rows)));
  expect(chunks.length).toBeGreaterThan(5);
  expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(80_000);
});

test('hostile texts are text: none of them stands in the page as markup', async () => {
  const page = await hostilePage();
  for (const text of HOSTILE.filter((one) => /[<>"']/.test(one))) expect(page).not.toContain(text);
  expect(page).not.toMatch(/<script|<img/i);
  expect(page.match(/<\/style>/g)).toHaveLength(1);
  expect(page.match(/<\/main>/g)).toHaveLength(1);
});
