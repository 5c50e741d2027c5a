import { describe, expect, it } from 'vitest';
import { digestOf, peopleDigest, planDigest } from '../../../src/core/plan/digest.ts';
import { administratorsVerdict } from '../../../src/core/plan/guards/administrators.ts';
import { resetsVerdict } from '../../../src/core/plan/guards/resets.ts';
import { changes } from '../../../src/core/plan/judge.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { account, applied, day, policyText, text } from '../policy/world.ts';
import { appliedFrom, brief, NOW, planTo, row } from './world.ts';

const policy = policyText;
const withDefault = (rules: object = {}, more: object = {}) =>
  policy('northwind', { myGlueDefault: { requireMfa: true, ...rules }, ...more });
const heldIn = (plan: Plan) => plan.scopes.filter((s) => s.held).map((s) => s.scope);
const digestIn = (plan: Plan, scope: string) => plan.scopes.find((s) => s.scope === scope)?.digest ?? '';
const override = (digest: string, more: object = {}) =>
  text('GuardOverride', 'once', { account: 'northwind', guard: 'weakened', digest, reason: 'agreed', expiresAt: '2027-01-01', ...more });

describe('what a guard refuses is held, and that alone', () => {
  const was = appliedFrom([policy('northwind', {}), policy('northwind/cafe', {})]);

  it('one scope is held, the other goes on', () => {
    const plan = planTo([policy('northwind', { gracePeriod: '7d' }), policy('northwind/cafe', { enrollment: 'Token' })], was);
    expect(heldIn(plan)).toEqual(['northwind']);
    expect(plan.counts).toEqual({ changes: 2, held: 1, unchanged: 0 });
    expect(plan.scopes[0]?.verdicts.map(brief)).toEqual(['weakened refused: grace period longer: 0 → 7d, 0 people (0 enrolled)']);
  });

  it('counted people are those of the scope', () => {
    const impact = [row('northwind', 'enrolled', 'past-deadline', 10), row('northwind/cafe', 'enrolled', 'enrolled', 20, { kinds: 3 })];
    const plan = planTo([policy('northwind', { factors: ['passkey'] }), policy('northwind/cafe', { factors: ['passkey'] })], was, {
      impact,
    });
    expect(heldIn(plan)).toEqual(['northwind']);
    expect(plan.scopes.map(({ impact }) => impact.members)).toEqual([10, 20]);
  });

  it('a limit that the same change loosens does not judge it; a first policy is judged by its own', () => {
    const impact = [row('northwind', 'turned-off', 'past-deadline', 10)];
    const guards = { overdueAtOnce: '100%' };
    const later = planTo([policy('northwind', { guards, factors: ['passkey'] })], appliedFrom([policy('northwind', {})]), { impact });
    expect(later.scopes[0]?.verdicts.map(({ guard, outcome }) => `${guard} ${outcome}`)).toEqual([
      'overdue-at-once refused',
      'weakened refused',
    ]);
    const first = planTo([policy('northwind', { guards })], applied(), { impact });
    expect(heldIn(first)).toEqual([]);
    expect(first.scopes[0]?.verdicts).toMatchObject([{ guard: 'overdue-at-once', outcome: 'passed' }]);
  });
});

describe('scopes that follow the default of the account', () => {
  const was = appliedFrom([withDefault(), policy('northwind/cafe', {})]);

  it('are held with it; one with its own document is not', () => {
    const plan = planTo(
      [withDefault({ factors: ['passkey'] }, { gracePeriod: '7d' }), policy('northwind/cafe', { factors: ['passkey'] })],
      was,
    );
    expect(plan.scopes.map(({ scope, via, held }) => [scope, via, held])).toEqual([
      ['northwind', 'own', true],
      ['northwind/bakery', 'default', true],
      ['northwind/cafe', 'own', false],
    ]);
  });

  it('a weaker default holds the account itself, for those that are still to come', () => {
    expect(heldIn(planTo([withDefault({ gracePeriod: '1d' }), policy('northwind/cafe', {})], was))).toEqual([
      'northwind',
      'northwind/bakery',
    ]);
  });

  it('of another account are not', () => {
    const accounts = [account('northwind', ['bakery']), account('other', ['shop'])];
    const both = appliedFrom([withDefault(), policy('other', { myGlueDefault: { requireMfa: true } })], { accounts });
    const other = policy('other', { myGlueDefault: { requireMfa: true, enrollment: 'Token' } });
    expect(heldIn(planTo([withDefault({}, { gracePeriod: '7d' }), other], both))).toEqual(['northwind']);
  });
});

