import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskOf, packDemand } from '../../../src/core/model/demand.ts';
import { ROLES } from '../../../src/core/model/words.ts';
import { addsObligation, deadlineOf, obligedSince, wholeSecond } from '../../../src/core/policy/deadline.ts';
import { day, standing, timeline } from './world.ts';

const TOTP = maskOf(['totp']);
const PASSKEY = maskOf(['passkey']);
const enforce = { requireMfa: true, gracePeriod: '14d' } as const;
const off = { requireMfa: false, gracePeriod: '14d' } as const;
const reportOnly = { ...enforce, mode: 'ReportOnly' } as const;

describe('the old deadline stands', () => {
  const old = { state: 'Overdue', deadline: 14 };

  it('turned off and on again', () => {
    const scope = timeline();
    scope.apply(0, enforce);
    scope.apply(50, off);
    expect(scope.on(60)).toEqual({ state: 'NotRequired', deadline: null });
    scope.apply(100, enforce);
    expect(scope.on(101)).toEqual(old);
    expect(scope.rows()).toHaveLength(1);
  });

  it('enforced, report only, enforced', () => {
    const scope = timeline();
    scope.apply(0, enforce);
    scope.apply(50, reportOnly);
    expect(scope.on(60).state).toBe('WouldRequire');
    scope.apply(100, enforce);
    expect(scope.on(101)).toEqual(old);
  });

  it('a reset: the factor is gone, nothing is postponed again', () => {
    const scope = timeline();
    scope.apply(0, enforce);
    expect(scope.on(99, { kinds: TOTP }).state).toBe('Satisfied');
    expect(scope.on(100, { kinds: 0 })).toEqual(old);
  });

  it('a re-enabled user', () => {
    const scope = timeline();
    scope.apply(0, enforce);
    expect(scope.on(50, { enabled: false }).state).toBe('NotApplicable');
    expect(scope.on(100, { enabled: true })).toEqual(old);
  });

  it('an exemption that ends', () => {
    const scope = timeline();
    scope.apply(0, enforce);
    const exemptions = [{ document: 'leave', startsAt: day(0), expiresAt: day(100) }];
    expect(scope.on(99, { exemptions }).state).toBe('Exempt');
    expect(scope.on(100, { exemptions })).toEqual(old);
  });

  it('leaving and rejoining: the first joining counts', () => {
    const scope = timeline();
    scope.apply(0, enforce);
    expect(scope.on(200, { joined: day(3) })).toEqual({ state: 'Overdue', deadline: 17 });
  });

  it('a promotion into a role long obliged', () => {
    const scope = timeline();
    scope.apply(0, { ...enforce, roles: ['Administrator'] });
    expect(scope.on(100, { role: 'Editor' }).state).toBe('NotRequired');
    expect(scope.on(100, { role: 'Administrator' })).toEqual(old);
  });
});

describe('days before the first enforcement use up no grace', () => {
  it.each([
    ['report only', reportOnly],
    ['off', off],
  ])('%s', (_, first) => {
    const scope = timeline();
    scope.apply(0, first);
    expect(scope.rows()).toEqual([]);
    scope.apply(100, enforce);
    expect(scope.on(101)).toEqual({ state: 'Pending', deadline: 114 });
  });
});

describe('whoever is hit for the first time gets the whole grace from that apply', () => {
  it('kinds narrowed: who has only the other kind from now, who has none as before, who has the kind not at all', () => {
    const scope = timeline();
    scope.apply(0, enforce);
    scope.apply(100, { ...enforce, factors: ['passkey'] });
    expect(scope.on(100, { kinds: TOTP })).toEqual({ state: 'Pending', deadline: 114 });
    expect(scope.on(100, { kinds: 0 })).toEqual({ state: 'Overdue', deadline: 14 });
    expect(scope.on(100, { kinds: TOTP | PASSKEY }).state).toBe('Satisfied');
  });

  it('narrowed for one role: the other roles are not hit', () => {
    const scope = timeline();
    scope.apply(0, enforce);
    scope.apply(100, { ...enforce, factorsByRole: { Administrator: ['passkey'] } });
    expect(scope.on(100, { role: 'Administrator', kinds: TOTP })).toEqual({ state: 'Pending', deadline: 114 });
    expect(scope.on(100, { role: 'Editor', kinds: TOTP }).state).toBe('Satisfied');
    expect(scope.on(100, { role: 'Editor' })).toEqual({ state: 'Overdue', deadline: 14 });
  });

  it('kinds exchanged: a reset asks since the row that asked for what is now missing', () => {
    const scope = timeline();
    scope.apply(0, { ...enforce, factors: ['passkey'] });
    scope.apply(50, { ...enforce, factors: ['totp'] });
    expect(scope.on(51, { kinds: PASSKEY })).toEqual({ state: 'Pending', deadline: 64 });
    expect(scope.on(51, { kinds: 0 })).toEqual({ state: 'Overdue', deadline: 14 });
  });

  it('widened and narrowed again: nobody gets a second grace', () => {
    const scope = timeline();
    scope.apply(0, { ...enforce, factors: ['passkey'] });
    scope.apply(50, enforce);
    scope.apply(100, { ...enforce, factors: ['passkey'] });
    expect(scope.rows()).toHaveLength(1);
    expect(scope.on(101, { kinds: TOTP })).toEqual({ state: 'Overdue', deadline: 14 });
  });

  it('a new member from joining, however long the scope has asked', () => {
    const scope = timeline();
    scope.apply(0, enforce);
    expect(scope.on(101, { joined: day(100) })).toEqual({ state: 'Pending', deadline: 114 });
  });
});

