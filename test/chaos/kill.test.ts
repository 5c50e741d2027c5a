import { expect, test } from 'vitest';
import { ACTS } from './acts.ts';
import { leastKills, runCampaign } from './campaign.ts';
import { missedPoints, renderFault, rowsOf } from './table.ts';

/** Thousands of processes on a busy machine take their time; nothing is decided by it. */
const PATIENCE = { timeout: 3_600_000 };
const KILLS = 1200;
const SEED = 7;

test('killed at every statement, and at random: done whole or not at all, and once when run again', PATIENCE, async () => {
  const outcome = await runCampaign({ kills: KILLS, seed: SEED, workers: 2 });
  const faulty = outcome.results.filter(({ verdict }) => verdict.faults.length > 0);
  expect(faulty.flatMap((result) => renderFault(result, SEED))).toEqual([]);
  expect(outcome.results.filter(({ verdict }) => verdict.killed).length).toBeGreaterThanOrEqual(KILLS);
  expect(KILLS).toBeGreaterThan(leastKills(outcome.recordings));
  expect(missedPoints(outcome)).toEqual([]);
  expect(rowsOf(outcome).filter((row) => row.before === 0)).toEqual([]);
  // The statements without which the acts would not be what they are.
  const names = rowsOf(outcome).map((row) => row.name);
  for (const name of ['begin immediate', 'commit', 'close', 'create table', 'insert into audit', 'insert into resets', 'file rename'])
    expect(names).toContain(name);
});

test('without transactions the same kills find what is half done', PATIENCE, async () => {
  const acts = ACTS.filter((act) => act.name === 'reset, two kinds');
  const { recordings, results } = await runCampaign({ kills: 50, seed: SEED, workers: 2, acts, autocommit: true });
  const points = recordings[0]?.points ?? [];
  const [begun, committed] = [points.findIndex((p) => p.name === 'insert into resets'), points.findLastIndex((p) => p.name === 'commit')];
  expect(begun).toBeGreaterThan(0);
  expect(committed - begun).toBeGreaterThan(5);
  for (const { one, verdict } of results.filter(({ one: { point } }) => point?.when === 'before')) {
    const place = one.point?.place ?? 0;
    const halfDone = place > begun && place <= committed;
    expect(verdict.faults.length > 0, `${one.point?.name}, point ${place}: ${verdict.faults.join('; ')}`).toBe(halfDone);
  }
});

test('a case is the same again, from its seed and its place', PATIENCE, async () => {
  const acts = ACTS.filter((act) => act.name === 'export');
  const places = async (only?: number) => {
    const { results } = await runCampaign({ kills: 40, seed: 3, workers: 2, acts, ...(only !== undefined && { only }) });
    return results.map(({ one }) => ({ index: one.index, place: one.point?.place, when: one.point?.when, enroll: one.enroll }));
  };
  const all = await places();
  const last = all.find((one) => one.index === 38);
  expect(all.length).toBeGreaterThanOrEqual(40);
  expect(await places(38)).toEqual([last]);
});
