/**
 * Threat: some order of acts that nobody thought of ends in a session without a factor that is due, or in no session for whoever has
 * all that is asked. Sequences are generated, over worlds that are generated, and each act is compared with a model written from the rules
 * alone. `SEQUENCES` and `SEQUENCES_SEED` set how many and which; a failure names its seed and everything that was done.
 */
import { existsSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { openTemporary } from '../adapters/store/opened.ts';
import { importWorld, T0 } from '../contract/store-world.ts';
import { MemoryStore } from '../flows/sign-in/memory-store.ts';
import { type Ground, Play, type Tally } from '../flows/sign-in/sequences/play.ts';
import { diceOf } from '../fuzz/dice.ts';

vi.mock('otplib', async (original) => ({
  ...(await original<typeof import('otplib')>()),
  generateSync: (await import('../flows/sign-in/sequences/fakes.ts')).fakeCode,
}));
vi.mock('../../src/core/authentication/kinds/passkey/registration.ts', async () => {
  const { verifyRegistration, options } = await import('../flows/sign-in/sequences/fakes.ts');
  return { verifyRegistration, registrationOptions: options };
});
vi.mock('../../src/core/authentication/kinds/passkey/authentication.ts', async () => {
  const { verifyAuthentication, options } = await import('../flows/sign-in/sequences/fakes.ts');
  return { verifyAuthentication, authenticationOptions: options };
});

const SEQUENCES = Number(process.env['SEQUENCES'] ?? 100_000);
const SEED = Number(process.env['SEQUENCES_SEED'] ?? 20261125);
/** A sign-in over the rows of a store takes a hundred times as long. */
const ON_SQLITE = Number(process.env['SEQUENCES_SQLITE'] ?? 150);

/** Plays so many; the seed of each is its own. */
async function play(count: number, seed: number, groundOf: () => Ground): Promise<Tally> {
  const tally: Tally = new Map();
  for (let i = 0; i < count; i++) {
    const dice = diceOf(seed + i);
    try {
      await new Play(groundOf(), dice, tally, i).run(4 + dice.roll(14));
    } catch (error) {
      throw new Error(`seed ${seed + i}: ${(error as Error).message}`, { cause: error });
    }
  }
  return tally;
}

/** What the mix has to reach, each at least once. */
const REACHED = [
  ...['challenge', 'token', 'set-up', 'stuck', 'session'].map((step) => `step: ${step}`),
  ...['session', 'attempt', 'nobody', 'ended', 'expired', 'idle', 'revoked'].map((is) => `look: ${is}`),
  ...['in', 'refused', 'wait', 'locked'].map((outcome) => `password: ${outcome}`),
  ...['in', 'wrong', 'over', 'locked'].map((outcome) => `code now: ${outcome}`).filter((text) => !text.endsWith('locked')),
  ...[
    'code ahead: in',
    'code behind: in',
    'code far: wrong',
    'code used: wrong',
    'code wrong: wrong',
    'code wrong: locked',
    'code text: wrong',
  ],
  ...['code recovery: in', 'code recovery: over', 'code now again: wrong', 'code recovery again: wrong'],
  ...['passkey right: in', 'passkey present: in', 'passkey stale: wrong', 'passkey replayed: wrong', 'passkey: not asked for'],
  ...['in', 'refused', 'locked', 'password-first'].map((outcome) => `passkey alone: ${outcome}`),
  ...['in', 'no'].map((outcome) => `postpone: ${outcome}`),
  ...['token right: in', 'token right: over', 'token wrong: wrong'],
  ...['right: shown', 'right: over', 'wrong: wrong'].map((outcome) => `token in settings ${outcome}`),
  ...['open totp: opened', 'open totp: no', 'open passkey: opened', 'open passkey: no'],
  ...['totp', 'passkey'].flatMap((kind) =>
    ['right: enrolled', 'wrong: wrong', 'right: over'].map((outcome) => `confirm ${kind} ${outcome}`),
  ),
  ...['proven', 'wrong', 'over', 'wait', 'locked'].map((outcome) => `prove: ${outcome}`),
  ...['done', 'required', 'gone', 'prove', 'over'].map((outcome) => `remove: ${outcome}`),
  ...['done', 'gone', 'prove', 'over'].map((outcome) => `renew: ${outcome}`),
  ...['done', 'prove', 'over'].map((outcome) => `password: ${outcome}`),
  ...[
    'unlock: open',
    'unlock: unknown',
    'unlock again: used',
    'password-reset: open',
    'invitation: in',
    'invitation: unknown',
    'invitation while locked: in',
    'passkey beside another kind: password-first',
  ],
  ...['on', 'off', 'reports'].map((policy) => `policy: ${policy}`),
  ...['reset', 'disable', 'role', 'exempt', 'kinds', 'sweep'].map((act) => `others: ${act}`),
  ...[
    'jump: to a deadline',
    'sign out: done',
    'came in: after 0 steps',
    'came in: after 1 steps',
    'came in: after 2 steps',
    'came in: after 3 steps',
  ],
];

test('every act of every sequence comes to what the rules say, nobody is in without what is due, and everybody can come in', async () => {
  const memory = () => {
    const store = new MemoryStore();
    return { store: store.store, exempt: exemptIn(store), begin: () => T0 };
  };
  const tally = await play(SEQUENCES, SEED, memory);
  if (SEQUENCES >= 20_000) expect(REACHED.filter((what) => !tally.has(what))).toEqual([]);
}, 3_600_000);

function exemptIn(store: MemoryStore) {
  return (userId: number, until: number) => store.exempt(userId, [{ document: 'd', startsAt: 0, expiresAt: until }]);
}

test('the same over the rows of a store', async () => {
  // In memory, where the machine has a place for files there: what is tried is not the disk.
  if (existsSync('/dev/shm')) vi.stubEnv('TMPDIR', '/dev/shm');
  const opened = await openTemporary();
  vi.unstubAllEnvs();
  try {
    await importWorld(opened.store);
    const insert = opened.raw.prepare(`insert into exemption_users (account_id, channel, document, user_id, called, starts_at, expires_at)
      values (1, ?, ?, ?, ?, 0, ?) on conflict (user_id, channel, document, starts_at) do update set expires_at = excluded.expires_at`);
    let begins = T0;
    const ground: Ground = {
      store: opened.store,
      exempt: (userId, until) => void insert.run('cli', 'd', userId, 'somebody', until),
      begin: () => (begins += 100 * 86_400_000),
    };
    await play(ON_SQLITE, SEED, () => ground);
  } finally {
    await opened.close();
  }
}, 600_000);
