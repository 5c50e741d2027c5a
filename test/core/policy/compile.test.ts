import { describe, expect, it } from 'vitest';
import { allowedFor, kindsOf } from '../../../src/core/model/demand.ts';
import { ROLES } from '../../../src/core/model/words.ts';
import { compileTerms } from '../../../src/core/policy/compile.ts';
import { DAY, day, policyText, read, setOf, termsOf } from './world.ts';

const kindsByRole = (rules: Parameters<typeof termsOf>[0], scope?: string) =>
  Object.fromEntries(ROLES.map((role) => [role, kindsOf(allowedFor(termsOf(rules, scope).demand, role)).join('+')]));
const both = 'totp+passkey';

describe('the demand, by role', () => {
  it('every role and every kind where nothing is said', () => {
    const all = { Administrator: both, Manager: both, Editor: both, Creator: both, ReadOnly: both, Lite: both };
    expect(kindsByRole({ requireMfa: true })).toEqual(all);
  });

  it('a MyGlue account has three roles', () => {
    const three = { Administrator: '', Manager: '', Editor: both, Creator: both, ReadOnly: '', Lite: both };
    expect(kindsByRole({ requireMfa: true }, 'northwind/bakery')).toEqual(three);
  });

  it('listed roles alone, with the kinds of all or their own', () => {
    const rules = { requireMfa: true, roles: ['Administrator', 'Lite'], factorsByRole: { Administrator: ['passkey'] } } as const;
    expect(kindsByRole({ ...rules, roles: [...rules.roles], factorsByRole: { Administrator: ['passkey'] } })).toEqual({
      Administrator: 'passkey',
      Manager: '',
      Editor: '',
      Creator: '',
      ReadOnly: '',
      Lite: both,
    });
  });

  it('kinds for a role that is not listed ask nothing of it', () => {
    expect(kindsByRole({ requireMfa: true, roles: ['Lite'], factorsByRole: { Editor: ['totp'] } })).toMatchObject({
      Editor: '',
      Lite: both,
    });
  });
});

describe('time and mode', () => {
  it('as they are by default: enforced, from the next sign-in, without grace', () => {
    expect(termsOf({ requireMfa: true })).toMatchObject({ reportOnly: false, enforceFrom: null, grace: 0, trust: [] });
  });

  it('an instant and a duration in milliseconds', () => {
    const terms = termsOf({ requireMfa: true, mode: 'ReportOnly', enforceFrom: '2026-01-08', gracePeriod: '2w' });
    expect(terms).toMatchObject({ reportOnly: true, enforceFrom: day(7), grace: 14 * DAY });
  });
});

it('trust is one row for each value that is accepted, and none for providers that are not trusted', () => {
  const terms = termsOf({
    requireMfa: true,
    sso: [
      { provider: 'entra', upstreamMfa: 'Trust', amr: ['otp', 'mfa'], acr: ['gold'], maxAge: '12h' },
      { provider: 'okta', upstreamMfa: 'Additional', localChallenge: 'Never' },
    ],
  });
  expect(terms.trust).toEqual([
    { provider: 'entra', claim: 'amr', value: 'mfa', maxAge: DAY / 2 },
    { provider: 'entra', claim: 'amr', value: 'otp', maxAge: DAY / 2 },
    { provider: 'entra', claim: 'acr', value: 'gold', maxAge: DAY / 2 },
  ]);
});

describe('where terms come from', () => {
  const text = policyText('northwind', { gracePeriod: '7d', myGlueDefault: { requireMfa: true, mode: 'ReportOnly' } });
  const lineOf = (needle: string, from = 0) => text.slice(0, text.indexOf(needle, from)).split('\n').length;
  const [policy] = setOf(read(text)).policies;
  const source = policy?.source ?? { file: '', line: 0, at: {} };

  it('the line of each field, of an absent one that of the nearest that stands around it', () => {
    const { origin } = compileTerms('northwind', { requireMfa: true, gracePeriod: '7d' }, { document: 'northwind', via: 'own', source });
    expect(origin).toMatchObject({ document: 'northwind', via: 'own', file: 'a.yaml' });
    expect(origin.lines.requireMfa).toBe(lineOf('"requireMfa"'));
    expect(origin.lines.gracePeriod).toBe(lineOf('"gracePeriod"'));
    expect(origin.lines.roles).toBe(lineOf('"spec"'));
  });

  it('in the default for MyGlue accounts, the lines within it', () => {
    const { origin } = compileTerms('northwind/bakery', { requireMfa: true }, { document: 'northwind', via: 'default', source });
    const within = text.indexOf('"myGlueDefault"');
    expect(origin.via).toBe('default');
    expect(origin.lines.requireMfa).toBe(lineOf('"requireMfa"', within));
    expect(origin.lines.mode).toBe(lineOf('"mode"', within));
    expect(origin.lines.gracePeriod).toBe(lineOf('"myGlueDefault"'));
  });
});
