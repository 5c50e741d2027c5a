import { describe, expect, test } from 'vitest';
import { readDocuments } from '../../../src/core/documents/read.ts';
import { brief, faultsOf, HEAD, head, policyFaults } from './reading.ts';

/** Message and fix of the only fault of a policy with one more field. */
function told(field: string): string {
  const text = `${HEAD}spec:\n  account: northwind\n  requireMfa: true\n  ${field}\n`;
  const { faults } = readDocuments([{ file: 'a.yaml', text }]);
  return faults.map(({ message, fix }) => `${message}; ${fix ?? ''}`).join(' | ');
}

describe('unknown fields stand at the key', () => {
  test.each([
    ['gracePeriode: 14d', '7:3 document/unknown-field gracePeriode'],
    ['GracePeriod: 14d', '7:3 document/unknown-field GracePeriod'],
    ['resets: {aprovals: 1, approvals: 1}', '7:12 document/unknown-field aprovals'],
    ['sso: [{provider: entra, amrs: [mfa]}]', '7:27 document/unknown-field amrs'],
    ['hasOwnProperty: 1', '7:3 document/unknown-field hasOwnProperty'],
    ['toString: 1', '7:3 document/unknown-field toString'],
  ])('%s', (field, fault) => {
    expect(policyFaults(field)).toEqual([fault]);
  });

  test('the nearest field is the fix, one that is still missing first', () => {
    expect(told('gracePeriode: 14d')).toBe('"gracePeriode" is not a field of spec; did you mean gracePeriod?');
    expect(told('factorsbyrole: {Lite: [totp]}')).toBe('"factorsbyrole" is not a field of spec; did you mean factorsByRole?');
  });

  test('without a near one the fields are listed', () => {
    expect(told('suspend: {reason: x, until: 2027-01-01, by: me}')).toBe(
      '"by" is not a field of suspend; the fields here are reason, until',
    );
  });

  test('a field that belongs one level down says so', () => {
    const { faults } = readDocuments([{ file: 'a.yaml', text: `${HEAD}gracePeriod: 14d\nspec: {account: northwind, requireMfa: true}\n` }]);
    expect(faults.map(({ message, fix }) => [message, fix])).toEqual([
      ['"gracePeriod" is not a field of a document', 'move it under spec'],
    ]);
  });
});

describe('missing fields stand at the mapping', () => {
  test('each of them, with what it takes', () => {
    const { faults } = readDocuments([{ file: 'a.yaml', text: `${head('MfaReset')}spec:\n  account: northwind\n` }]);
    expect(faults.map(({ line, column, message, fix, text }) => [line, column, message, fix, text])).toEqual([
      [5, 3, 'requestId is missing from spec', 'add requestId: a request id', undefined],
      [5, 3, 'user is missing from spec', 'add user: a text', undefined],
      [5, 3, 'reason is missing from spec', 'add reason: a text', undefined],
      [5, 3, 'requestedAt is missing from spec', 'add requestedAt: an instant such as 2026-12-01 or 2026-12-01T08:00:00Z', undefined],
      [5, 3, 'expiresAt is missing from spec', 'add expiresAt: an instant such as 2026-12-01 or 2026-12-01T08:00:00Z', undefined],
    ]);
  });

  test('whole mappings too', () => {
    expect(faultsOf('apiVersion: padlock.dev/v1alpha1\nkind: MfaPolicy\n')).toEqual([
      '1:1 document/missing-field',
      '1:1 document/missing-field',
    ]);
    expect(faultsOf(`${HEAD}spec: {}\n`)).toEqual(['4:7 document/missing-field', '4:7 document/missing-field']);
  });

  test('a misspelled one is one mistake, not two', () => {
    expect(faultsOf(`${HEAD}spec: {acount: northwind, requireMfa: true}\n`)).toEqual(['4:8 document/unknown-field acount']);
  });

  test('one that a merge key may have held is not missed', () => {
    expect(faultsOf(`${HEAD}spec: {<<: {account: northwind}, requireMfa: true}\n`)).toEqual(['4:8 document/merge-key <<']);
  });
});

describe('YAML 1.1 booleans', () => {
  test.each(['yes', 'no', 'on', 'off', 'y', 'N', 'Yes', 'ON'])(
    'a bare %s is none, whether a boolean or a listed word belongs there',
    (word) => {
      const text = `${HEAD}spec:\n  account: northwind\n  requireMfa: ${word}\n  mode: ${word}\n  roles: [${word}]\n`;
      expect(faultsOf(text)).toEqual([
        `6:15 document/yaml-1.1-boolean ${word}`,
        `7:9 document/yaml-1.1-boolean ${word}`,
        `8:11 document/yaml-1.1-boolean ${word}`,
      ]);
    },
  );

  test('the fix names the allowed spellings', () => {
    expect(told('mode: off')).toBe('off is a boolean for some YAML readers and text for others; write Enforce or ReportOnly');
  });

  test('one that comes through an alias is told at the alias', () => {
    expect(policyFaults('breakGlass: [&x "a", b]', 'mode: *x')).toEqual(['8:9 document/not-allowed *x']);
  });

  test('quoted ones are text', () => {
    expect(policyFaults('mode: "off"')).toEqual(['7:9 document/not-allowed "off"']);
    expect(policyFaults('suspend: {reason: yes, until: 2027-01-01}')).toEqual([]);
  });
});

