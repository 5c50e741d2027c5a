import { describe, expect, it } from 'vitest';
import { planImport } from '../../../src/core/directory/plan.ts';
import type { DirectoryFacts, DirectoryRow, StoredPerson } from '../../../src/core/model/directory.ts';
import { ACCOUNT, crowd, factsOf, IMPORT_TERMS, NOTHING, personOf, readOf, rowOf, rowsFor } from './store-model.ts';

const boss = personOf(1, { address: 'boss@northwind.example' }, 'Administrator');

/** Verdicts on an import that names `kept` and `rows`, and nobody else of the account. */
function verdictsOf(facts: DirectoryFacts, kept: readonly StoredPerson[], rows: readonly DirectoryRow[] = []) {
  return planImport(readOf([...kept.flatMap(rowsFor), ...rows], { wholeScopes: [ACCOUNT] }), facts).verdicts;
}

describe('the share of people', () => {
  it.each([
    // enabled people besides the administrator, of whom so many leave, limit, refused
    [19, 5, 25, false],
    [19, 6, 25, true],
    [9, 3, 25, true],
    [8, 8, 25, false],
    [19, 1, 0, true],
    [19, 0, 0, false],
    [19, 19, 100, false],
  ])('%i and an administrator, %i leave, limit %i %%: refused %s', (count, leave, removedLimit, isRefused) => {
    const others = crowd(count, 10);
    const [verdict, ...more] = verdictsOf(factsOf([boss, ...others], { terms: { ...IMPORT_TERMS, removedLimit } }), [
      boss,
      ...others.slice(leave),
    ]);
    expect(more).toEqual([]);
    expect(verdict).toMatchObject({ guard: 'directory', scope: ACCOUNT, outcome: isRefused ? 'refused' : 'passed' });
    expect(verdict?.data).toMatchObject({ hit: leave, population: count + 1 });
    expect(verdict?.remedy === '').toBe(!isRefused);
  });

  it('tells counts, share and limit', () => {
    const others = crowd(11, 10);
    const [verdict] = verdictsOf(factsOf([boss, ...others]), [boss, ...others.slice(9)]);
    expect(verdict?.message).toBe('9 of 12 enabled people removed, disabled or demoted (75 %), limit 25 %');
  });

  it('counts removals, disablements and demotions together, a person once', () => {
    const others = crowd(11, 10);
    const rows = others.flatMap(rowsFor).map((row, index) => {
      if (index < 2) return { ...row, role: 'Lite' as const, enabled: false };
      return index < 4 ? { ...row, enabled: false } : row;
    });
    expect(verdictsOf(factsOf([boss, ...others]), [boss], rows)[0]?.data).toMatchObject({ hit: 4, population: 12 });
  });

  it('people who were disabled before, service accounts and people who left do not count', () => {
    const disabled = crowd(20, 10, { enabled: false });
    const services = crowd(20, 40, { service: true });
    const [verdict] = verdictsOf(factsOf([boss, ...disabled, ...services]), [boss]);
    expect(verdict).toMatchObject({ outcome: 'passed', data: { hit: 0, population: 1 } });
  });

  it('promotions, newcomers and people who come back take nothing from anyone', () => {
    const others = crowd(11, 10);
    const rows = [...others.flatMap(rowsFor).map((row) => ({ ...row, role: 'Manager' as const })), rowOf('new')];
    expect(verdictsOf(factsOf([boss, ...others]), [boss], rows)).toMatchObject([{ outcome: 'passed', data: { hit: 0 } }]);
  });
});