describe('overrides', () => {
  const was = appliedFrom([policy('northwind', {}), policy('northwind/cafe', {})]);
  const weaker = [policy('northwind', { gracePeriod: '7d' }), policy('northwind/cafe', { gracePeriod: '7d' })];
  const refused = planTo(weaker, was);

  it('lift one guard of one scope, and change its digest not, but that of the plan', () => {
    const plan = planTo([...weaker, override(digestIn(refused, 'northwind'))], was);
    expect(heldIn(plan)).toEqual(['northwind/cafe']);
    expect(plan.scopes[0]?.verdicts).toMatchObject([{ outcome: 'overridden', remedy: 'overridden by once: agreed' }]);
    expect(plan.scopes.map((s) => s.digest)).toEqual(refused.scopes.map((s) => s.digest));
    expect(plan.digest).not.toBe(refused.digest);
    const another = override(digestIn(refused, 'northwind'), { reason: 'because' });
    expect(planTo([...weaker, another], was).digest).not.toBe(plan.digest);
    expect(plan.counts.changes).toBe(2);
  });

  it.each([
    ['for another guard', { guard: 'overdue-at-once' }],
    ['for another scope', { myGlueAccount: 'cafe' }],
    ['lapsed', { expiresAt: '2026-02-01' }],
  ])('%s do not', (_, more) => {
    const plan = planTo([...weaker, override(digestIn(refused, 'northwind'), more)], was);
    expect(heldIn(plan)).toEqual(['northwind', 'northwind/cafe']);
    expect(plan.digest).toBe(refused.digest);
  });

  it('do not fit once the change is another', () => {
    const other = [policy('northwind', { gracePeriod: '8d' }), policy('northwind/cafe', {})];
    expect(heldIn(planTo([...other, override(digestIn(refused, 'northwind'))], was))).toEqual(['northwind']);
  });
});

describe('verdicts on the account', () => {
  const was = appliedFrom([policy('northwind', {}), policy('northwind/cafe', {}), policy('northwind/bakery', {})]);
  const stricter = [policy('northwind', { factors: ['passkey'] }), policy('northwind/cafe', { enrollment: 'Token' })];
  const verdicts = [administratorsVerdict('northwind', 0, 1)];

  it('no administrator left holds every change of the account, but not what does not change', () => {
    const plan = planTo(stricter, was, { verdicts });
    expect(plan.scopes.map(({ scope, action, held }) => [scope, action, held])).toEqual([
      ['northwind', 'update', true],
      ['northwind/bakery', 'orphan', false],
      ['northwind/cafe', 'update', true],
    ]);
    expect(planTo(stricter, was, { verdicts: [administratorsVerdict('other', 0, 1)] }).counts.held).toBe(0);
  });

  it('is lifted by the digest over all that changes in the account', () => {
    const plan = planTo(stricter, was, { verdicts });
    const digest = plan.verdicts[0]?.digest ?? '';
    expect(digest).toBe(planDigest(plan.scopes.map((s) => s.digest)));
    const lifted = planTo([...stricter, override(digest, { guard: 'administrators' })], was, { verdicts });
    expect(lifted.verdicts).toMatchObject([{ outcome: 'overridden' }]);
    expect(lifted.counts.held).toBe(0);
  });

  it('held resets hold no scope, and keep the digest that they were judged with', () => {
    const judged = { ...resetsVerdict('northwind', 10, 1, 10), digest: digestOf(['lost-1']) };
    const plan = planTo(stricter, was, { resetVerdicts: [judged] });
    expect(plan.verdicts).toEqual([judged]);
    expect(plan.counts.held).toBe(0);
  });
});

describe('counts, documents and digest', () => {
  const leave = text('MfaExemption', 'leave', { account: 'northwind', users: ['ada'], reason: 'r', expiresAt: '2026-12-31' });

  it('nothing changes', () => {
    const plan = planTo([policy('northwind', {})], appliedFrom([policy('northwind', {})]));
    expect(plan).toMatchObject({
      scopes: [],
      documents: [],
      counts: { changes: 0, held: 0, unchanged: 1 },
      digest: planDigest([peopleDigest({ users: new Map(), resets: [] })]),
      now: NOW,
    });
  });

  it('an orphan and a move are no changes, and are told', () => {
    const was = appliedFrom([policy('northwind', {}), policy('northwind/cafe', {}), leave]);
    const plan = planTo([`\n${policy('northwind', {})}`, leave], was);
    expect(plan.scopes.map(({ action }) => action)).toEqual(['move', 'orphan']);
    expect(plan.documents.map(({ action }) => action)).toEqual(['move', 'move', 'orphan']);
    expect(plan.counts).toMatchObject({ changes: 0, held: 0 });
    expect((['create', 'update', 'delete', 'move', 'orphan', 'none'] as const).filter((action) => changes({ action }))).toEqual([
      'create',
      'update',
      'delete',
    ]);
  });

  it('an exemption is a change of its own, with the people whom nobody knows', () => {
    const plan = planTo([policy('northwind', {}), leave], appliedFrom([policy('northwind', {})]));
    expect(plan.counts).toEqual({ changes: 1, held: 0, unchanged: 1 });
    expect(plan.unknownUsers).toMatchObject([{ called: 'ada' }]);
    expect(plan.digest).not.toBe(planTo([policy('northwind', {})], appliedFrom([policy('northwind', {})])).digest);
  });

  it('the same change planned later has the same digest; made against other exemptions it has not', () => {
    const [declared, was] = [[policy('northwind', { factors: ['passkey'] })], appliedFrom([policy('northwind', {})])];
    expect(planTo(declared, was, { now: day(300) })).toMatchObject({ now: day(300), digest: planTo(declared, was).digest });
    const other = { ...was, accounts: [account('northwind', ['bakery', 'cafe'], { exemptionsVersion: 1 })] };
    expect(planTo(declared, other).digest).not.toBe(planTo(declared, was).digest);
  });
});
