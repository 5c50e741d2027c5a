import { describe, expect, it } from 'vitest';
import type { KnownReset, ResetOutcome } from '../../../src/core/model/applied.ts';
import { RESET_OUTCOMES } from '../../../src/core/model/applied.ts';
import { decideReset, type ResetFacts } from '../../../src/core/plan/resets.ts';
import type { DeclaredReset } from '../../../src/core/policy/policy-set.ts';
import { day, termsOf } from '../policy/world.ts';

const ben = { account: 'northwind', called: 'ben', id: 7, address: 'ben@northwind.example', name: 'Ben' };
const request: DeclaredReset = {
  requestId: 'lost-1',
  account: 'northwind',
  user: 'ben',
  found: ben,
  reason: 'phone lost',
  requestedAt: day(1),
  expiresAt: day(5),
  approved: false,
  place: 'resets.yaml:6',
};
const known = (outcome: ResetOutcome, userId: number | null = 7): KnownReset => ({
  requestId: 'lost-1',
  account: 'northwind',
  userId,
  outcome,
  reason: 'as recorded',
  asked: 'phone lost',
  expiresAt: day(5),
  called: 'ben',
  requesterId: 1,
  approved: false,
  approverId: null,
  firstSeen: day(1),
  executedAt: null,
});
const no = (reason: string) => ({ allowed: false, reason }) as const;
const asks = termsOf({ requireMfa: true, resets: { approvals: 1 } });
const free = termsOf({ requireMfa: true });
const facts: ResetFacts = {
  known: undefined,
  terms: [free],
  right: { allowed: true },
  approval: no('the same person'),
  now: day(2),
  actorId: 2,
};

function decide(more: Partial<ResetFacts> = {}, asked: Partial<DeclaredReset> = {}) {
  const { outcome, reason, settled } = decideReset({ ...request, ...asked }, { ...facts, ...more });
  return [outcome, reason, ...(settled ? ['settled'] : [])];
}

/** Everything that later rows would refuse for: only the order can decide. */
const late = { right: no('not allowed'), terms: [asks], heldBy: 'resets', now: day(9) } as const;
const SETTLED = ['Executed', 'Expired', 'UserChanged'] as const;
const OPEN = RESET_OUTCOMES.filter((outcome) => !SETTLED.some((s) => s === outcome));

