import { describe, expect, it } from 'vitest';
import { planImport } from '../../../src/core/directory/plan.ts';
import { renderImportJson, renderImportText } from '../../../src/core/directory/render.ts';
import type { DirectoryRead, StoredPerson } from '../../../src/core/model/directory.ts';
import { ACCOUNT, crowd, factsOf, membershipOf, NOTHING, personOf, readOf, rowOf, rowsFor } from './store-model.ts';

const boss = personOf(1, { address: 'admin.dana@northwind.example' }, 'Administrator');
const glass = personOf(2, { address: 'breakglass@northwind.example' }, 'Administrator');
const local = personOf(3, { origin: 'local', externalId: 'hand-made', address: 'rescue@northwind.example' }, 'Manager');
const staff = crowd(30, 10);
const bakers = crowd(12, 50, { memberships: [membershipOf('northwind/bakery', 'Lite')] });
const facts = factsOf([boss, glass, local, ...staff, ...bakers], { breakGlass: [2] });
const all: readonly StoredPerson[] = [boss, glass, ...staff, ...bakers];

/** The first import of a new account. */
const first: DirectoryRead = readOf(all.flatMap(rowsFor), {
  organizations: [{ externalId: '5', name: 'Sunrise Bakery', myGlueAccount: 'bakery', place: 'orgs.csv:2' }],
});

/** Fourteen of the staff go, two are disabled, the break-glass user is demoted, someone takes a taken address. */
const harsh = readOf([
  ...[boss, ...staff.slice(16), ...bakers].flatMap(rowsFor),
  ...staff
    .slice(14, 16)
    .flatMap(rowsFor)
    .map((row) => ({ ...row, enabled: false })),
  ...rowsFor(glass).map((row) => ({ ...row, role: 'Editor' as const })),
  rowOf('900', { address: 'rescue@northwind.example', place: 'people.csv:49' }),
  rowOf('901', { address: 'new@northwind.example' }),
]);

const plans = {
  first: planImport(first, NOTHING),
  unchanged: planImport(readOf(all.flatMap(rowsFor)), facts),
  refused: planImport(harsh, facts),
};

describe.each(Object.entries(plans))('the plan of an import: %s', (name, plan) => {
  it('as text', async () => {
    await expect(renderImportText(plan)).toMatchFileSnapshot(`../../golden/directory-import-${name}.txt`);
  });

  it('as JSON', async () => {
    await expect(`${JSON.stringify(renderImportJson(plan), null, 2)}\n`).toMatchFileSnapshot(`../../golden/directory-import-${name}.json`);
  });

  it('keeps to 80 columns and ends with a line feed', () => {
    const text = renderImportText(plan);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text.endsWith('\n')).toBe(true);
  });
});

describe('long lists', () => {
  it('names ten people, or all when asked', () => {
    expect(renderImportText(plans.refused)).toContain('and 4 more (--names all)');
    const everyone = renderImportText(plans.refused, Number.POSITIVE_INFINITY);
    for (const { called } of plans.refused.summary.affected) expect(everyone).toContain(called);
    expect(everyone).not.toContain('more (--names all)');
  });

  it('lists twenty scopes in the text and every one in the JSON', () => {
    const rows = Array.from({ length: 30 }, (_, index) => rowOf(String(index), { scope: `northwind/c${index}`, role: 'Lite' }));
    const plan = planImport(readOf(rows), NOTHING);
    expect(renderImportText(plan)).toContain('and 11 more scopes (--output json lists all)');
    expect(renderImportJson(plan)).toHaveProperty('scopes.length', 31);
  });

  it('an address longer than a line stands whole', () => {
    const address = `${'long.'.repeat(30)}@northwind.example`;
    const plan = planImport(readOf([], { wholeScopes: [ACCOUNT] }), factsOf([personOf(1, { address })]));
    expect(renderImportText(plan)).toContain(address);
  });
});
