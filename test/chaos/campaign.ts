import { chooseWith, randomOf } from '../../src/apps/cli/demo/random.ts';
import { ACTS, type Act } from './acts.ts';
import { type Case, killOnce, type Slot, type Verdict } from './kill.ts';
import type { KillPoint } from './order.ts';
import { type Recording, record } from './recording.ts';
import { openWorkshop } from './workshop.ts';

/** A campaign: so many kills, drawn from a seed. `only`: that case alone. */
export interface CampaignOptions {
  readonly kills: number;
  readonly seed: number;
  readonly workers: number;
  readonly only?: number;
  /** Instead of all. */
  readonly acts?: readonly Act[];
  /** Takes the transactions away from what is killed, to see that this is found. */
  readonly autocommit?: boolean;
  /** Told of each case as it ends. */
  readonly onKill?: (killed: number, result: Result) => void;
}

/** A case with its verdict. */
export interface Result {
  readonly one: Case;
  readonly verdict: Verdict;
}

/** What a campaign came to. */
export interface Outcome {
  readonly recordings: readonly Recording[];
  readonly results: readonly Result[];
}

/** Where a thread can end the process while a statement runs, and it matters. */
const INSIDE = /^(commit|close|insert|update|delete|create|pragma journal_mode)/;
/** After which something stands that did not before. */
const SETTLES = /^(commit|close|file (write|rename|link))/;
/** A file that is being written is cut in half instead. */
const TORN = 'file write';

/** Records every act, kills as often as asked for, and judges each. A case is the same for the same seed and index. */
export async function runCampaign(options: CampaignOptions): Promise<Outcome> {
  const workshop = await openWorkshop();
  const { root, program, server } = workshop;
  const slots = Array.from({ length: options.workers }, (_, index): Slot => {
    const folder = workshop.folder('empty');
    return { root, folder, program, server: index === 0 ? server : program.server(), autocommit: options.autocommit ?? false };
  });
  try {
    const recordings: Recording[] = [];
    for (const act of options.acts ?? ACTS) recordings.push(await record(act, program, server, root));
    return { recordings, results: await killAll(options, recordings, slots) };
  } finally {
    for (const slot of slots) slot.server.close();
    workshop.close();
  }
}

async function killAll(options: CampaignOptions, recordings: readonly Recording[], slots: readonly Slot[]): Promise<Result[]> {
  const [places, every] = [everyPlace(recordings), everyPoint(recordings)];
  const drawn = (index: number) => caseOf(index, options.seed, recordings, places, every);
  if (options.only !== undefined) {
    const [slot] = slots;
    const one = drawn(options.only);
    return slot === undefined ? [] : [{ one, verdict: await killOnce(one, slot) }];
  }
  const results: Result[] = [];
  let next = 0;
  let killed = 0;
  const work = async (slot: Slot) => {
    // A kill that came too late is no kill: another case is drawn for it.
    while (killed < options.kills && next < 2 * options.kills) {
      const one = drawn(next++);
      killed += 1;
      const verdict = await killOnce(one, slot);
      if (!verdict.killed) killed -= 1;
      const result = { one, verdict };
      results.push(result);
      options.onKill?.(killed, result);
    }
  };
  await Promise.all(slots.map(work));
  return results;
}

type Place = Pick<Case, 'recording'> & { readonly point: KillPoint };

/** Before and after every point of every act, and inside of what writes. */
function everyPlace(recordings: readonly Recording[]): Place[] {
  return recordings.flatMap((recording) =>
    recording.points.flatMap(({ name, nanoseconds }, place) =>
      (['before', 'inside', 'after'] as const)
        .filter((when) => when !== 'inside' || INSIDE.test(name) || name === TORN)
        .map((when) => ({ recording, point: { place, name, when, delay: nanoseconds / 2 } })),
    ),
  );
}

/**
 * The first cases of any campaign: each point once. After one is before the next, so what is left out is what only the chance
 * that follows tells apart; a commit, and what becomes of the log and of files, is tried in every way.
 */
function everyPoint(recordings: readonly Recording[]): Place[] {
  return everyPlace(recordings).filter(({ point }) => point.when === 'before' || SETTLES.test(point.name));
}

/** First every point in turn; then drawn: any act, at any point or moment, most inside what writes. */
function caseOf(index: number, seed: number, recordings: readonly Recording[], places: readonly Place[], every: readonly Place[]): Case {
  const random = randomOf(seed, index);
  const enroll = random() < 0.5;
  const fixed = every[index];
  if (fixed !== undefined) return { index, enroll, ...fixed };
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const recording = pick(recordings);
  const how = chooseWith(random, [
    ['moment', 2],
    ['inside', 5],
    ['point', 3],
  ]);
  if (how === 'moment') return { index, enroll, recording, killAfter: random() * recording.milliseconds };
  const points = places.filter((place) => place.recording === recording && (how === 'inside') === (place.point.when === 'inside'));
  const { point } = pick(points);
  return { index, enroll, recording, point: { ...point, delay: random() * 2.4 * point.delay } };
}

/** Every point of every act. */
export function pointsOf(recordings: readonly Recording[]): { readonly act: string; readonly place: number; readonly name: string }[] {
  return recordings.flatMap(({ act, points }) => points.map(({ name }, place) => ({ act: act.name, place, name })));
}

/** How many kills hit every point at least once, if none comes too late. */
export function leastKills(recordings: readonly Recording[]): number {
  return everyPoint(recordings).length;
}