describe('types', () => {
  test.each([
    ['breakGlass: ada@northwind.example', 'breakGlass is text ("ada@northwind.example"), not a list; write [ada@northwind.example]'],
    ['breakGlass: {ada: 1}', 'breakGlass is a mapping, not a list; write a list'],
    ['breakGlass: [7]', 'breakGlass[0] is a number (7), not text; write "7", in quotes'],
    [
      'guards: 3',
      'guards is a number (3), not a mapping; write the fields under it: administrators, overdueAtOnce, cannotEnroll, resets, directory',
    ],
    ['guards: {resets: "3"}', 'guards.resets is text ("3"), not a whole number; write a whole number from 0 to 1000000, without quotes'],
    ['guards: {resets: 1.5}', 'guards.resets is a number (1.5), not a whole number; write a whole number from 0 to 1000000'],
    ['guards: {resets: .inf}', 'guards.resets is a number (null), not a whole number; write a whole number from 0 to 1000000'],
    ['suspend: {reason: true, until: 2027-01-01}', 'suspend.reason is a boolean (true), not text; write "true", in quotes'],
    ['gracePeriod:', 'gracePeriod is empty; write a duration such as 14d or 36h, or remove the line'],
    ['mode: ~', 'mode is empty; write Enforce or ReportOnly, or remove the line'],
    ['mode: [Enforce]', 'mode is a list, not text; write a text'],
  ])('%s', (field, words) => {
    expect(told(field)).toBe(words);
  });

  test('a boolean in quotes is text', () => {
    expect(faultsOf(`${HEAD}spec: {account: northwind, requireMfa: "true"}\n`)).toEqual(['4:40 document/wrong-type "true"']);
  });

  test('names and digests that YAML reads as numbers are to be quoted', () => {
    const digest = `${head('GuardOverride')}spec: {account: 2026, guard: weakened, digest: 0123456789012345678901234567890123456789012345678901234567890123, reason: x, expiresAt: 2027-01-01}\n`;
    const { faults } = readDocuments([{ file: 'a.yaml', text: digest }]);
    expect(faults.map(({ code, fix }) => [code, fix])).toEqual([
      ['document/wrong-type', 'write "2026", in quotes'],
      ['document/wrong-type', 'write "0123456789012345678901234567890123456789012345678901234567890123", in quotes'],
    ]);
  });

  test('a digest is whole: the first digits of one are not enough', () => {
    const digest = `${head('GuardOverride')}spec: {account: northwind, guard: weakened, digest: 3f9c1b2a4d5e, reason: x, expiresAt: 2027-01-01}\n`;
    expect(readDocuments([{ file: 'a.yaml', text: digest }]).faults).toMatchObject([
      { code: 'document/invalid-value', message: '"3f9c1b2a4d5e" is not a digest', fix: expect.stringContaining('64 of 0-9 and a-f') },
    ]);
  });
});

