import { describe, expect, test } from 'vitest';
import { readDocuments } from '../../../src/core/documents/read.ts';
import { faultsOf, HEAD, head, policyFaults } from './reading.ts';

const MYGLUE = 'myGlueAccount: bakery';
const RULES = 'requireMfa: true';

describe('fields that only an account has', () => {
  test.each([
    [`myGlueDefault: {${RULES}}`, '8:3 policy/account-only-field myGlueDefault'],
    ['breakGlass: [ada@northwind.example]', '8:3 policy/account-only-field breakGlass'],
    ['guards: {administrators: 2}', '8:12 policy/account-only-field administrators'],
    ['guards: {resets: 2}', '8:12 policy/account-only-field resets'],
    ['guards: {directory: 5%}', '8:12 policy/account-only-field directory'],
  ])('%s', (field, fault) => {
    expect(policyFaults('mode: Enforce', field)).toEqual([]);
    expect(policyFaults(MYGLUE, field)).toEqual([fault]);
  });

  test('the default for MyGlue accounts is a MyGlue policy too', () => {
    expect(policyFaults(`myGlueDefault: {${RULES}, guards: {administrators: 2, overdueAtOnce: 5%}}`)).toEqual([
      '7:46 policy/account-only-field administrators',
    ]);
    expect(policyFaults(`myGlueDefault: {${RULES}, breakGlass: [a]}`)).toEqual(['7:37 document/unknown-field breakGlass']);
  });

  test('nothing is said of the scope while the MyGlue account itself is at fault', () => {
    expect(policyFaults('myGlueAccount:', 'breakGlass: [a]', 'roles: [Manager]').map((fault) => fault.split(' ')[1])).toEqual([
      'document/null-scope',
    ]);
  });
});

describe('roles that the scope does not have', () => {
  test.each(['Administrator', 'Manager', 'ReadOnly'])('%s is none of a MyGlue account', (role) => {
    expect(policyFaults('mode: Enforce', `roles: [Editor, ${role}]`)).toEqual([]);
    expect(policyFaults(MYGLUE, `roles: [Editor, ${role}]`)).toEqual([`8:19 policy/role-not-in-scope ${role}`]);
    expect(policyFaults(MYGLUE, `factorsByRole: {${role}: [totp]}`)).toEqual([`8:19 policy/role-not-in-scope ${role}`]);
    expect(policyFaults(`myGlueDefault: {${RULES}, roles: [${role}]}`)).toEqual([`7:45 policy/role-not-in-scope ${role}`]);
    expect(policyFaults(`myGlueDefault: {${RULES}, factorsByRole: {${role}: [totp]}}`)).toEqual([`7:53 policy/role-not-in-scope ${role}`]);
  });

  test.each(['Editor', 'Creator', 'Lite'])('%s is', (role) => {
    expect(policyFaults(MYGLUE, `roles: [${role}]`, `factorsByRole: {${role}: [totp]}`)).toEqual([]);
  });
});

describe('factors by role are never weaker', () => {
  test('a kind that the policy does not allow', () => {
    expect(policyFaults('factors: [passkey]', 'factorsByRole: {Lite: [passkey, totp], Editor: [passkey]}')).toEqual([
      '8:35 policy/weaker-role-factors totp',
    ]);
    expect(policyFaults(`myGlueDefault: {${RULES}, factors: [totp], factorsByRole: {Lite: [passkey]}}`)).toEqual([
      '7:77 policy/weaker-role-factors passkey',
    ]);
  });

  test('without factors every kind is allowed', () => {
    expect(policyFaults('factorsByRole: {Lite: [totp], Administrator: [passkey]}')).toEqual([]);
  });

  test('nothing is said while the factors themselves are at fault', () => {
    expect(policyFaults('factors: [passkeys]', 'factorsByRole: {Lite: [totp]}')).toEqual(['7:13 document/not-allowed passkeys']);
    expect(policyFaults('factors: []', 'factorsByRole: {Lite: [totp]}')).toEqual(['7:12 document/invalid-value []']);
  });
});