describe('the table, row by row', () => {
  it.each(SETTLED)('settled as %s, the same person: as it was', (outcome) => {
    expect(decide({ ...late, known: known(outcome) })).toEqual([outcome, 'as recorded', 'settled']);
    expect(decide({ ...late, known: known(outcome) }, { found: undefined })).toEqual([outcome, 'as recorded', 'settled']);
    expect(decide({ known: known(outcome, null) })).toEqual([outcome, 'as recorded', 'settled']);
  });

  it.each(SETTLED)('settled as %s, and now another person: refused', (outcome) => {
    const why = 'request lost-1 was for another person; use a new requestId';
    expect(decide({ known: known(outcome, 8) })).toEqual(['Refused', why, 'settled']);
  });

  it.each(OPEN)('%s, and now another person, or nobody: UserChanged', (outcome) => {
    const why = 'ben is not the person any more whom the request was accepted for';
    expect(decide({ ...late, known: known(outcome, 8) })).toEqual(['UserChanged', why]);
    expect(decide({ known: known(outcome) }, { found: undefined })).toEqual(['UserChanged', why]);
  });

  it.each(OPEN)('%s, the same person: decided anew', (outcome) => {
    expect(decide({ known: known(outcome) })).toEqual(['Executed', 'phone lost']);
    expect(decide({ known: known(outcome, null) })).toEqual(['Executed', 'phone lost']);
  });

  it('nobody is called so', () => {
    expect(decide(late, { found: undefined })).toEqual(['NoSuchUser', 'nobody in northwind is called ben']);
  });

  it('past its end, which does not belong to it any more', () => {
    expect(decide(late)).toEqual(['Expired', 'its expiresAt has passed']);
    expect(decide({ now: day(5) })).toEqual(['Expired', 'its expiresAt has passed']);
    expect(decide({ now: day(5) - 1 })[0]).toBe('Executed');
  });

  it('no right to', () => {
    expect(decide({ ...late, now: day(2) })).toEqual(['Refused', 'not allowed']);
    // Somebody else's open request is not theirs to end.
    for (const outcome of OPEN) expect(decide({ ...late, now: day(2), known: known(outcome) })).toEqual([outcome, 'as recorded']);
  });

  it('approval asked for, and not given yet', () => {
    const waits = { terms: [asks], heldBy: 'resets' } as const;
    expect(decide(waits)).toEqual([
      'AwaitingApproval',
      'another Administrator must apply the MfaReset with requestId lost-1 and approved: true',
    ]);
    expect(decide({ ...waits, approval: { allowed: true } })[0]).toBe('AwaitingApproval');
    expect(decide({ ...waits, known: known('AwaitingApproval'), approval: { allowed: true } })[0]).toBe('AwaitingApproval');
  });

  it('approval is the act that turns approved to true, by a second person', () => {
    const second = { terms: [asks], actorId: 2, approval: { allowed: true } } as const;
    expect(decide({ ...second, known: known('AwaitingApproval') }, { approved: true })).toEqual(['Executed', 'phone lost']);
    expect(decideReset({ ...request, approved: true }, { ...facts, ...second, known: known('AwaitingApproval') })).toMatchObject({
      approved: true,
      approverId: 2,
    });
  });

  it('an approval that was given stays, whoever acts now', () => {
    const approved = { ...known('Held'), approved: true, approverId: 2 };
    expect(decide({ terms: [asks], known: approved }, { approved: true })).toEqual(['Executed', 'phone lost']);
    expect(decide({ terms: [asks], known: approved })).toEqual(['Executed', 'phone lost']);
  });

  it.each([
    ['it came in with it', undefined, { allowed: true } as const, 'came in as approved'],
    [
      'it was seen with it before, set by nobody who may',
      { ...known('Refused'), approved: true },
      { allowed: true } as const,
      'second administrator',
    ],
  ])('approved by nobody: %s', (_, before, approval, why) => {
    const [outcome, reason] = decide({ terms: [asks], known: before, approval, heldBy: 'resets' }, { approved: true });
    expect([outcome, reason]).toEqual(['Refused', expect.stringContaining(why)]);
    expect(reason).toContain('new requestId');
  });

  it('its requester sets it: it waits on, seen as before, and a second person approves it', () => {
    const change = decideReset({ ...request, approved: true }, { ...facts, terms: [asks], known: known('AwaitingApproval') });
    expect(change).toMatchObject({
      outcome: 'AwaitingApproval',
      approved: false,
      approverId: null,
      reason: 'the same person; another Administrator must apply the MfaReset with requestId lost-1 and approved: true',
    });
  });

  it('says nothing where none is asked for', () => {
    expect(decide({ terms: [free] }, { approved: true })).toEqual(['Executed', 'phone lost']);
  });

  it('what somebody without the right says of it is not kept', () => {
    const change = decideReset({ ...request, approved: true }, { ...facts, known: known('AwaitingApproval'), right: no('not allowed') });
    expect(change).toMatchObject({ outcome: 'AwaitingApproval', approved: false, approverId: null });
  });

  it("of the person's scopes the strictest asks", () => {
    expect(decide({ terms: [free, asks] })[0]).toBe('AwaitingApproval');
    expect(decide({ terms: [free, free] })[0]).toBe('Executed');
    expect(decide({ terms: [] })[0]).toBe('Executed');
  });

  it('a guard holds it', () => {
    expect(decide({ heldBy: 'resets' })).toEqual(['Held', 'the resets guard holds it']);
    expect(decide({ heldBy: 'administrators' })).toEqual(['Held', 'the administrators guard holds it']);
  });
});

it('says who, and where the request stands; the person known to the store when nobody is found', () => {
  expect(decideReset(request, facts)).toMatchObject({
    requestId: 'lost-1',
    account: 'northwind',
    user: 'ben',
    userId: 7,
    place: 'resets.yaml:6',
  });
  expect(decideReset({ ...request, found: undefined }, { ...facts, known: known('Executed', 9) }).userId).toBe(9);
  expect(decideReset({ ...request, found: undefined }, facts).userId).toBeNull();
});
