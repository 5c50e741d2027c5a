import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MfaPolicyRules, MfaPolicySpec } from '../../../src/core/documents/schema.ts';
import { canonical } from '../../../src/core/model/canonical.ts';
import { canonicalPolicy, canonicalRules, rulesJson } from '../../../src/core/policy/canonical-rules.ts';
import { rulesFor } from './rules.ts';
import { policyText, read, termsOf } from './world.ts';

const account = { account: 'northwind' };
const bakery = { account: 'northwind', myGlueAccount: 'bakery' };
const json = (rules: MfaPolicyRules, scope = account) => canonical(rulesJson(canonicalRules(rules, scope)));
const bare = { requireMfa: true } as const;

describe('what is said in another way, or says the default, is no change', () => {
  const same: [string, MfaPolicyRules, MfaPolicyRules][] = [
    ['mode', { ...bare, mode: 'Enforce' }, bare],
    ['gracePeriod of nothing', { ...bare, gracePeriod: '0h' }, bare],
    ['units', { ...bare, gracePeriod: '2w' }, { ...bare, gracePeriod: '336h' }],
    ['every role', { ...bare, roles: ['Lite', 'ReadOnly', 'Creator', 'Editor', 'Manager', 'Administrator'] }, bare],
    ['order of roles', { ...bare, roles: ['Lite', 'Manager'] }, { ...bare, roles: ['Manager', 'Lite'] }],
    ['every kind', { ...bare, factors: ['passkey', 'totp'] }, bare],
    ['a role with the kinds of all', { ...bare, factors: ['totp'], factorsByRole: { Lite: ['totp'] } }, { ...bare, factors: ['totp'] }],
    ['a date', { ...bare, enforceFrom: '2026-12-01' }, { ...bare, enforceFrom: '2026-12-01T02:00:00+02:00' }],
    [
      'a provider that changes nothing',
      { ...bare, sso: [{ provider: 'entra', upstreamMfa: 'Additional', localChallenge: 'Always' }] },
      bare,
    ],
    ['sessions', { ...bare, existingSessions: 'Keep' }, bare],
    ['enrollment', { ...bare, enrollment: 'Open' }, bare],
    ['approvals', { ...bare, resets: { approvals: 0 } }, bare],
    ['deletion', { ...bare, deletionPolicy: 'Orphan' }, bare],
    [
      'limits as they are by default',
      { ...bare, guards: { overdueAtOnce: '25%', administrators: 1, cannotEnroll: 0, resets: 10, directory: '25%' } },
      bare,
    ],
    ['one limit at its default', { ...bare, guards: { overdueAtOnce: '10%', resets: 10 } }, { ...bare, guards: { overdueAtOnce: '10%' } }],
    [
      'the end of a suspension',
      { ...bare, suspend: { reason: 'r', until: '2026-12-31' } },
      { ...bare, suspend: { reason: 'r', until: '2027-01-01T00:00Z' } },
    ],
  ];
  it.each(same)('%s', (_, one, other) => {
    expect(json(one)).toBe(json(other));
  });

  it('providers and their values in any order', () => {
    const okta = { provider: 'okta', localChallenge: 'Never' } as const;
    const entra = { provider: 'entra', upstreamMfa: 'Trust', amr: ['mfa', 'hwk'], acr: ['b', 'a'], maxAge: '24h' } as const;
    const turned = { ...entra, amr: ['hwk', 'mfa'], acr: ['a', 'b'], maxAge: '1d' };
    expect(json({ ...bare, sso: [okta, entra] } as MfaPolicyRules)).toBe(json({ ...bare, sso: [turned, okta] } as MfaPolicyRules));
  });

  it('every role of a MyGlue account are three', () => {
    expect(json({ ...bare, roles: ['Lite', 'Creator', 'Editor'] }, bakery)).toBe(json(bare, bakery));
    expect(json({ ...bare, roles: ['Lite', 'Creator', 'Editor'] })).not.toBe(json(bare));
  });
});

describe('what means something else stays apart', () => {
  const apart: [string, MfaPolicyRules][] = [
    ['requireMfa', { requireMfa: false }],
    ['mode', { ...bare, mode: 'ReportOnly' }],
    ['enforceFrom', { ...bare, enforceFrom: '2026-12-01' }],
    ['gracePeriod', { ...bare, gracePeriod: '1s' }],
    ['roles', { ...bare, roles: ['Lite'] }],
    ['factors', { ...bare, factors: ['totp'] }],
    ['factorsByRole', { ...bare, factorsByRole: { Lite: ['passkey'] } }],
    ['sso', { ...bare, sso: [{ provider: 'entra', localChallenge: 'Never' }] }],
    ['existingSessions', { ...bare, existingSessions: 'Revoke' }],
    ['enrollment', { ...bare, enrollment: 'Token' }],
    ['resets', { ...bare, resets: { approvals: 1 } }],
    ['suspend', { ...bare, suspend: { reason: 'r', until: '2026-12-01' } }],
    ['deletionPolicy', { ...bare, deletionPolicy: 'Delete' }],
    ['guards', { ...bare, guards: { overdueAtOnce: '0%' } }],
  ];
  it('all fields', () => {
    const forms = [bare, ...apart.map(([, rules]) => rules)].map((rules) => json(rules));
    expect(new Set(forms).size).toBe(apart.length + 1);
  });
});

describe.each([
  ['an account', account, true],
  ['a MyGlue account', bakery, false],
])('for %s', (_, scope, isAccount) => {
  it('the canonical form of arbitrary rules is its own, means the same, and is a document that reads as itself', () => {
    fc.assert(
      fc.property(rulesFor(isAccount), (rules) => {
        const form = canonicalRules(rules, scope);
        expect(canonicalRules(form, scope)).toEqual(form);
        const key = isAccount ? 'northwind' : 'northwind/bakery';
        const { rules: _form, ...terms } = termsOf(form, key);
        expect(termsOf(rules, key)).toMatchObject(terms);
        const [document] = read(policyText(key, form));
        expect(canonicalPolicy(document?.spec as MfaPolicySpec)).toEqual({ ...scope, ...form });
      }),
      { numRuns: 150 },
    );
  });
});

it('a whole policy: its default for MyGlue accounts with their roles, its emergency administrators sorted', () => {
  const spec: MfaPolicySpec = {
    ...account,
    ...bare,
    mode: 'Enforce',
    myGlueDefault: { requireMfa: true, gracePeriod: '48h', roles: ['Lite', 'Creator', 'Editor'] },
    breakGlass: ['zoe@northwind.example', 'ada@northwind.example'],
  };
  const form = canonicalPolicy(spec);
  expect(form).toEqual({
    ...account,
    requireMfa: true,
    myGlueDefault: { requireMfa: true, gracePeriod: '2d' },
    breakGlass: ['ada@northwind.example', 'zoe@northwind.example'],
  });
  expect(canonicalPolicy(form)).toEqual(form);
  expect(canonicalPolicy({ ...bakery, ...bare })).toEqual({ ...bakery, ...bare });
});

it('the longest duration that documents can write has a canonical form that they can write too', () => {
  const spec = { ...account, ...bare, gracePeriod: '99999w' };
  expect(canonicalPolicy(spec).gracePeriod).toBe('99999w');
  expect(() => read(policyText('northwind', canonicalPolicy(spec)))).not.toThrow();
});
