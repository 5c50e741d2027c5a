import { expect, test } from 'vitest';
import { gate } from '../../../src/adapters/hasher/gate.ts';

/** Works that end when they are told to. */
function works() {
  const ends: (() => void)[] = [];
  const started: number[] = [];
  const work = (name: number) => () =>
    new Promise<number>((resolve) => {
      started.push(name);
      ends.push(() => resolve(name));
    });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { work, started, settle, endFirst: () => ends.shift()?.() };
}

test('so many run, so many wait in their order, and whoever comes beyond is told at once', async () => {
  const { run } = gate(2, 2);
  const { work, started, settle, endFirst } = works();
  const all = [1, 2, 3, 4].map((name) => run(work(name)));
  await expect(run(work(5))).rejects.toMatchObject({ code: 'sign-in/busy', fix: 'try again in some seconds' });
  expect(started).toEqual([1, 2]);
  endFirst();
  await settle();
  expect(started).toEqual([1, 2, 3]);
  const sixth = run(work(6));
  for (let i = 0; i < 5; i++) {
    endFirst();
    await settle();
  }
  expect(await Promise.all([...all, sixth])).toEqual([1, 2, 3, 4, 6]);
  expect(started).toEqual([1, 2, 3, 4, 6]);
});

test('a work that fails gives its slot away', async () => {
  const { run } = gate(1, 1);
  const fail = async () => {
    throw new Error('failed');
  };
  for (let i = 0; i < 5; i++) await expect(run(fail)).rejects.toThrow('failed');
  expect(await run(async () => 'fine')).toBe('fine');
});

test('never more at once than there are slots, and the slots are given back', async () => {
  const { run } = gate(3, 1000);
  let running = 0;
  let most = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 300 }, () => run(work)));
  expect({ most, running }).toEqual({ most: 3, running: 0 });
});
