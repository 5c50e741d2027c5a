import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskOf, packDemand } from '../../../src/core/model/demand.ts';
import type { Obligation, Terms } from '../../../src/core/model/terms.ts';
import { ROLES } from '../../../src/core/model/words.ts';
import { demandOf } from '../../../src/core/plan/demanded.ts';
import { judge } from '../../../src/core/policy/requirement.ts';
import { day } from '../policy/world.ts';
import { terms } from './renderers/northwind.ts';

const SCOPE = 'northwind';
const ANY = 3;
const PASSKEY = maskOf(['passkey']);
const editors = (mask: number) => packDemand([['Editor', mask]]);
const row = (mask: number, since: number): Obligation => ({ scope: SCOPE, demand: editors(mask), since });
const asking = (more: Partial<Terms> = {}): Terms => ({
  ...terms(SCOPE, { rules: { requireMfa: true } }),
  demand: editors(ANY),
  grace: 0,
  enforceFrom: null,
  trust: [],
  ...more,
});
const stages = (own: Terms | null, rows: readonly Obligation[]) =>
  demandOf(SCOPE, own, rows, []).stages.map(({ role, kinds, from }) => [role, kinds.join('|'), from]);

describe('what an enforcer elsewhere is asked', () => {
  test('nothing, where nothing is enforced: no policy, turned off, report only', () => {
    for (const own of [null, asking({ requireMfa: false }), asking({ reportOnly: true })]) {
      const who = [{ externalId: '1', address: null }];
      expect(demandOf(SCOPE, own, [row(ANY, day(0))], who)).toEqual({
        scope: SCOPE,
        stages: [],
        grace: 0,
        trust: [],
        revokes: false,
        exempt: who,
      });
    }
  });

  test('the deadline of who was there: enforceFrom or obliged since, and the grace', () => {
    expect(stages(asking({ grace: day(14) - day(0) }), [row(ANY, day(1))])).toEqual([['Editor', 'totp|passkey', day(15)]]);
    expect(stages(asking({ enforceFrom: day(5) }), [row(ANY, day(1))])).toEqual([['Editor', 'totp|passkey', day(5)]]);
  });

  test('kinds narrowed: whoever has none by the old deadline, whoever has another kind by the new one', () => {
    const narrowed = asking({ demand: editors(PASSKEY) });
    expect(stages(narrowed, [row(ANY, day(1)), row(PASSKEY, day(9))])).toEqual([
      ['Editor', 'totp|passkey', day(1)],
      ['Editor', 'passkey', day(9)],
    ]);
  });

  test('kinds widened: the old row asks of those alone who have no kind at all', () => {
    expect(stages(asking(), [row(PASSKEY, day(1)), row(ANY, day(9))])).toEqual([['Editor', 'totp|passkey', day(1)]]);
  });

  test('no row: at once', () => {
    expect(stages(asking(), [])).toEqual([['Editor', 'totp|passkey', 0]]);
  });

  test('sessions end where the policy revokes them', () => {
    const own = asking({ rules: { requireMfa: true, existingSessions: 'Revoke' } });
    expect(demandOf(SCOPE, own, [], []).revokes).toBe(true);
  });

  test('it is what the requirement function says of everybody who joined before', () => {
    const mask = fc.integer({ min: 0, max: 3 });
    const rows = fc.array(fc.tuple(mask, fc.integer({ min: 0, max: 20 })), { maxLength: 4 });
    fc.assert(
      fc.property(
        mask,
        mask,
        rows,
        fc.integer({ min: 0, max: 5 }),
        fc.option(fc.integer({ min: 0, max: 20 }), { nil: null }),
        fc.integer({ min: 0, max: 30 }),
        (allowed, kinds, list, grace, from, now) => {
          // Apply writes a row for whatever it puts in force; without any, it holds at once.
          fc.pre(list.length === 0 || list.some(([asked]) => asked !== 0 && (asked & ~allowed) === 0));
          const own = asking({ demand: editors(allowed), grace, enforceFrom: from });
          const obligations = list.map(([asked, since]) => row(asked, since));
          const { state } = judge({ role: 'Editor', enabled: true, kinds, joined: 0, exemptions: [], proofs: [] }, own, obligations, now);
          const due = demandOf(SCOPE, own, obligations, []).stages.filter((stage) => stage.from <= now);
          const stopped = due.some((stage) => (maskOf(stage.kinds) & kinds) === 0);
          expect(stopped).toBe(state === 'Overdue');
        },
      ),
      { numRuns: 5000 },
    );
  });

  test('roles that a MyGlue account does not have are asked nothing there', () => {
    const everybody = packDemand(ROLES.map((role) => [role, ANY]));
    const roles = (scope: string) => demandOf(scope, asking({ scope, demand: everybody }), [], []).stages.map(({ role }) => role);
    expect(roles('northwind')).toEqual(ROLES);
    expect(roles('northwind/bakery')).toEqual(['Editor', 'Creator', 'Lite']);
  });
});
