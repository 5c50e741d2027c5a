import { describe, expect, it } from 'vitest';
import { account, applied, DAY, day, policyText } from '../policy/world.ts';
import { appliedFrom, changesTo, NOW } from './world.ts';

const policy = policyText;
const account_ = (more: object = {}) => policy('northwind', more);
const withDefault = (rules: object = {}, more: object = {}) => account_({ myGlueDefault: { requireMfa: true, ...rules }, ...more });
const actions = (was: readonly string[], now: readonly string[]) =>
  changesTo(now, appliedFrom(was)).diffs.changed.map(({ scope, action, via }) => `${action} ${scope} ${via}`);

describe('the table, row by row', () => {
  it('none → some: create', () => {
    expect(actions([], [account_()])).toEqual(['create northwind own']);
    expect(actions([], [withDefault()])).toEqual([
      'create northwind own',
      'create northwind/bakery default',
      'create northwind/cafe default',
    ]);
  });

  it('other rules: update', () => {
    expect(actions([account_()], [account_({ gracePeriod: '7d' })])).toEqual(['update northwind own']);
  });

  it('the same rules, the document updated in what is its alone: update of its scope', () => {
    expect(actions([account_()], [account_({ breakGlass: ['ada'] })])).toEqual(['update northwind own']);
    expect(actions([withDefault()], [withDefault({ gracePeriod: '7d' })])).toEqual([
      'update northwind own',
      'update northwind/bakery default',
      'update northwind/cafe default',
    ]);
  });

  it('the same rules, another line: move, of those too that follow the default', () => {
    expect(actions([withDefault()], [`\n${withDefault()}`])).toEqual([
      'move northwind own',
      'move northwind/bakery default',
      'move northwind/cafe default',
    ]);
  });

  it('the document is gone and the requirement kept: orphan; the default that goes with it is kept too', () => {
    expect(actions([account_()], [])).toEqual(['orphan northwind own']);
    expect(actions([withDefault()], [])).toEqual(['orphan northwind own']);
  });

  it('nothing covers the scope any more: delete', () => {
    expect(actions([account_({ deletionPolicy: 'Delete' })], [])).toEqual(['delete northwind own']);
    expect(actions([withDefault()], [account_()])).toEqual([
      'update northwind own',
      'delete northwind/bakery default',
      'delete northwind/cafe default',
    ]);
  });

  it('else none', () => {
    const { diffs } = changesTo([withDefault()], appliedFrom([withDefault()]));
    expect(diffs.changed).toEqual([]);
    expect(diffs.unchanged).toBe(3);
    expect(actions([], [])).toEqual([]);
  });
});

