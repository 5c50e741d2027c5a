import { expect, test } from 'vitest';
import { again } from '../../../src/apps/portal/background.ts';

const soon = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('goes on after a round that fails, and tells of it', async () => {
  let rounds = 0;
  const failed: unknown[] = [];
  const work = async () => {
    rounds += 1;
    if (rounds % 2 === 1) throw new RangeError(`round ${rounds}`);
  };
  const job = again(1, work, (error) => failed.push(error));
  while (rounds < 6) await soon(1);
  await job.stop();
  const [then, before] = [rounds, failed.length];
  await soon(20);
  expect(rounds).toBe(then);
  expect(before).toBeGreaterThan(2);
});

test('stopping waits for the round that runs, and cuts the pause short', async () => {
  let over = false;
  const slow = again(
    1,
    async () => {
      await soon(50);
      over = true;
    },
    () => undefined,
  );
  await slow.stop();
  expect(over).toBe(true);
  const resting = again(
    1_000_000,
    () => Promise.resolve(),
    () => undefined,
  );
  await soon(5);
  await resting.stop();
});
