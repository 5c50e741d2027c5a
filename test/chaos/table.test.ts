import { expect, test } from 'vitest';
import type { Act } from './acts.ts';
import type { Outcome, Result } from './campaign.ts';
import type { KillPoint } from './order.ts';
import type { Recording } from './recording.ts';
import { missedPoints, renderFault, renderOutcome, rowsOf } from './table.ts';

const act: Act = { name: 'reset', base: 'policies', argv: ['reset'] };
const points = ['begin immediate', 'insert into audit', 'commit'].map((name) => ({ name, commits: 0, nanoseconds: 1 }));
const nothing = {
  states: [],
  end: '',
  endEnrolled: undefined,
  files: new Map(),
  names: new Set<string>(),
  again: '',
  code: 0,
  milliseconds: 1,
};
const recording: Recording = { act, points, ...nothing };
const ended = { code: null, killed: true, commits: 0, returned: false, said: '', stderr: '' };

function result(index: number, where: Partial<KillPoint> | number, some: Partial<Result['verdict']> = {}): Result {
  const at =
    typeof where === 'number' ? { killAfter: where } : { point: { place: 0, name: '', when: 'before', delay: 0, ...where } as const };
  return { one: { index, recording, enroll: false, ...at }, verdict: { killed: true, faults: [], ended, ...some } };
}

const outcome: Outcome = {
  recordings: [recording],
  results: [
    result(0, { place: 0, name: 'begin immediate' }),
    result(1, { place: 2, name: 'commit' }),
    result(2, { place: 2, name: 'commit', when: 'inside' }),
    result(3, { place: 2, name: 'commit', when: 'inside' }, { ended: { ...ended, returned: true } }),
    result(4, { place: 2, name: 'commit', when: 'after' }, { faults: ['the store is not as 1 commits leave it'] }),
    result(5, 12.34),
    result(6, { place: 1, name: 'insert into audit', when: 'inside' }, { killed: false }),
  ],
};

test('kills are counted by statement; one that came too late counts for nothing, and what nothing has hit is told', () => {
  expect(rowsOf(outcome)).toEqual([
    { name: 'begin immediate', before: 1, inside: 0, after: 0 },
    { name: 'commit', before: 1, inside: 2, after: 1 },
    { name: 'insert into audit', before: 0, inside: 0, after: 0 },
  ]);
  expect(missedPoints(outcome)).toEqual(['reset: insert into audit, point 1']);
});

test('as people read it', () => {
  const lines = renderOutcome(outcome, 7);
  expect(`${lines.join('\n')}\n`).toMatchInlineSnapshot(`
    "killed at                              before   inside    after      all
      begin immediate                           1        0        0        1
      commit                                    1        2        1        4
      insert into audit                         0        0        0        0
      at any moment, by the parent                                         1
      all                                       2        2        1        6

    act                                     kills   points
      reset                                     6        3

    killed inside, and the statement never returned: 1
    came too late, and count for nothing: 1
    points that nothing hit: 1
    6 kills, 1 faults, seed 7
    "
  `);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('a fault says where, what, and how to see it again', () => {
  expect(outcome.results.filter((r) => r.verdict.faults.length > 0).flatMap((r) => renderFault(r, 7))).toEqual([
    'reset, killed after commit, point 2:',
    '  the store is not as 1 commits leave it',
    '  again: npm run chaos -- --seed 7 --only 4',
  ]);
  expect(renderFault(result(5, 12.34), 7)[0]).toBe('reset, killed after 12.3 ms:');
});