describe('trust needs a proof', () => {
  test.each([
    ['', 'maxAge and amr or acr'],
    [', maxAge: 12h', 'amr or acr'],
    [', amr: [mfa]', 'maxAge'],
    [', acr: [gold]', 'maxAge'],
  ])('Trust%s lacks %s', (with_, lacks) => {
    const text = `${HEAD}spec: {account: northwind, requireMfa: true, sso: [{provider: entra, upstreamMfa: Trust${with_}}]}\n`;
    const { faults } = readDocuments([{ file: 'a.yaml', text }]);
    expect(faults.map(({ code, column, fix }) => [code, column, fix])).toEqual([['policy/trust-without-proof', 83, `add ${lacks}`]]);
  });

  test('with both it is fine, and Additional needs none', () => {
    expect(
      policyFaults(
        'sso: [{provider: a, upstreamMfa: Trust, maxAge: 12h, amr: [mfa]}, {provider: b, upstreamMfa: Additional}, {provider: c}]',
      ),
    ).toEqual([]);
  });

  test('one that was written wrongly is not said to be absent', () => {
    expect(policyFaults('sso: [{provider: a, upstreamMfa: Trust, maxAge: 12 hours, amr: mfa}]')).toEqual([
      '7:51 document/invalid-duration 12 hours',
      '7:66 document/wrong-type mfa',
    ]);
  });

  test('in the default for MyGlue accounts too', () => {
    expect(policyFaults(`myGlueDefault: {${RULES}, sso: [{provider: a, upstreamMfa: Trust}]}`)).toEqual([
      '7:70 policy/trust-without-proof Trust',
    ]);
  });

  test('one entry an identity provider', () => {
    expect(policyFaults('sso: [{provider: a}, {provider: b}, {provider: a}]')).toEqual(['7:50 document/invalid-value a']);
  });
});

describe('what ends must have begun', () => {
  const exemption = (from: string, until: string) =>
    faultsOf(`${head('MfaExemption')}spec: {account: a, users: [u], reason: r, startsAt: ${from}, expiresAt: ${until}}\n`).map((fault) =>
      fault.slice(2),
    );
  const reset = (from: string, until: string) =>
    faultsOf(`${head('MfaReset')}spec: {requestId: r-1, account: a, user: u, reason: r, requestedAt: ${from}, expiresAt: ${until}}\n`);

  test('a day long, when both are the same date', () => {
    expect(exemption('2026-12-01', '2026-12-01')).toEqual([]);
  });

  test.each([
    ['2026-12-02', '2026-12-01'],
    ['2026-12-02', '2026-12-02T00:00:00Z'],
    ['2026-12-01T08:00:00Z', '2026-12-01T08:00:00Z'],
    ['2026-12-01T08:00:00Z', '2026-12-01T09:59:00+02:00'],
  ])('from %s until %s is no time', (from, until) => {
    expect(exemption(from, until)).toEqual([expect.stringContaining(`policy/ends-before-start ${until}`)]);
    expect(reset(from, until)).toEqual([expect.stringContaining(`policy/ends-before-start ${until}`)]);
  });

  test('an exemption that begins when it is applied has no start to check', () => {
    expect(faultsOf(`${head('MfaExemption')}spec: {account: a, users: [u], reason: r, expiresAt: 2000-01-01}\n`)).toEqual([]);
  });
});

describe('schedules', () => {
  const report = (schedule: string, zone: string) =>
    faultsOf(`${head('ComplianceReport')}spec:\n  accounts: [northwind]\n  schedule: ${schedule}\n  timeZone: ${zone}\n`);

  test('stand at the value, each by itself', () => {
    expect(report('0 7 * * MON', 'Europe/Berlin')).toEqual([]);
    expect(report('0 7 * * MONDAY', 'Europe/Berln')).toEqual([
      '6:13 policy/invalid-schedule 0 7 * * MONDAY',
      '7:13 policy/invalid-schedule Europe/Berln',
    ]);
  });
});

test('between-field faults are told in the same run as those of the fields', () => {
  expect(policyFaults(MYGLUE, 'roles: [Manager, Lit]', 'gracePeriod: 2 weeks', 'breakGlass: [a, a]')).toEqual([
    '8:11 policy/role-not-in-scope Manager',
    '8:20 document/not-allowed Lit',
    '9:16 document/invalid-duration 2 weeks',
    '10:3 policy/account-only-field breakGlass',
    '10:19 document/invalid-value a',
  ]);
});
