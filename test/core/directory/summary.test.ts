import { describe, expect, it } from 'vitest';
import { compareDirectory } from '../../../src/core/directory/compare.ts';
import { summarize } from '../../../src/core/directory/summary.ts';
import type { DirectoryFacts, DirectoryRead } from '../../../src/core/model/directory.ts';
import { ACCOUNT, factsOf, membershipOf, NOTHING, personOf, readOf, rowOf } from './store-model.ts';

const BAKERY = 'northwind/bakery';

function summaryOf(read: DirectoryRead, facts: DirectoryFacts) {
  return summarize(compareDirectory(read, facts).changes, facts);
}

describe('an import in figures', () => {
  it('of a new account', () => {
    const summary = summaryOf(readOf([rowOf('1', { role: 'Administrator' }), rowOf('2'), rowOf('2', { scope: BAKERY })]), NOTHING);
    expect(summary.people).toMatchObject({ before: 0, after: 2, created: 2, removed: 0 });
    expect(summary.administrators).toEqual({ before: 0, after: 1 });
    expect(summary.enabledBefore).toBe(0);
    expect(summary.scopes).toMatchObject([
      { scope: ACCOUNT, isNew: true, before: 0, after: 2, joined: 2 },
      { scope: BAKERY, isNew: true, before: 0, after: 1, joined: 1 },
    ]);
  });

  it('tells promotions from demotions, by scope and by person', () => {
    const facts = factsOf([personOf(1, {}, 'Lite'), personOf(2, {}, 'Manager'), personOf(3, {}, 'Editor')]);
    const read = readOf([rowOf('1', { role: 'Editor' }), rowOf('2', { role: 'Editor' }), rowOf('3')]);
    const summary = summaryOf(read, facts);
    expect(summary.scopes).toMatchObject([{ scope: ACCOUNT, promoted: 1, demoted: 1, before: 3, after: 3 }]);
    expect(summary.people.demoted).toBe(1);
    expect(summary.affected).toMatchObject([{ id: 2, called: '2', demoted: true, removed: false }]);
  });

  it('counts a person once, and as removed only when nothing is left', () => {
    const both = personOf(1, { memberships: [membershipOf(ACCOUNT), membershipOf(BAKERY)] });
    const facts = factsOf([both, personOf(2)]);
    const summary = summaryOf(readOf([], { wholeScopes: [ACCOUNT] }), facts);
    expect(summary.people).toMatchObject({ before: 2, after: 1, removed: 1 });
    expect(summary.affected.map(({ id, removed, ended }) => [id, removed, ended])).toEqual([
      [1, false, true],
      [2, true, true],
    ]);
  });

  it.each([
    ['disabled', { enabled: false }, {}, true],
    ['made a service account', { service: true }, {}, true],
    ['without a way in', { localPassword: false }, {}, true],
    ['left with single sign-on', { localPassword: false }, { sso: true }, false],
    ['disabled before', { service: true }, { enabled: false }, false],
  ])('shut out: %s', (_, said, held, isShutOut) => {
    const summary = summaryOf(readOf([rowOf('1', said)]), factsOf([personOf(1, held)]));
    expect(summary.people.disabled).toBe(isShutOut ? 1 : 0);
  });

  it('counts those who can sign in again', () => {
    const summary = summaryOf(readOf([rowOf('1', { enabled: true })]), factsOf([personOf(1, { enabled: false })]));
    expect(summary.people).toMatchObject({ enabled: 1, disabled: 0, updated: 1 });
  });

  it('a newer last sign-in alone is no update to tell', () => {
    expect(summaryOf(readOf([rowOf('1', { lastSignIn: 5 })]), factsOf([personOf(1)])).people.updated).toBe(0);
  });

  it('tells members of other origins, and those taken over no more', () => {
    const facts = factsOf([personOf(1, { origin: 'local', address: 'a@x.example' }), personOf(2, { origin: 'local' })]);
    const read = readOf([rowOf('9', { address: 'a@x.example' })]);
    expect(summaryOf(readOf([]), facts).people.elsewhere).toBe(2);
    expect(summarize(compareDirectory(read, facts, new Set(['a@x.example'])).changes, facts).people).toMatchObject({
      adopted: 1,
      elsewhere: 1,
    });
  });

  it.each([
    ['an administrator leaves', [], 0],
    ['is demoted', [rowOf('1', { role: 'Manager' })], 0],
    ['is disabled', [rowOf('1', { role: 'Administrator', enabled: false })], 0],
    ['stays', [rowOf('1', { role: 'Administrator' })], 1],
    ['another is promoted', [rowOf('1', { role: 'Administrator' }), rowOf('2', { role: 'Administrator' })], 2],
    ['another comes back', [rowOf('3', { role: 'Administrator' })], 1],
    ['another joins from a MyGlue account', [rowOf('4', { role: 'Administrator' })], 1],
    ['a new one comes', [rowOf('5', { role: 'Administrator' })], 1],
    ['a new one who cannot sign in', [rowOf('5', { role: 'Administrator', localPassword: false })], 0],
  ])('administrators who can sign in: %s', (_, rows, after) => {
    const facts = factsOf([
      personOf(1, {}, 'Administrator'),
      personOf(2),
      personOf(3, { memberships: [membershipOf(ACCOUNT, 'Lite', true)] }),
      personOf(4, { memberships: [membershipOf(BAKERY, 'Lite')] }),
    ]);
    expect(summaryOf(readOf(rows, { wholeScopes: [ACCOUNT] }), facts).administrators).toEqual({ before: 1, after });
  });
});
