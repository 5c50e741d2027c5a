import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSync } from 'otplib';
import { argon2Hasher } from '../src/adapters/hasher/argon2.ts';
import { readKeyFile } from '../src/adapters/store/key-file.ts';
import { openSqlite } from '../src/adapters/store/sqlite/open.ts';
import { LIMITS } from '../src/core/authentication/sessions.ts';
import { maskOf } from '../src/core/model/demand.ts';
import type { Hasher } from '../src/core/ports/hasher.ts';
import { enterCode } from '../src/flows/sign-in/challenge.ts';
import { enterPassword } from '../src/flows/sign-in/password.ts';
import type { SignInWorld } from '../src/flows/sign-in/world.ts';
import { ROOT, SOURCE } from './programs.ts';

const PASSWORD = 'a long walk by the river';
const ACCOUNT = 'northwind';
const CORES = availableParallelism();
/** People who sign in, at most, sign-ins of a round, and how many are under way at once: while one is written down, others are hashed. */
const PEOPLE = 40;
const SIGN_INS = 400;
const AT_ONCE = 4 * CORES;
/** Wrong passwords of a round, of somebody and of nobody each. */
const WRONG = 150;
const DAY = 86_400_000;

/** One store of so many people, of whom some have a password and a phone. */
interface Place {
  readonly world: SignInWorld;
  readonly people: readonly { readonly address: string; readonly secret: Uint8Array }[];
  now: number;
  close(): Promise<void>;
}

/**
 * Whole sign-ins, password and code, beside bare argon2id on the same cores; a wrong password of somebody known beside one of nobody; and
 * both in stores of two sizes. `BENCH_USERS`: the larger size.
 */
export async function benchSignIn(_: string, rounds: number): Promise<void> {
  const larger = Number(process.env['BENCH_USERS'] ?? 100_000);
  const hasher = argon2Hasher();
  const hash = await hasher.hash(PASSWORD);
  const places = [await open(1000, hasher, hash), await open(larger, hasher, hash)];
  try {
    const best = { bare: 0, small: 0, large: 0 };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      best.bare = Math.max(best.bare, await rate(() => hasher.verify(hash, PASSWORD)));
      for (const [i, place] of places.entries()) {
        const name = i === 0 ? 'small' : 'large';
        best[name] = Math.max(best[name], await rate((n) => signIn(place, n)));
      }
      for (const place of places) {
        for (let n = 0; n < WRONG; n++) {
          place.now += DAY;
          const somebody = async () =>
            known.push(await taken(() => wrongPassword(place, place.people[n % place.people.length]?.address ?? '')));
          const nobody = async () => unknown.push(await taken(() => wrongPassword(place, `nobody-${n}-${round}@northwind.example`)));
          // Neither is always the first.
          for (const one of n % 2 === 0 ? [somebody, nobody] : [nobody, somebody]) await one();
        }
      }
    }
    const line = (name: string, figure: string) => console.log(`  ${name.padEnd(52)}${figure}`);
    console.log(`\nsign-in, on ${CORES} cores  (goal 0.75 × bare argon2id, an unknown user within 5 %, flat)`);
    line('argon2id alone', `${best.bare.toFixed(1)} a second`);
    line('sign-ins, 1 000 users', `${best.small.toFixed(1)} a second   ${(best.small / best.bare).toFixed(2)} ×`);
    line(`sign-ins, ${larger} users`, `${best.large.toFixed(1)} a second   ${(best.large / best.bare).toFixed(2)} ×`);
    line('wrong password, somebody known', `${median(known).toFixed(1)} ms`);
    line('wrong password, nobody', `${median(unknown).toFixed(1)} ms   ${(median(unknown) / median(known)).toFixed(3)} ×`);
  } finally {
    for (const place of places) await place.close();
  }
}

/** So many of something, some at once: a second. */
async function rate(work: (n: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let next = 0;
  const one = async () => {
    while (next < SIGN_INS) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return (SIGN_INS * 1000) / (performance.now() - began);
}

async function signIn(place: Place, n: number): Promise<void> {
  const person = place.people[n % place.people.length];
  if (person === undefined) throw new RangeError(String(n));
  // Each code is taken once: a person's next sign-in is in another step.
  place.now += 2000;
  const { now } = place;
  const world = { ...place.world, clock: { now: () => now } };
  const entry = { scope: ACCOUNT, address: person.address, password: PASSWORD, from: '192.0.2.1', device: '' };
  const entered = await enterPassword(world, entry);
  if (entered.outcome !== 'in') throw new Error(entered.outcome);
  const code = generateSync({ secret: person.secret, epoch: Math.floor(now / 1000) });
  const answered = await enterCode(world, entered.token, code, '');
  if (answered.outcome !== 'in' || answered.step.step !== 'session') throw new Error(JSON.stringify(answered));
}

async function wrongPassword(place: Place, address: string): Promise<void> {
  const entry = { scope: ACCOUNT, address, password: 'nonsense', from: `198.51.100.${Math.floor(Math.random() * 200)}`, device: '' };
  const { outcome } = await enterPassword(place.world, entry);
  if (outcome !== 'refused') throw new Error(outcome);
}

async function taken(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function open(users: number, hasher: Hasher, hash: string): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'padlock-bench-sign-in-'));
  for (const name of ['policies', 'padlock.yaml']) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  const made = spawnSync(process.execPath, [SOURCE, 'demo', '--users', String(users)], { cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  const random = { bytes: (length: number) => randomBytes(length) };
  const keys = join(folder, '.padlock', 'keys.json');
  const store = await openSqlite({
    path: join(folder, '.padlock', 'padlock.db'),
    access: 'write',
    random,
    keyring: () => readKeyFile(keys),
  });
  const people: { address: string; secret: Uint8Array }[] = [];
  const place: Place = {
    now: Date.now(),
    people,
    world: {
      store,
      clock: { now: () => place.now },
      random,
      hasher,
      limits: LIMITS,
      enrollable: maskOf(['totp', 'passkey']),
      signsIn: () => true,
      site: { origin: 'http://localhost', rpId: 'localhost' },
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const rows = await store.read(async (reader) => {
    const found: { userId: number; address: string }[] = [];
    for await (const { userId, address, kinds, reason } of reader.memberships(place.now, { scope: ACCOUNT })) {
      if (address !== null && kinds === 0 && reason !== 'disabled') found.push({ userId, address });
      if (found.length === PEOPLE) break;
    }
    return found;
  });
  await store.write(place.now, async (transaction) => {
    for (const { userId, address } of rows) {
      const secret = random.bytes(20);
      await transaction.putPassword(userId, hash);
      await transaction.enroll([{ userId, kind: 'totp', label: '', secret, enrolledAt: place.now }]);
      people.push({ address, secret });
    }
  });
  return place;
}
