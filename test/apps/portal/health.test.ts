import { expect, test } from 'vitest';
import { healthAnswers } from '../../../src/apps/portal/health.ts';

function health(missing: () => string | null) {
  const state = { now: 0, asked: 0 };
  const answers = healthAnswers({
    now: () => state.now,
    ready: async () => {
      state.asked += 1;
      return missing();
    },
  });
  const at = (path: string, method = 'GET') => answers(new Request(`http://localhost${path}`, { method }));
  return { state, at };
}

test('lives, whatever is missing', async () => {
  const { at, state } = health(() => 'store');
  const answer = await at('/healthz');
  expect([answer?.status, await answer?.text(), state.asked]).toEqual([200, 'lives\n', 0]);
});

test('ready, or one word and 503, kept by no cache', async () => {
  let missing: string | null = null;
  const { at, state } = health(() => missing);
  expect([(await at('/readyz'))?.status, await (await at('/readyz'))?.text()]).toEqual([200, 'ready\n']);
  missing = 'clock';
  state.now += 1000;
  const answer = await at('/readyz');
  expect([answer?.status, await answer?.text(), answer?.headers.get('cache-control')]).toEqual([503, 'clock\n', 'no-store']);
});

test('asked often, it looks once a second; a clock that is set back does not keep an answer for ever', async () => {
  const { at, state } = health(() => null);
  state.now = 10_000;
  for (let n = 0; n < 50; n += 1) await at('/readyz');
  expect(state.asked).toBe(1);
  state.now = 0;
  await at('/readyz');
  expect(state.asked).toBe(2);
});

test.each([
  ['/readyz', 'POST'],
  ['/healthz/', 'GET'],
  ['/', 'GET'],
  ['/metrics', 'GET'],
])('%s by %s is not its own', (path, method) => {
  expect(health(() => null).at(path, method)).toBeUndefined();
});
