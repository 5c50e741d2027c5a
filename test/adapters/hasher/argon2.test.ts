import { randomBytes } from 'node:crypto';
import { hashSync } from '@node-rs/argon2';
import { describe, expect, test } from 'vitest';
import { argon2Hasher } from '../../../src/adapters/hasher/argon2.ts';

const hasher = argon2Hasher();
const PASSWORD = 'a long enough password';

describe('a hash', () => {
  test('is a PHC string with its parameters, and another each time', async () => {
    const [one, two] = await Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD)]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(two);
  });

  test('holds for its password alone', async () => {
    const hash = await hasher.hash(PASSWORD);
    expect(await hasher.verify(hash, PASSWORD)).toBe(true);
    for (const other of ['', `${PASSWORD} `, PASSWORD.toUpperCase(), `${PASSWORD}\0`, PASSWORD.slice(0, -1)]) {
      expect(await hasher.verify(hash, other)).toBe(false);
    }
  });

  test('is of a password in one form of Unicode', async () => {
    const hash = await hasher.hash('Zo\u00eb was here');
    expect(await hasher.verify(hash, 'Zoe\u0308 was here')).toBe(true);
    expect(await hasher.verify(hash, 'Zoe was here')).toBe(false);
  });

  test('takes every one of 1024 bytes, and none more', async () => {
    const longest = '🔒'.repeat(256);
    const hash = await hasher.hash(longest);
    expect(await hasher.verify(hash, longest)).toBe(true);
    expect(await hasher.verify(hash, `${longest.slice(0, -2)}🔑`)).toBe(false);
    expect(await hasher.verify(hash, `${longest}🔒`)).toBe(false);
    await expect(hasher.hash(`${longest}x`)).rejects.toThrow('1024 bytes');
  });

  test('that was made otherwise is to be made anew', async () => {
    const made = (options: object) => hashSync(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1, ...options });
    expect(hasher.needsRehash(await hasher.hash(PASSWORD))).toBe(false);
    expect(hasher.needsRehash(made({}))).toBe(false);
    for (const options of [
      { memoryCost: 9728 },
      { memoryCost: 65_536 },
      { timeCost: 3 },
      { parallelism: 2 },
      { algorithm: 1 },
      { outputLen: 16 },
    ]) {
      const hash = made(options);
      expect(hasher.needsRehash(hash)).toBe(true);
      expect(await hasher.verify(hash, PASSWORD)).toBe(true);
    }
    expect(hasher.needsRehash(made({ salt: randomBytes(8) }))).toBe(true);
  });

  test.each(['', 'x', '$argon2id$', `$2b$12$${'a'.repeat(53)}`, '$argon2id$v=19$m=19456,t=2,p=1$AAAA'])(
    'that is none is an error: %j',
    async (kept) => {
      await expect(hasher.verify(kept, PASSWORD)).rejects.toMatchObject({ code: 'store/corrupt' });
      expect(() => hasher.needsRehash(kept)).toThrow(expect.objectContaining({ code: 'store/corrupt' }));
    },
  );
});

describe('where nobody is known', () => {
  test('nothing holds', async () => {
    for (const password of ['', PASSWORD, '\0'.repeat(16), 'x'.repeat(100_000)]) expect(await hasher.verify(null, password)).toBe(false);
  });

  test('it takes as long', async () => {
    const hash = await hasher.hash(PASSWORD);
    const cost = async (kept: string | null, password: string) => {
      const before = process.cpuUsage();
      await hasher.verify(kept, password);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const [known, unknown, long]: number[][] = [[], [], []];
    for (let i = 0; i < 15; i++) {
      known?.push(await cost(hash, 'a wrong password'));
      unknown?.push(await cost(null, 'a wrong password'));
      long?.push(await cost(hash, 'x'.repeat(100_000)));
    }
    const least = (list: number[] = []) => Math.min(...list);
    // Processor time, the least of many: another load of the machine only adds to it.
    expect(least(unknown) / least(known)).toBeGreaterThan(0.7);
    expect(least(unknown) / least(known)).toBeLessThan(1.4);
    expect(least(long) / least(known)).toBeGreaterThan(0.7);
  });
});

test('beyond those who may wait, people are told so at once, and later all is well', async () => {
  const small = argon2Hasher(1, 2);
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => small.verify(null, PASSWORD)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  for (const result of results.slice(3)) expect(result).toMatchObject({ reason: { code: 'sign-in/busy' } });
  expect(await small.verify(null, PASSWORD)).toBe(false);
});