describe('administrators', () => {
  it('the last one who can sign in stays', () => {
    const locked = personOf(2, { localPassword: false }, 'Administrator');
    const [verdict] = verdictsOf(factsOf([boss, locked]), [locked]);
    expect(verdict).toMatchObject({ outcome: 'refused', message: '0 of 1 administrators would be able to sign in, at least 1 must' });
  });

  const strict = (more: object) => ({ terms: { ...IMPORT_TERMS, ...more } });

  it('one without an allowed factor does not count where none can be enrolled', () => {
    const second = personOf(2, { kinds: 1 }, 'Administrator');
    const facts = (more: object) => factsOf([{ ...boss, kinds: 2 }, second], strict(more));
    expect(verdictsOf(facts({ allowed: 2, enrollable: 0 }), [second])).toMatchObject([{ outcome: 'refused' }]);
    expect(verdictsOf(facts({ allowed: 2, enrollable: 2 }), [second])).toMatchObject([{ outcome: 'passed' }]);
    expect(verdictsOf(facts({ allowed: 3, enrollable: 0 }), [second])).toMatchObject([{ outcome: 'passed' }]);
  });

  it('one who is locked does not count', () => {
    const second = personOf(2, { locked: true }, 'Administrator');
    expect(verdictsOf(factsOf([boss, second]), [second])).toMatchObject([{ outcome: 'refused' }]);
  });

  it.each([
    [2, 2, 1, 'refused'],
    [2, 3, 2, 'passed'],
    [3, 2, 2, 'passed'],
    [3, 2, 1, 'refused'],
  ])('at least %i: of %i there remain %i: %s', (leastAdministrators, before, after, outcome) => {
    const administrators = crowd(before, 20).map((person) => ({ ...person, memberships: boss.memberships }));
    const [verdict] = verdictsOf(factsOf(administrators, strict({ leastAdministrators })), administrators.slice(0, after));
    expect(verdict).toMatchObject({ outcome });
  });

  it('an enforcer that enforces less is a weakening; one that enforces as much is none', () => {
    const enforcer = { before: 'portal', after: 'none', unenforced: 2 };
    expect(verdictsOf(factsOf([boss], strict({ enforcer })), [boss])).toMatchObject([
      { guard: 'weakened', outcome: 'refused', message: 'enforcer portal → none: 2 scopes would be enforced no longer' },
    ]);
    expect(verdictsOf(factsOf([boss], strict({ enforcer: { ...enforcer, unenforced: 0 } })), [boss])).toMatchObject([
      { outcome: 'passed' },
    ]);
  });

  it('one of two may go', () => {
    const second = personOf(2, {}, 'Administrator');
    expect(verdictsOf(factsOf([boss, second]), [second])).toMatchObject([{ outcome: 'passed' }]);
  });

  it('an account that had none may be filled without one', () => {
    expect(verdictsOf(NOTHING, [], [rowOf('1')])).toMatchObject([{ outcome: 'passed' }]);
  });
});

describe('break-glass users', () => {
  const glass = personOf(2, { address: 'breakglass@northwind.example' }, 'Administrator');
  const facts = factsOf([boss, glass], { breakGlass: [2] });

  it.each([
    ['removed', []],
    ['demoted', rowsFor(glass).map((row) => ({ ...row, role: 'Manager' as const }))],
    ['disabled', rowsFor(glass).map((row) => ({ ...row, enabled: false }))],
  ])('are not %s', (_, rows) => {
    const [verdict] = verdictsOf(facts, [boss], rows);
    expect(verdict).toMatchObject({ outcome: 'refused', data: { breakGlass: ['breakglass@northwind.example'] } });
    expect(verdict?.message).toContain('breakglass@northwind.example');
  });

  it('may change their name', () => {
    expect(
      verdictsOf(
        facts,
        [boss],
        rowsFor(glass).map((row) => ({ ...row, name: 'Safe' })),
      ),
    ).toMatchObject([{ outcome: 'passed' }]);
  });
});

it('an address that is someone else’s is refused, naming both and how to declare them one', () => {
  const local = personOf(2, { externalId: 'hand-made', origin: 'local', address: 'ada@northwind.example' });
  const [verdict] = verdictsOf(factsOf([boss, local]), [boss], [rowOf('9', { address: 'ada@northwind.example', place: 'people.csv:4' })]);
  expect(verdict).toMatchObject({ outcome: 'refused' });
  for (const word of ['9', 'people.csv:4', 'hand-made', 'local']) expect(verdict?.message).toContain(word);
  expect(verdict?.remedy).toContain('--adopt ada@northwind.example');
});

it('every refusal is told, not the first alone', () => {
  const others = crowd(11, 10);
  const local = personOf(2, { origin: 'local', address: 'ada@northwind.example' });
  const facts = factsOf([boss, local, ...others], { breakGlass: [1] });
  expect(verdictsOf(facts, [], [rowOf('9', { address: 'ada@northwind.example' })]).map(({ outcome }) => outcome)).toEqual(
    Array(4).fill('refused'),
  );
});