describe('gracePeriod and enforceFrom are read from the terms in force', () => {
  it('shortened grace bites at once, also for those who postponed', () => {
    const scope = timeline();
    scope.apply(0, enforce);
    expect(scope.on(10)).toEqual({ state: 'Pending', deadline: 14 });
    scope.apply(10, { ...enforce, gracePeriod: '7d' });
    expect(scope.on(10)).toEqual({ state: 'Overdue', deadline: 7 });
  });

  it('no grace at all: overdue from the apply', () => {
    const scope = timeline();
    scope.apply(5, { requireMfa: true });
    expect(scope.on(5)).toEqual({ state: 'Overdue', deadline: 5 });
  });

  it('enforceFrom ahead moves the start, enforceFrom behind moves nothing', () => {
    const scope = timeline();
    scope.apply(0, { ...enforce, enforceFrom: '2026-01-21' });
    expect(scope.on(0)).toEqual({ state: 'Pending', deadline: 34 });
    expect(scope.on(0, { joined: day(30) })).toEqual({ state: 'Pending', deadline: 44 });
    scope.apply(1, { ...enforce, enforceFrom: '2025-06-01' });
    expect(scope.on(1)).toEqual({ state: 'Pending', deadline: 14 });
  });
});

it('obligations are of the actual scope: its own policy replaced by the default asks as before', () => {
  const scope = timeline('northwind/bakery');
  scope.apply(0, enforce);
  scope.apply(100, { ...enforce, enrollment: 'Token' });
  expect(scope.rows()).toMatchObject([{ scope: 'northwind/bakery', since: day(0) }]);
  expect(scope.on(100)).toEqual({ state: 'Overdue', deadline: 14 });
});

describe('the parts', () => {
  const demand = packDemand([['Editor', TOTP | PASSKEY]]);

  it('the earliest row that asks counts, in whatever order the rows come', () => {
    const rows = [30, 10, 20].map((n) => ({ scope: 'northwind', demand, since: day(n) }));
    expect(obligedSince(rows, 'Editor', 0)).toBe(day(10));
    expect(obligedSince(rows, 'Editor', TOTP)).toBeNull();
    expect(obligedSince(rows, 'Lite', 0)).toBeNull();
  });

  it('a deadline needs an obligation', () => {
    expect(deadlineOf({ enforceFrom: day(5), grace: 1 }, null, day(9))).toBeNull();
    expect(deadlineOf({ enforceFrom: null, grace: 1 }, day(3), day(2))).toBe(day(3) + 1);
  });

  it('an instant is cut to its second', () => {
    expect(wholeSecond(day(1) + 1999)).toBe(day(1) + 1000);
    expect(wholeSecond(day(1))).toBe(day(1));
  });

  it('nothing is obliged by a policy that does not enforce, or that lists nobody', () => {
    expect(addsObligation({ requireMfa: true, reportOnly: false, demand }, [])).toBe(true);
    expect(addsObligation({ requireMfa: false, reportOnly: false, demand }, [])).toBe(false);
    expect(addsObligation({ requireMfa: true, reportOnly: true, demand }, [])).toBe(false);
    expect(addsObligation({ requireMfa: true, reportOnly: false, demand: 0 }, [])).toBe(false);
  });

  it('after an apply every listed role is asked by some row, and applying the same again adds none', () => {
    const demands = fc
      .array(fc.nat({ max: 3 }), { minLength: 6, maxLength: 6 })
      .map((masks) => packDemand(ROLES.map((r, i) => [r, masks[i] ?? 0])));
    fc.assert(
      fc.property(fc.array(demands, { minLength: 1, maxLength: 6 }), (all) => {
        const rows: { scope: string; demand: number; since: number }[] = [];
        for (const [i, demand] of all.entries()) {
          const terms = { requireMfa: true, reportOnly: false, demand };
          if (addsObligation(terms, rows)) rows.push({ scope: 'northwind', demand, since: day(i) });
          expect(addsObligation(terms, rows)).toBe(false);
          for (const role of ROLES) {
            const who = standing({ role });
            const asked = (demand >> (3 * ROLES.indexOf(role))) & 7;
            for (let kinds = 0; asked !== 0 && kinds < 4; kinds += 1) {
              if ((kinds & asked) === 0) expect(obligedSince(rows, who.role, kinds)).not.toBeNull();
            }
          }
        }
      }),
    );
  });
});
