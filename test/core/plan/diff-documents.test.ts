import { describe, expect, it } from 'vitest';
import { diffDocuments } from '../../../src/core/plan/diff-documents.ts';
import { policyText, read, setOf, text } from '../policy/world.ts';
import { appliedFrom, changesTo } from './world.ts';

const policy = (spec: object = {}, name = 'northwind') => policyText('northwind', spec, name);
const exemption = (users: readonly string[] = ['ada'], name = 'leave') =>
  text('MfaExemption', name, { account: 'northwind', users, reason: 'leave', expiresAt: '2026-12-31' });
const report = text('ComplianceReport', 'weekly', { accounts: ['northwind'], schedule: '0 7 * * MON' });
const changes = (was: readonly string[], now: readonly string[]) => changesTo(now, appliedFrom(was)).documents;
const actions = (was: readonly string[], now: readonly string[]) =>
  changes(was, now).map(({ kind, name, action }) => `${action} ${kind} ${name}`);

describe('the table, row by row', () => {
  it('declared, not in force: create', () => {
    expect(actions([], [policy(), exemption(), report])).toEqual([
      'create MfaPolicy northwind',
      'create MfaExemption leave',
      'create ComplianceReport weekly',
    ]);
    expect(changes([], [policy({ gracePeriod: '7d' })])[0]).toMatchObject({
      before: null,
      version: null,
      previousName: null,
      scope: 'northwind',
    });
  });

  it('the same spec, name and place: none, whatever the spelling', () => {
    expect(actions([policy(), exemption(), report], [policy(), exemption(), report])).toEqual([
      'none MfaPolicy northwind',
      'none MfaExemption leave',
      'none ComplianceReport weekly',
    ]);
    expect(actions([policy({ gracePeriod: '2w' })], [policy({ gracePeriod: '14d' })])).toEqual(['none MfaPolicy northwind']);
  });

  it('the same spec and name elsewhere: move', () => {
    expect(actions([policy()], [`\n${policy()}`])).toEqual(['move MfaPolicy northwind']);
    expect(actions([policy(), exemption()], [exemption(), policy()])).toEqual(['move MfaPolicy northwind', 'move MfaExemption leave']);
  });

  it('another spec: update, from the version in force', () => {
    const [change] = changes([policy()], [policy({ gracePeriod: '7d' })]);
    expect(change).toMatchObject({
      action: 'update',
      version: 1,
      before: { requireMfa: true },
      after: { gracePeriod: '7d' },
      place: 'a.yaml:5',
    });
    expect(change?.edits).toMatchObject([{ field: 'gracePeriod', before: undefined, after: '7d' }]);
    expect(actions([exemption(['ada'])], [exemption(['ada', 'ben'])])).toEqual(['update MfaExemption leave']);
  });

  it('a renamed policy is the same policy; another kind under another name is another document', () => {
    const [change, ...rest] = changes([policy()], [policy({}, 'account')]);
    expect(rest).toEqual([]);
    expect(change).toMatchObject({ action: 'update', name: 'account', previousName: 'northwind' });
    expect(change?.edits).toEqual([{ field: 'name', before: 'northwind', after: 'account', place: 'a.yaml:5' }]);
    expect(actions([exemption(['ada'], 'leave')], [exemption(['ada'], 'away')])).toEqual([
      'create MfaExemption away',
      'delete MfaExemption leave',
    ]);
  });

  it('a policy that is gone: kept, unless the version last applied says Delete', () => {
    const [kept] = changes([policy(), report], [report]).filter(({ kind }) => kind === 'MfaPolicy');
    expect(kept).toMatchObject({ action: 'orphan', after: null, source: null, version: 1, edits: [], place: 'a.yaml:5' });
    expect(actions([policy({ deletionPolicy: 'Orphan' })], [])).toEqual(['orphan MfaPolicy northwind']);
    expect(actions([policy({ deletionPolicy: 'Delete' })], [])).toEqual(['delete MfaPolicy northwind']);
  });

  it('an exemption or a report that is gone: delete', () => {
    expect(actions([exemption(), report], [])).toEqual(['delete MfaExemption leave', 'delete ComplianceReport weekly']);
  });
});

it('what another channel declared is neither ours to change nor to end', () => {
  const theirs = appliedFrom([exemption(), report]).documents.map((d) => ({ ...d, channel: 'git' as const }));
  expect(diffDocuments(setOf(read()), theirs)).toEqual([]);
  expect(diffDocuments(setOf(read(exemption())), theirs)).toMatchObject([{ action: 'create', version: null }]);
});