describe('words', () => {
  test.each([
    ['gracePeriod: 14 days', 'document/invalid-duration', '"14 days" is not a duration; write 14d'],
    ['gracePeriod: P2W', 'document/invalid-duration', '"P2W" is not a duration; write 2w'],
    ['gracePeriod: 24h0m0s', 'document/invalid-duration', '"24h0m0s" is not a duration; write 24h'],
    ['gracePeriod: 0', 'document/invalid-duration', '0 is not a duration; write 0d'],
    [
      'gracePeriod: 14',
      'document/invalid-duration',
      '14 is not a duration; write a whole number and one of s, m, h, d, w, such as 14d or 36h',
    ],
    ['enforceFrom: 2026-02-30', 'document/invalid-instant', '"2026-02-30" is not a day of the calendar; write 2026-02-28'],
    [
      'enforceFrom: 2026-02-30T08:00:00Z',
      'document/invalid-instant',
      '"2026-02-30T08:00:00Z" is not a day of the calendar; write 2026-02-28',
    ],
    ['enforceFrom: 2026-12-01 08:00', 'document/invalid-instant', '"2026-12-01 08:00" is not an instant; write 2026-12-01T08:00:00Z'],
    [
      'enforceFrom: soon',
      'document/invalid-instant',
      '"soon" is not an instant; write a date such as 2026-12-01, or an instant such as 2026-12-01T08:00:00Z',
    ],
    [
      'enforceFrom: 2026',
      'document/invalid-instant',
      '2026 is not an instant; write a date such as 2026-12-01, or an instant such as 2026-12-01T08:00:00Z',
    ],
    ['guards: {overdueAtOnce: 25}', 'document/invalid-value', '25 is not a percentage; write 25%'],
    ['guards: {overdueAtOnce: 250%}', 'document/invalid-value', '"250%" is not a percentage; write a whole percentage such as 25%'],
    ['mode: enforce', 'document/not-allowed', '"enforce" is not allowed for mode; write Enforce or ReportOnly'],
    ['mode: Report', 'document/not-allowed', '"Report" is not allowed for mode; write Enforce or ReportOnly'],
    ['mode: reportonly', 'document/not-allowed', '"reportonly" is not allowed for mode; write ReportOnly or Enforce'],
    ['mode: 1', 'document/not-allowed', '1 is not allowed for mode; write Enforce or ReportOnly'],
    [
      'roles: [Editr]',
      'document/not-allowed',
      '"Editr" is not allowed for roles[0]; write Editor, Administrator, Manager, Creator, ReadOnly or Lite',
    ],
    ['sso: [{provider: Entra ID}]', 'document/invalid-name', '"Entra ID" is not a name; write entra-id'],
    [
      'sso: [{provider: "??"}]',
      'document/invalid-name',
      '"??" is not a name; write small letters, digits and hyphens, at most 63, a letter or digit at both ends',
    ],
  ])('%s', (field, code, words) => {
    expect(told(field)).toBe(words);
    expect(policyFaults(field).map((fault) => fault.split(' ')[1])).toEqual([code]);
  });

  test('request ids and digests', () => {
    const reset = 'account: a, user: u, reason: r, requestedAt: 2026-12-01, expiresAt: 2026-12-02';
    expect(faultsOf(`${head('MfaReset')}spec: {requestId: "../x", ${reset}}\n`)).toEqual(['4:19 document/invalid-value "../x"']);
    const override = 'account: a, guard: weakened, reason: r, expiresAt: 2026-12-02';
    expect(faultsOf(`${head('GuardOverride')}spec: {digest: ABCDEF012345, ${override}}\n`)).toEqual([
      '4:16 document/invalid-value ABCDEF012345',
    ]);
  });

  test('a MyGlue account that is empty would widen the policy to the account', () => {
    for (const empty of ['', ' null', ' ~', ' Null']) {
      expect(policyFaults(`myGlueAccount:${empty}`).map((fault) => fault.split(' ')[1])).toEqual(['document/null-scope']);
    }
    expect(policyFaults('myGlueAccount: ""')).toEqual(['7:18 document/invalid-name ""']);
  });
});

describe('bounds', () => {
  test.each([
    ['factors: []', 'factors is empty; write a list of totp or passkey, or remove the line'],
    ['factorsByRole: {}', 'factorsByRole is empty; write a mapping, or remove the line'],
    ['suspend: {reason: "", until: 2027-01-01}', 'suspend.reason is empty; write a text'],
    [`suspend: {reason: ${'x'.repeat(501)}, until: 2027-01-01}`, 'suspend.reason is too long; write at most 500 characters'],
    ['resets: {approvals: 2}', '2 is out of bounds for resets.approvals; write a whole number from 0 to 1'],
    ['guards: {administrators: 0}', '0 is out of bounds for guards.administrators; write a whole number from 1 to 100'],
    ['roles: [Lite, Editor, Lite]', 'roles names "Lite" twice; keep one'],
    [
      `breakGlass: [${Array.from({ length: 21 }, (_, index) => `u${index}`).join(', ')}]`,
      'breakGlass has too many entries; write at most 20',
    ],
  ])('%s', (field, words) => {
    expect(told(field)).toBe(words);
  });

  test('the second of two equal items is the one at fault', () => {
    expect(policyFaults('roles: [Lite, Editor, Lite]')).toEqual(['7:25 document/invalid-value Lite']);
  });
});

test('every fault of every document of every text, sorted, in one run', () => {
  const bad = `${HEAD}spec: {account: North, requireMfa: no, roles: [Edtor, Lit], gracePeriod: 1}\n`;
  const { faults, count } = readDocuments([
    { file: 'b.yaml', text: bad },
    { file: 'a.yaml', text: `${bad.replace('northwind', 'one')}---\n${bad.replace('northwind', 'two')}` },
  ]);
  expect(count).toBe(3);
  expect(faults.map(({ file }) => file).join('')).toBe('a.yaml'.repeat(10) + 'b.yaml'.repeat(5));
  expect(faults.slice(5, 10).map(brief)).toEqual([
    '9:17 document/invalid-name North',
    '9:36 document/yaml-1.1-boolean no',
    '9:48 document/not-allowed Edtor',
    '9:55 document/not-allowed Lit',
    '9:74 document/invalid-duration 1',
  ]);
});
