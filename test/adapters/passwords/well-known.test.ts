import { expect, test } from 'vitest';
import { wellKnownPasswords } from '../../../src/adapters/passwords/well-known.ts';

test.each(['password', '12345678', 'PASSWORD', 'Baseball', 'trustno1', 'qwertyuiop'])('%s is known to all', async (password) => {
  expect((await wellKnownPasswords()).has(password)).toBe(true);
});

test.each(['', 'padlock keeps the bakery', '__proto__', 'constructor', 'toString'])('%j is not', async (password) => {
  expect((await wellKnownPasswords()).has(password)).toBe(false);
});