describe('between its own document and the default of the account', () => {
  it('its own document comes: the rules are compared with those of the default', () => {
    const { diffs } = changesTo(
      [withDefault({ gracePeriod: '7d' }), policy('northwind/cafe', { enrollment: 'Token' })],
      appliedFrom([withDefault({ gracePeriod: '7d' })]),
    );
    expect(diffs.changed).toMatchObject([{ scope: 'northwind/cafe', action: 'update', via: 'own', own: { action: 'create' } }]);
    expect(diffs.changed[0]?.edits).toMatchObject([
      { field: 'enrollment', before: undefined, after: 'Token' },
      { field: 'gracePeriod', before: '7d', after: undefined },
    ]);
    expect(diffs.unchanged).toBe(2);
  });

  it('its own document goes: the default takes its place, and the plan says in what it differs', () => {
    const own = policy('northwind/cafe', { enrollment: 'Token', deletionPolicy: 'Delete' });
    const { diffs } = changesTo([withDefault({ gracePeriod: '7d' })], appliedFrom([withDefault({ gracePeriod: '7d' }), own]));
    const [diff] = diffs.changed;
    expect(diff).toMatchObject({
      scope: 'northwind/cafe',
      action: 'update',
      via: 'default',
      document: 'northwind',
      own: { action: 'delete' },
    });
    expect(diff?.edits.map(({ field, before, after: next }) => [field, before, next])).toEqual([
      ['gracePeriod', undefined, '7d'],
      ['enrollment', 'Token', undefined],
      ['deletionPolicy', 'Delete', undefined],
    ]);
    expect(diff?.place).toMatch(/^a\.yaml:/);
  });

  it('its own document comes or goes and says the same as the default: an update all the same', () => {
    const own = policy('northwind/cafe', {});
    expect(actions([withDefault()], [withDefault(), own])).toEqual(['update northwind/cafe own']);
    const leaving = policy('northwind/cafe', { deletionPolicy: 'Delete' });
    const same = withDefault({ deletionPolicy: 'Delete' });
    expect(actions([same, leaving], [same])).toEqual(['update northwind/cafe default']);
  });

  it('its own document is gone and kept: the default does not take its place', () => {
    expect(actions([withDefault(), policy('northwind/cafe', { gracePeriod: '1d' })], [withDefault()])).toEqual([
      'orphan northwind/cafe own',
    ]);
  });

  it('a MyGlue account that the directory has come to know', () => {
    const known = appliedFrom([withDefault()]);
    const grown = { ...known, accounts: [account('northwind', ['bakery', 'cafe', 'new'])] };
    expect(changesTo([withDefault()], grown).diffs.changed).toMatchObject([
      { scope: 'northwind/new', action: 'create', via: 'default', own: null },
    ]);
  });
});

it('policies of other channels stay in force, and their defaults with them', () => {
  const known = appliedFrom([withDefault()]);
  const theirs = { ...known, documents: known.documents.map((d) => ({ ...d, channel: 'git' as const })) };
  const { diffs } = changesTo([policy('northwind/cafe', { gracePeriod: '1d' })], theirs);
  expect(diffs.changed.map(({ scope }) => scope)).toEqual(['northwind/cafe']);
  expect(diffs.policies.map(({ name }) => name).sort()).toEqual(['northwind', 'northwind-cafe']);
});

describe('the row of obligation that applying adds', () => {
  const rowsOf = (was: readonly string[], now: readonly string[], obligations: ReturnType<typeof applied>['obligations'] = [], at = NOW) =>
    changesTo(now, appliedFrom(was, { obligations }), at).diffs.changed.map(({ scope, obligation }) => [scope, obligation?.since ?? null]);

  it('one for each actual scope, at whole seconds', () => {
    expect(rowsOf([], [withDefault()], [], NOW + 1234)).toEqual(
      ['northwind', 'northwind/bakery', 'northwind/cafe'].map((scope) => [scope, NOW + 1000]),
    );
  });

  it('none for a policy that does not enforce, or asks nothing new', () => {
    expect(rowsOf([], [account_({ mode: 'ReportOnly' })])).toEqual([['northwind', null]]);
    const [before] = appliedFrom([account_()]).terms;
    const asked = [{ scope: 'northwind', demand: before?.demand ?? 0, since: day(0) }];
    expect(rowsOf([account_()], [account_({ gracePeriod: '7d' })], asked)).toEqual([['northwind', null]]);
    expect(rowsOf([account_()], [account_({ factors: ['passkey'] })], asked)).toEqual([['northwind', NOW]]);
    expect(rowsOf([], [account_()], [{ scope: 'northwind/cafe', demand: before?.demand ?? 0, since: day(0) }])).toEqual([
      ['northwind', NOW],
    ]);
  });
});

it('the place is the first edited line, else that of the requirement', () => {
  const text = account_({ gracePeriod: '7d' });
  const line = text.slice(0, text.indexOf('"gracePeriod"')).split('\n').length;
  const [diff] = changesTo([text], appliedFrom([account_()])).diffs.changed;
  expect(diff).toMatchObject({ place: `a.yaml:${line}`, document: 'northwind', enforcer: 'portal', after: { grace: 7 * DAY } });
  const [created] = changesTo([text], applied()).diffs.changed;
  expect(created?.place).toBe(`a.yaml:${line - 1}`);
});
