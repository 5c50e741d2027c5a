import { type Outcome, pointsOf, type Result } from './campaign.ts';

/** Kills by the statement that they hit; `moment`: whatever ran when the parent killed. */
export interface Row {
  readonly name: string;
  readonly before: number;
  readonly inside: number;
  readonly after: number;
}

/** A row for each kind of statement that any act runs, also for one that nothing has hit; by name. */
export function rowsOf({ recordings, results }: Outcome): Row[] {
  const names = new Set(recordings.flatMap(({ points }) => points.map((point) => point.name)));
  const hits = Map.groupBy(killed(results), ({ one }) => one.point?.name ?? '');
  return [...names].sort().map((name) => {
    const count = (when: string) => (hits.get(name) ?? []).filter(({ one }) => one.point?.when === when).length;
    return { name, before: count('before'), inside: count('inside'), after: count('after') };
  });
}

/** The points of every act that no kill has hit: which of its statements, and of how many. */
export function missedPoints({ recordings, results }: Outcome): string[] {
  const hit = new Set(killed(results).map(({ one }) => `${one.recording.act.name} ${one.point?.place}`));
  return pointsOf(recordings).flatMap(({ act, place, name }) => (hit.has(`${act} ${place}`) ? [] : [`${act}: ${name}, point ${place}`]));
}

/** What a campaign came to, for people: at most 80 columns. */
export function renderOutcome(outcome: Outcome, seed: number): string[] {
  const { recordings, results } = outcome;
  const all = killed(results);
  const rows = rowsOf(outcome);
  const moment = all.filter(({ one }) => one.point === undefined).length;
  const numbers = (...values: readonly number[]) => values.map((value) => String(value).padStart(9)).join('');
  const line = ({ name, before, inside, after }: Row) => `  ${name.padEnd(34)}${numbers(before, inside, after, before + inside + after)}`;
  const sum = (when: 'before' | 'inside' | 'after') => rows.reduce((total, row) => total + row[when], 0);
  const acts = recordings.map(({ act, points }) => {
    const of = all.filter(({ one }) => one.recording.act === act).length;
    return `  ${act.name.padEnd(34)}${numbers(of, points.length)}`;
  });
  const inside = all.filter(({ one, verdict }) => one.point?.when === 'inside' && !verdict.ended.returned).length;
  const faulty = results.filter(({ verdict }) => verdict.faults.length > 0);
  return [
    `${'killed at'.padEnd(36)}${['before', 'inside', 'after', 'all'].map((word) => word.padStart(9)).join('')}`,
    ...rows.map(line),
    `  ${'at any moment, by the parent'.padEnd(61)}${numbers(moment)}`,
    `  ${'all'.padEnd(34)}${numbers(sum('before'), sum('inside'), sum('after'), all.length)}`,
    '',
    `${'act'.padEnd(36)}${['kills', 'points'].map((word) => word.padStart(9)).join('')}`,
    ...acts,
    '',
    `killed inside, and the statement never returned: ${inside}`,
    `came too late, and count for nothing: ${results.length - all.length}`,
    `points that nothing hit: ${missedPoints(outcome).length}`,
    `${all.length} kills, ${faulty.length} faults, seed ${seed}`,
  ];
}

/** One fault, with how to see it again. */
export function renderFault({ one, verdict }: Result, seed: number): string[] {
  const { act } = one.recording;
  const { point } = one;
  const where = point === undefined ? `after ${one.killAfter?.toFixed(1)} ms` : `${point.when} ${point.name}, point ${point.place}`;
  return [
    `${act.name}, killed ${where}:`,
    ...verdict.faults.map((fault) => `  ${fault}`),
    `  again: npm run chaos -- --seed ${seed} --only ${one.index}`,
  ];
}

function killed(results: readonly Result[]): Result[] {
  return results.filter(({ verdict }) => verdict.killed);
}
