import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KillPoint } from './order.ts';
import type { Ended, Program, Server } from './program.ts';
import { orderOf, type Recording } from './recording.ts';
import { sealedFaults } from './sealed.ts';
import { difference, stateOf, storeIn } from './state.ts';
import { begin, enroll, NOW } from './world.ts';

/** One case: which act is killed, where, and what happens before it is run again. */
export interface Case {
  readonly index: number;
  readonly recording: Recording;
  /** Absent: the parent kills, after so many milliseconds. */
  readonly point?: KillPoint;
  readonly killAfter?: number;
  /** The person of the act enrolls a newer authenticator before the act is run again. */
  readonly enroll: boolean;
}

/** How a case ended; not killed: the process was done before the signal came. */
export interface Verdict {
  readonly killed: boolean;
  readonly faults: readonly string[];
  readonly ended: Ended;
}

/** Where a case is carried out: a folder and a process of its own, so that two can run at once. */
export interface Slot {
  readonly root: string;
  readonly folder: string;
  readonly program: Program;
  readonly server: Server;
  /** The act that is killed runs without transactions. */
  readonly autocommit: boolean;
}

/** Kills one act, looks at what is left, runs it again, and looks at the end. */
export async function killOnce(one: Case, slot: Slot): Promise<Verdict> {
  const { recording, point } = one;
  const { folder } = slot;
  begin(slot.root, recording.act.base, folder);
  const order = { ...orderOf(recording.act), ...(point !== undefined && { kill: point }), autocommit: slot.autocommit };
  const ended = await slot.program.run(order, folder, one.killAfter);
  if (!ended.killed && (ended.code !== 0 || (point !== undefined && point.when !== 'inside'))) {
    return { killed: false, faults: [`it was not killed, and ended with ${ended.code}: ${ended.stderr.slice(0, 500)}`], ended };
  }
  const faults = [...leftBy(one, ended, folder), ...(await repeated(one, slot))];
  return { killed: ended.killed, faults, ended };
}

/** What is wrong right after the kill: the store is what it was before a commit or after it, and nothing between; files likewise. */
function leftBy({ recording, point }: Case, ended: Ended, folder: string): string[] {
  const { content, faults } = stateOf(storeIn(folder));
  const { states, files } = recording;
  // Without a point nobody counted; a process that was not killed has committed everything.
  const last = states.length - 1;
  const [least, most] = !ended.killed ? [last, last] : point === undefined ? [0, last] : committed(recording, point, ended);
  const allowed = states.slice(least, most + 1);
  const found = [...faults];
  if (!allowed.some((state) => state.content === content)) {
    const elsewhere = states.findIndex((state) => state.content === content);
    const what = elsewhere === -1 ? difference(allowed[0]?.content ?? '', content) : `it is that of ${elsewhere} commits`;
    found.push(`the store is not as ${least === most ? least : `${least} or ${most}`} commits leave it: ${what}`);
  }
  for (const [file, whole] of files) {
    const path = join(folder, file);
    if (existsSync(path) && readFileSync(path, 'latin1') !== whole) found.push(`${file} is there, and not whole`);
  }
  return [...found, ...sealedFaults(folder)];
}

/** How many commits must be in the store: those that had returned, and perhaps the one in which the process ended. */
function committed({ points, states }: Recording, { place, name, when }: KillPoint, ended: Ended): [number, number] {
  const before = points[place]?.commits ?? 0;
  const last = Math.min(states.length - 1, before + 1);
  if (when === 'inside' && name === 'commit' && !ended.returned) return [before, last];
  // After the statement returned, the process went on for as long as the signal took.
  if (when === 'inside' && ended.returned) return [Math.max(before, ended.commits), states.length - 1];
  return when === 'after' && name === 'commit' ? [last, last] : [before, before];
}

/** Runs the act again, twice: it completes, as it would have, and then there is nothing more to do. */
async function repeated({ recording, enroll: enrolls }: Case, { folder, server }: Slot): Promise<string[]> {
  const { act, states } = recording;
  const newer = enrolls && act.enrolls !== undefined && states.length > 1;
  if (newer) await enroll(folder, act.enrolls, NOW + 60_000);
  const order = orderOf(act);
  // What was finished before the kill is told as whoever asks a second time is told.
  const finished = recording.files.size > 0 && [...recording.files].every(([file, whole]) => isWhole(join(folder, file), whole));
  const first = await server.run(order, folder);
  const found =
    first.code === (finished ? recording.code : 0) ? [] : [`run again, it ended with ${first.code}: ${first.said.slice(0, 500)}`];
  const { content, faults } = stateOf(storeIn(folder));
  found.push(...faults, ...sealedFaults(folder));
  if (act.more !== true) {
    const expected = newer ? (recording.endEnrolled ?? '') : recording.end;
    if (content !== expected) found.push(`run again, it did not complete: ${difference(expected, content)}`);
    const second = await server.run(order, folder);
    if (second.code !== recording.code) found.push(`run a third time, it ended with ${second.code}`);
    if (act.name.startsWith('reset') && second.said !== recording.again) found.push(`another outcome the third time: ${second.said}`);
    if (stateOf(storeIn(folder)).content !== expected) found.push('run a third time, it did more');
  }
  return [...found, ...filesAtTheEnd(recording, folder)];
}

/** The files are whole, and of what the kill cut short only parts lie beside them. */
function filesAtTheEnd({ act, files, names }: Recording, folder: string): string[] {
  const missing = [...files].filter(([file, whole]) => !isWhole(join(folder, file), whole));
  const left = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => !names.has(name) && !name.endsWith('.part'));
  return [
    ...missing.map(([file]) => `${act.name}, run again, did not write ${file}`),
    ...left.map((name) => `${name} is left over, and nothing says what it is`),
  ];
}

function isWhole(path: string, whole: string): boolean {
  return existsSync(path) && readFileSync(path, 'latin1') === whole;
}
