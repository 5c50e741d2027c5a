import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDocuments } from '../../../src/core/documents/read.ts';
import type { SourceText } from '../../../src/core/ports/source.ts';
import { HEAD } from './reading.ts';

/** Reads, and checks what holds of any reading: it ends without throwing, and each fault says what, where and what to do. */
function read(text: SourceText['text']) {
  const reading = readDocuments([{ file: 'a.yaml', text }]);
  const lines = (typeof text === 'string' ? text : new TextDecoder().decode(text)).replace(/^\ufeff/, '').split('\n');
  for (const fault of reading.faults) {
    expect(fault.line).toBeGreaterThanOrEqual(1);
    expect(fault.line).toBeLessThanOrEqual(lines.length);
    expect(fault.column).toBeGreaterThanOrEqual(1);
    expect(fault.column).toBeLessThanOrEqual((lines[fault.line - 1] ?? '').length + 1);
    expect(fault.message).not.toMatch(/undefined|\[object|NaN|\p{C}/u);
    expect(fault.fix ?? '').toMatch(/^[^\p{C}]+$/u);
    expect(fault.text ?? 'x').toMatch(/^[^\p{C}]{1,80}$/u);
  }
  expect(reading.documents.length).toBeLessThanOrEqual(reading.count);
  if (reading.faults.length === 0) expect(reading.documents).toHaveLength(reading.count);
  return reading;
}

/** Pieces of YAML, of our documents, and of what breaks parsers. */
const PIECES = [
  ...[
    '\n',
    '\n  ',
    '\n    ',
    '\n- ',
    '\r\n',
    '\t',
    ' ',
    ': ',
    ':',
    '- ',
    '? ',
    ', ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|\n',
    '>-\n',
    '#',
    '&a ',
    '*a',
    '!t ',
    '!!str ',
    '<<: ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '~',
    '\\u0000',
    '\\x1b',
  ],
  ...[
    'apiVersion: padlock.dev/v1alpha1\n',
    'kind: MfaPolicy\n',
    'kind: MfaReset\n',
    'metadata: {name: a}\n',
    'spec:\n',
    'spec: {',
    'account: a',
    'requireMfa: ',
    'true',
    'yes',
    'off',
    'null',
    '14 days',
    '2026-02-30',
    '-1',
    '.nan',
    '1e999',
  ],
  ...[
    'sso:\n',
    'roles: ',
    'factors: ',
    'factorsByRole: ',
    'myGlueAccount:',
    'myGlueDefault: ',
    'breakGlass: ',
    '__proto__',
    'constructor',
    'toString',
    '🙂',
    '\u202e',
    'a/b~c',
    '\ufffd',
    '\0',
    '\ud800',
  ],
];

test('any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => void read(text)),
    { numRuns: 500 },
  );
});

test('any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void read(bytes)),
    { numRuns: 500 },
  );
});

test('any pieces of YAML, after the head of a document or without', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('', HEAD, `${HEAD}spec: {`, `${HEAD}spec:\n  `),
      fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }),
      (before, pieces) => {
        read(before + pieces.join(''));
      },
    ),
    { numRuns: 3000 },
  );
});

test('a document with any one value in any one field', () => {
  const FULL = {
    ...{
      account: 'a',
      requireMfa: true,
      mode: 'Enforce',
      enforceFrom: '2026-12-01',
      gracePeriod: '14d',
      roles: ['Lite'],
      factors: ['totp'],
    },
    ...{
      factorsByRole: { Lite: ['totp'] },
      sso: [{ provider: 'a', upstreamMfa: 'Trust', maxAge: '1h', amr: ['mfa'] }],
      resets: { approvals: 1 },
    },
    ...{
      suspend: { reason: 'x', until: '2027-01-01' },
      guards: { administrators: 1 },
      myGlueDefault: { requireMfa: true },
      breakGlass: ['a'],
    },
  };
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(FULL)), fc.jsonValue(), (field, value) => {
      const document = {
        apiVersion: 'padlock.dev/v1alpha1',
        kind: 'MfaPolicy',
        metadata: { name: 'a' },
        spec: { ...FULL, [field]: value },
      };
      const { faults } = read(JSON.stringify(document, null, 1));
      // nothing but the field, or what goes with it, is at fault
      expect(faults.length === 0 || faults.every(({ line }) => line > 6)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('a document cut off anywhere', () => {
  const text = `${HEAD}spec:\n  account: northwind\n  requireMfa: true\n  sso: [{provider: "entra", amr: ['mfa']}]\n  suspend: {reason: >-\n`;
  for (let end = 0; end <= text.length; end++) read(text.slice(0, end));
});

test('no key of a document reaches a prototype', () => {
  read(`${HEAD}__proto__: {polluted: 1}\nspec: {__proto__: {polluted: 1}, constructor: {prototype: {polluted: 1}}, "__proto__": 1}\n`);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
