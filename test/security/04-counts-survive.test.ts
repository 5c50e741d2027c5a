/**
 * Threat: whoever guesses makes the process crash, or talks to two replicas in turn, and counts begin anew. Elsewhere (Argo CD
 * CVE-2024-21652) counters in memory were lost. Here they are rows: real processes are killed between guesses, and the cap holds over all of them.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CODE_CAP } from '../../src/core/authentication/throttle.ts';
import { enterCode } from '../../src/flows/sign-in/challenge.ts';
import { enterPassword } from '../../src/flows/sign-in/password.ts';
import { PASSWORD, Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
  await portal.rules(['requireMfa: true']);
  await portal.enrolled(ADA);
});
afterEach(() => portal.close());

/** A process that guesses, killed after so many outcomes. */
function killedAfter(outcomes: number, password: string): Promise<string[]> {
  const argv = [
    join(import.meta.dirname, 'guesser.ts'),
    JSON.stringify(portal.northwind.opened.place),
    String(portal.northwind.now),
    ADA,
    password,
  ];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const told: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told.push(...text.trim().split('\n'));
    if (told.length >= outcomes) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_, signal) => (signal === 'SIGKILL' ? resolve(told) : reject(new Error('not killed'))));
  });
}

test('codes: processes killed between guesses, and the count goes on in the next', async () => {
  let wrong = 0;
  for (let process = 0; process < 8 && !(await portal.locked(ADA)); process++) {
    const told = await killedAfter(2, PASSWORD);
    wrong += told.filter((outcome) => outcome === 'wrong').length;
    const counted = await portal.codeFailures(ADA);
    // What a killed process had counted and not told yet counts too.
    expect(counted).toBeGreaterThanOrEqual(Math.min(wrong, CODE_CAP));
  }
  expect(await portal.locked(ADA)).toBe(true);
  expect(wrong).toBeLessThan(CODE_CAP);
  expect(await killedAfter(1, PASSWORD)).toContain('locked');
});

test('passwords: the same', async () => {
  const told = [...(await killedAfter(2, 'guess')), ...(await killedAfter(2, 'guess')), ...(await killedAfter(3, 'guess'))];
  expect(told.filter((outcome) => outcome === 'refused').length).toBeLessThanOrEqual(5);
  expect(told.at(-1)).toBe('wait');
});

test('two stores on one file, in turn: one count', async () => {
  const other = await portal.northwind.opened.again();
  try {
    const worlds = [portal.world, portal.over(other)] as const;
    const outcomes: string[] = [];
    for (let i = 0; i < CODE_CAP; i++) {
      const entry = { scope: 'northwind', address: ADA, password: PASSWORD, from: '192.0.2.1', device: '' };
      const entered = await enterPassword(i % 2 === 0 ? worlds[0] : worlds[1], entry);
      if (entered.outcome !== 'in') throw new Error(entered.outcome);
      // Begun at one, answered at the other.
      outcomes.push((await enterCode(i % 2 === 0 ? worlds[1] : worlds[0], entered.token, 'no code', '')).outcome);
    }
    expect(outcomes).toEqual([...Array.from({ length: CODE_CAP - 1 }, () => 'wrong'), 'locked']);
  } finally {
    await other.close();
  }
});
