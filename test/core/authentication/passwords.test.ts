import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgePassword } from '../../../src/core/authentication/passwords.ts';

const CALLED = ['a.berg@northwind.example', 'Anna Berg', 'Northwind IT'];
const facts = { called: CALLED, common: (password: string) => password === 'correct horse' };
const judge = (password: string) => judgePassword(password, facts);

describe('taken', () => {
  test.each([
    'eight888',
    'only small letters',
    '        ',
    'пароль-пароль',
    '🔒🔑🗝🚪🪟🏠🧱🔔',
    'x'.repeat(256),
    'anna berg is my name',
    'padlock of northwind it',
    `a.berg@northwind.example!1`,
    'nul\u0000within',
  ])('%j', (password) => {
    expect(judge(password)).toBeNull();
  });
});

describe('refused, each with what to do', () => {
  test.each([
    ['', 'it is too short; use 8 characters or more, several words for example'],
    ['seven77', 'it is too short; use 8 characters or more, several words for example'],
    ['🔒🔑🗝🚪🪟🏠🧱', 'it is too short; use 8 characters or more, several words for example'],
    // Eight as it was typed, four as it reads.
    ['u\u0308u\u0308u\u0308u\u0308', 'it is too short; use 8 characters or more, several words for example'],
    ['x'.repeat(257), 'it is too long; use 256 characters or fewer'],
    ['x'.repeat(1_000_000), 'it is too long; use 256 characters or fewer'],
    ['half a \ud800 pair', 'it holds a character that is none; type it again'],
    ['correct horse', 'it is one that many people use or that was in a breach; use one that you have made up yourself'],
  ])('%j: %s', (password, why) => {
    expect(judge(password)).toBe(why);
  });

  test.each([
    'a.berg@northwind.example',
    'A.Berg@Northwind.Example',
    'annaberg',
    'Anna Berg',
    'anna-berg',
    'northwindit',
    'NORTHWIND IT',
    'padlocknorthwindit',
    'Padlock Northwind IT',
    'northwind it padlock',
    'padlock-anna.berg',
    'P.A.D.L.O.C.K',
  ])('%j is what they are called', (password) => {
    expect(judge(password)).toMatch(/^it is what you or your account are called; /);
  });

  test('the local part of an address', () => {
    expect(judgePassword('alexander.b', { ...facts, called: ['Alexander.B@x.example'] })).toMatch(/are called/);
  });

  test('a name in another form of Unicode', () => {
    expect(judgePassword('Zoe\u0308 Müllerin', { ...facts, called: ['Zo\u00eb Mu\u0308llerin'] })).toMatch(/are called/);
  });

  test('names that are empty refuse nothing', () => {
    expect(judgePassword('--------', { ...facts, called: ['', '@', ' '] })).toBeNull();
  });
});

test('a password is asked for in the form that is hashed', () => {
  const asked: string[] = [];
  judgePassword('Zoe\u0308 was here', { called: [], common: (password) => asked.push(password) > 1 });
  expect(asked).toEqual(['Zoë was here']);
});

test('the longest that is taken fits into what is hashed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 200, maxLength: 300 }), (password) => {
      if (judge(password) === null) expect(Buffer.byteLength(password.normalize('NFC'))).toBeLessThanOrEqual(1024);
    }),
  );
});
