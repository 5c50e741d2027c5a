import type { Place, Ran } from './place.ts';

/** Work that gives the milliseconds it took: what must be prepared for it is not counted. */
export type Timed = () => Promise<number>;

/** The milliseconds that some work takes. */
export async function taken(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The best of some rounds of each, neither always the first. */
export async function beside(rounds: number, ours: Timed, peer: Timed): Promise<{ ours: number; peer: number }> {
  const best = { ours: Number.POSITIVE_INFINITY, peer: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? (['peer', 'ours'] as const) : (['ours', 'peer'] as const)) {
      best[side] = Math.min(best[side], await (side === 'ours' ? ours : peer)());
    }
  }
  return best;
}

/** The first line of a table. */
export function printHead(title: string): void {
  console.log(`\n${title}`);
  console.log(line('', 'Padlock', 'peer', 'ratio', 'goal'));
}

/** One figure beside its peer, the ratio, and whether it is as the goal wants it, where there is one. */
export function printRatio(
  name: string,
  { ours, peer }: { ours: number; peer: number },
  goal: number | null,
  unit: 'ms' | 'MiB' = 'ms',
): boolean {
  const ratio = ours / peer;
  const met = goal === null || ratio <= goal;
  console.log(
    line(
      name,
      figure(ours, unit),
      figure(peer, unit),
      `${ratio.toFixed(ratio < 100 ? 2 : 0)} ×`,
      goal === null ? '' : said(met, `≤ ${goal}`),
    ),
  );
  return met;
}

/** One figure without a peer, as it is; `goal` in words, `met` null where there is none. */
export function printAlone(name: string, told: string, goal: string, met: boolean | null): void {
  console.log(line(name, told, '', '', met === null ? '' : said(met, goal)));
}

/** What a figure is made of. */
export function printNote(text: string): void {
  for (const part of text.match(/.{1,72}(?:\s|$)/g) ?? []) console.log(`      ${part.trimEnd()}`);
}

/** Milliseconds or mebibytes, with as many places as tell something. */
export function figure(value: number, unit: 'ms' | 's' | 'MiB'): string {
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`;
}

function line(name: string, ours: string, peer: string, ratio: string, goal: string): string {
  return `  ${name.padEnd(32)}${ours.padStart(11)}${peer.padStart(11)}${ratio.padStart(9)}  ${goal}`.trimEnd();
}

function said(met: boolean, goal: string): string {
  return `${goal.padEnd(6)} ${met ? 'met' : 'MISSED'}`;
}

/**
 * How long work took, and what it ran: the statements after which most of the time went, with what was made of their rows.
 */
export class Profile {
  /** Of the fastest run. */
  total = Number.POSITIVE_INFINITY;
  ran: readonly Ran[] = [];
  #ended = 0;

  /** Runs the work, and keeps what it ran if it was never faster. */
  async of(place: Place, work: () => Promise<unknown>): Promise<number> {
    place.ran.length = 0;
    const took = await taken(work);
    if (took > this.total) return took;
    this.total = took;
    this.#ended = performance.now();
    this.ran = [...place.ran];
    return took;
  }

  /** Milliseconds from the first statement on that fits; 0 where none does. */
  since(fits: RegExp): number {
    const first = this.ran.find(({ text }) => fits.test(text));
    return first === undefined ? 0 : this.#ended - first.at;
  }

  /** The three statements that cost most, each with what was done with its rows until the next. */
  print(): void {
    const costs = new Map<string, number>();
    for (const [i, { text, at }] of this.ran.entries()) {
      costs.set(text, (costs.get(text) ?? 0) + (this.ran[i + 1]?.at ?? this.#ended) - at);
    }
    const first = this.ran[0];
    printNote(`${this.ran.length} statements in ${figure(this.total, 'ms')}; most of it goes from one of these to the next:`);
    if (first === undefined) return;
    for (const [text, cost] of [...costs].toSorted(([, a], [, b]) => b - a).slice(0, 3)) {
      const flat = text.replaceAll(/\s+/g, ' ').trim();
      const short = flat.length <= 58 ? flat : `${flat.slice(0, 28)} … ${flat.slice(-27)}`;
      console.log(`      ${String(Math.round((100 * cost) / this.total)).padStart(3)} %  ${short}`);
    }
  }
}
