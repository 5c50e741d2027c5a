import { describe, expect, it } from 'vitest';
import type { IdentityProviderRule, MfaPolicyRules } from '../../../src/core/documents/schema.ts';
import { maskOf, packDemand } from '../../../src/core/model/demand.ts';
import { REASONS, type Standing } from '../../../src/core/model/requirement.ts';
import type { Obligation, Terms } from '../../../src/core/model/terms.ts';
import { ROLES } from '../../../src/core/model/words.ts';
import { judge } from '../../../src/core/policy/requirement.ts';
import { day, proof, standing, termsOf } from './world.ts';

const TOTP = maskOf(['totp']);
const PASSKEY = maskOf(['passkey']);
const trust: IdentityProviderRule = { provider: 'entra', upstreamMfa: 'Trust', amr: ['mfa'], maxAge: '8h' };
const lines = { requireMfa: 7, roles: 8, factors: 9, sso: 10, mode: 11, enforceFrom: 12, gracePeriod: 13 };

/** Everything that a later rule would look at speaks too: only the order can decide. */
const rules: MfaPolicyRules = { requireMfa: true, roles: ['Editor'], sso: [trust], gracePeriod: '14d' };
const terms = termsOf(rules, 'northwind', { origin: { document: 'northwind', via: 'own', file: 'a.yaml', lines } });
const rows: readonly Obligation[] = [{ scope: 'northwind', demand: terms.demand, since: day(0) }];
const exemption = { document: 'parental-leave', startsAt: day(0), expiresAt: day(30) };

function reason(who: Partial<Standing>, by: Terms | undefined = terms, on = day(10)) {
  return judge(standing(who), by, rows, on);
}

describe('the nine rules, each tried with everything that a later one would take', () => {
  const all = { kinds: TOTP, proofs: [proof()], exemptions: [exemption] };

  it('1: who is disabled is asked nothing, whatever else is so', () => {
    expect(reason({ ...all, enabled: false })).toMatchObject({ state: 'NotApplicable', reason: 'disabled', rule: 1 });
    expect(judge(standing({ enabled: false }), undefined, [], day(0)).reason).toBe('disabled');
  });

  it('2: no policy, or one that requires nothing', () => {
    expect(judge(standing(all), undefined, rows, day(10))).toMatchObject({
      state: 'NotRequired',
      reason: 'no-policy',
      rule: 2,
      document: null,
      file: null,
      line: null,
    });
    const off = reason({ ...all, role: 'Lite' }, { ...terms, requireMfa: false });
    expect(off).toMatchObject({ state: 'NotRequired', reason: 'turned-off', rule: 2, document: 'northwind', file: 'a.yaml', line: 7 });
  });

  it('3: a role that is not listed, enrolled or not', () => {
    const answer = { state: 'NotRequired', reason: 'role-not-listed', rule: 3, line: 8 };
    expect(reason({ ...all, role: 'Lite' })).toMatchObject(answer);
    expect(reason({ role: 'Administrator' })).toMatchObject(answer);
  });

  it('4: an allowed kind is enrolled, before any proof', () => {
    expect(reason(all)).toMatchObject({ state: 'Satisfied', reason: 'enrolled', rule: 4, line: 7 });
  });

  it('4: a kind that the policy does not allow satisfies nothing; with an allowed one beside it it does no harm', () => {
    const narrow = { ...terms, demand: packDemand([['Editor', PASSKEY]]) };
    expect(reason({ kinds: TOTP }, narrow).rule).toBe(9);
    expect(reason({ kinds: TOTP | PASSKEY }, narrow).reason).toBe('enrolled');
  });

  it('4: trusted and proven upstream, before what the enforcer cannot tell', () => {
    const answer = { state: 'Satisfied', reason: 'proven-upstream', rule: 4, line: 10 };
    expect(reason({ ...all, kinds: null })).toMatchObject(answer);
    expect(reason({ ...all, kinds: 0 })).toMatchObject(answer);
  });

  it('5: what the enforcer cannot tell is unknown, exempt or not', () => {
    const answer = { state: 'Unknown', reason: 'cannot-tell', rule: 5, line: 7 };
    expect(reason({ kinds: null, exemptions: [exemption] })).toMatchObject(answer);
    expect(reason({ kinds: null }, { ...terms, reportOnly: true })).toMatchObject(answer);
  });

  it('6: an exemption in force, named with its end and its own document', () => {
    const answer = reason({ exemptions: [exemption] }, { ...terms, reportOnly: true });
    expect(answer).toMatchObject({
      state: 'Exempt',
      reason: 'exempted',
      rule: 6,
      exemptUntil: day(30),
      document: 'parental-leave',
      file: null,
    });
    expect(answer.line).toBeNull();
  });

  it('7: report only asks nobody, even past a deadline', () => {
    const answer = reason({}, { ...terms, reportOnly: true }, day(400));
    expect(answer).toMatchObject({ state: 'WouldRequire', reason: 'report-only', rule: 7, deadline: null, obligedSince: null, line: 11 });
  });

  it('8 and 9: pending until the deadline, overdue from that very moment', () => {
    const at = { obligedSince: day(0), deadline: day(14) };
    expect(reason({}, terms, day(14) - 1)).toMatchObject({ state: 'Pending', reason: 'within-grace', rule: 8, line: 13, ...at });
    expect(reason({}, terms, day(14))).toMatchObject({ state: 'Overdue', reason: 'past-deadline', rule: 9, line: 7, ...at });
  });

  it('9: without any row of obligation the requirement holds at once', () => {
    expect(judge(standing(), terms, [], day(10))).toMatchObject({ state: 'Overdue', deadline: null, obligedSince: null });
  });

  it('gives every reason that there is, with the state and rule that the table says', () => {
    const answers = [
      reason({ enabled: false }),
      judge(standing(), undefined, rows, day(10)),
      reason({}, { ...terms, requireMfa: false }),
      reason({ role: 'Lite' }),
      reason({ kinds: TOTP }),
      reason({ proofs: [proof()] }),
      reason({ kinds: null }),
      reason({ exemptions: [exemption] }),
      reason({}, { ...terms, reportOnly: true }),
      reason({}),
      reason({}, terms, day(20)),
    ];
    const seen = answers.map(({ reason, rule, state }) => ({ reason, rule, state }));
    expect(seen).toEqual(REASONS.map(({ reason, rule, state }) => ({ reason, rule, state })));
  });
});

