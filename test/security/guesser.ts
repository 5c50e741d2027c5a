/**
 * A portal of its own in a process of its own, which guesses codes until it is killed: `guesser.ts PLACE NOW ADDRESS PASSWORD`.
 * Prints a line after each outcome; what was counted stands in the store alone.
 */
import { LIMITS } from '../../src/core/authentication/sessions.ts';
import { enterCode } from '../../src/flows/sign-in/challenge.ts';
import { enterPassword } from '../../src/flows/sign-in/password.ts';
import type { SignInWorld } from '../../src/flows/sign-in/world.ts';
import { openAt, RANDOM } from '../adapters/store/opened.ts';
import { CountingHasher } from '../flows/sign-in/hasher.ts';

const [place = '', now = '0', address = '', password = ''] = process.argv.slice(2);
const store = await openAt(JSON.parse(place));
const world: SignInWorld = {
  store,
  clock: { now: () => Number(now) },
  random: RANDOM,
  hasher: new CountingHasher(),
  limits: LIMITS,
  enrollable: 3,
  signsIn: () => true,
  site: { origin: 'https://mfa.northwind.example', rpId: 'mfa.northwind.example' },
};
for (;;) {
  const entered = await enterPassword(world, { scope: 'northwind', address, password, from: '192.0.2.1', device: '' });
  const outcome = entered.outcome === 'in' ? (await enterCode(world, entered.token, 'no code', '')).outcome : entered.outcome;
  process.stdout.write(`${outcome}\n`);
  await new Promise((resolve) => setTimeout(resolve, 5));
}
