import { describe, expect, it } from 'vitest';
import type { ScopeDiff } from '../../../src/core/plan/diff-scopes.ts';
import { digestOf, documentDigest, planDigest, scopeDigest } from '../../../src/core/plan/digest.ts';
import { policyText, text } from '../policy/world.ts';
import { appliedFrom, changesTo, NOW, planTo, row } from './world.ts';

const was = policyText('northwind', {});
const next = policyText('northwind', { gracePeriod: '7d' });
const diffOf = (declared = next, inForce = appliedFrom([was])) => changesTo([declared], inForce).diffs.changed[0] as ScopeDiff;
const diff = diffOf();
const digest = scopeDigest(diff, 0, 'file');

it('is the SHA-256 of canonical JSON, in hex', () => {
  expect(digestOf({ b: 1, a: 2 })).toBe(digestOf({ a: 2, b: 1 }));
  expect(digestOf('')).toBe('12ae32cb1ec02d01eda3581b127c1fee3b0dc53572ed6baf239721a03d82e126');
});

describe("what is not in a scope's digest", () => {
  it('file names, lines and spelling', () => {
    expect(scopeDigest(diffOf(`\n\n${next.replace('7d', '168h')}`), 0, 'file')).toBe(digest);
    expect(scopeDigest({ ...diff, place: 'elsewhere.yaml:3', edits: [] }, 0, 'file')).toBe(digest);
  });

  it('the time, the enforcer, and the row of obligation', () => {
    expect(scopeDigest(changesTo([next], appliedFrom([was]), NOW + 1e9).diffs.changed[0] as ScopeDiff, 0, 'file')).toBe(digest);
    expect(scopeDigest({ ...diff, enforcer: 'none', obligation: null }, 0, 'file')).toBe(digest);
  });

  it('counts of people, and overrides', () => {
    const plan = planTo([next], appliedFrom([was]));
    const override = text('GuardOverride', 'once', {
      account: 'northwind',
      guard: 'weakened',
      digest: plan.scopes[0]?.digest,
      reason: 'r',
      expiresAt: '2027-01-01',
    });
    const other = planTo([next, override], appliedFrom([was]), {
      impact: [row('northwind', 'enrolled', 'past-deadline', 3)],
      now: NOW + 5,
    });
    expect(other.scopes[0]?.digest).toBe(plan.scopes[0]?.digest);
    // That of the plan tells what is lifted.
    expect(other.digest).not.toBe(plan.digest);
    expect(planTo([next], appliedFrom([was]), { now: NOW + 5 }).digest).toBe(plan.digest);
  });
});

describe("what is in a scope's digest", () => {
  const others: [string, () => string][] = [
    ['the scope', () => scopeDigest({ ...diff, scope: 'other' }, 0, 'file')],
    ['the action', () => scopeDigest({ ...diff, action: 'create' }, 0, 'file')],
    ['the rules', () => scopeDigest(diffOf(policyText('northwind', { gracePeriod: '8d' })), 0, 'file')],
    [
      'what is the document alone',
      () => scopeDigest(diffOf(policyText('northwind', { gracePeriod: '7d', breakGlass: ['ada'] })), 0, 'file'),
    ],
    ['the version of the exemptions', () => scopeDigest(diff, 1, 'file')],
    ['the version of the terms', () => scopeDigest({ ...diff, before: diff.before && { ...diff.before, version: 2 } }, 0, 'file')],
    ['the version of the document', () => scopeDigest({ ...diff, own: diff.own && { ...diff.own, version: 2 } }, 0, 'file')],
    ['the channel of the document', () => scopeDigest(diff, 0, 'git')],
    ['the name of the document', () => scopeDigest({ ...diff, own: diff.own && { ...diff.own, name: 'other' } }, 0, 'file')],
    [
      'what was changed by hand',
      () => scopeDigest({ ...diff, byHand: [{ field: 'mode', before: 'ReportOnly', after: undefined, place: null }] }, 0, 'file'),
    ],
    ['whether it has a document', () => scopeDigest({ ...diff, own: null }, 0, 'file')],
  ];
  it.each(others)('%s', (_, other) => {
    expect(other()).not.toBe(digest);
  });
});

it('a document by its kind, name, action, spec and version, wherever it stands', () => {
  const exemption = (name: string, users: string[]) =>
    text('MfaExemption', name, { account: 'northwind', users, reason: 'r', expiresAt: '2026-12-31' });
  const of = (...texts: string[]) => documentDigest(changesTo(texts, appliedFrom([])).documents[0] as never);
  const one = of(exemption('leave', ['ada']));
  expect(of(`\n${exemption('leave', ['ada'])}`)).toBe(one);
  const change = changesTo([exemption('leave', ['ada'])], appliedFrom([])).documents[0] as never as Parameters<typeof documentDigest>[0];
  const different = [
    of(exemption('away', ['ada'])),
    of(exemption('leave', ['ben'])),
    documentDigest({ ...change, action: 'delete' }),
    documentDigest({ ...change, version: 1 }),
    documentDigest({ ...change, kind: 'ComplianceReport' }),
  ];
  expect(new Set([one, ...different]).size).toBe(6);
});

it("the plan's own is over its parts, in their order", () => {
  expect(planDigest(['a', 'b'])).not.toBe(planDigest(['b', 'a']));
  expect(planDigest(['ab'])).not.toBe(planDigest(['a', 'b']));
});