describe('a proof of MFA upstream', () => {
  const proven = (more: Parameters<typeof proof>[0]) => reason({ proofs: [proof(more)] }).reason === 'proven-upstream';
  const HOUR = 3_600_000;

  it('counts from its own moment until its age is up, and never before', () => {
    expect(proven({ at: day(10) })).toBe(true);
    expect(proven({ at: day(10) - 8 * HOUR + 1 })).toBe(true);
    expect(proven({ at: day(10) - 8 * HOUR })).toBe(false);
    expect(proven({ at: day(10) + 1 })).toBe(false);
  });

  it('counts for the provider, the claim and the value that are written down alone', () => {
    expect(proven({ provider: 'okta' })).toBe(false);
    expect(proven({ claim: 'acr' })).toBe(false);
    expect(proven({ value: 'pwd' })).toBe(false);
    expect(proven({ value: 'MFA' })).toBe(false);
  });

  it('is found among others that prove nothing', () => {
    expect(reason({ proofs: [proof({ value: 'pwd' }), proof({ provider: 'okta' }), proof()] }).reason).toBe('proven-upstream');
  });
});

describe('exemptions', () => {
  const on = (at: number, ...exemptions: Standing['exemptions'][number][]) => reason({ exemptions }, terms, at);

  it('hold from their start, and no longer at their end', () => {
    const window = { document: 'x', startsAt: day(5), expiresAt: day(8) };
    expect(on(day(5) - 1, window).reason).toBe('within-grace');
    expect(on(day(5), window).reason).toBe('exempted');
    expect(on(day(8) - 1, window).reason).toBe('exempted');
    expect(on(day(8), window).reason).toBe('within-grace');
  });

  it('of several in force the one that ends last is named, at a tie the first by name, in whatever order they come', () => {
    const windows = [
      { document: 'b', startsAt: day(0), expiresAt: day(20) },
      { document: 'a', startsAt: day(0), expiresAt: day(20) },
      { document: 'short', startsAt: day(0), expiresAt: day(11) },
      { document: 'later', startsAt: day(11), expiresAt: day(99) },
    ];
    for (const order of [windows, windows.toReversed()]) {
      expect(on(day(10), ...order)).toMatchObject({ document: 'a', exemptUntil: day(20) });
    }
  });
});

it('every role is judged by its own share of the demand', () => {
  for (const listed of ROLES) {
    const one = { ...terms, demand: packDemand([[listed, PASSKEY]]) };
    for (const role of ROLES) {
      expect(reason({ role, kinds: TOTP }, one).rule === 3).toBe(role !== listed);
      expect(reason({ role, kinds: PASSKEY }, one).reason).toBe(role === listed ? 'enrolled' : 'role-not-listed');
    }
  }
});
