import { diceOf } from './dice.ts';
import { readAndCheck } from './invariants.ts';
import { mutate, seeds } from './mutate.ts';

/** Where a fuzzer stands. */
export interface Fuzzed {
  readonly runs: number;
  /** Texts that are kept, because each reached something that none before it did. */
  readonly kept: number;
  readonly features: number;
  readonly accepted: number;
}

/** A text for which something does not hold that should hold for any. */
export class Broken extends Error {
  readonly text: string | Uint8Array;

  constructor(text: string | Uint8Array, cause: unknown) {
    super(`${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\nfor ${JSON.stringify(text)}`, { cause });
    this.text = text;
  }
}

/**
 * Fuzzes reading, without end: changes kept texts, reads each, and keeps those that reach something new, told by what is said
 * of them: which faults in which words, together, and which kinds are accepted. Throws {@link Broken}.
 */
export function* fuzz(seed: number): Generator<Fuzzed> {
  const dice = diceOf(seed);
  const kept = seeds();
  const first = kept.length;
  const features = new Set<string>();
  let accepted = 0;
  for (const text of kept) for (const feature of featuresOf(tried(text))) features.add(feature);
  for (let runs = 1; ; runs++) {
    // what is right, any, and the newest, which are the least explored
    const from = kept[dice.pick([dice.roll(first), dice.roll(kept.length), Math.max(0, kept.length - 1 - dice.roll(30))])] ?? '';
    const text = mutate(from, kept, dice);
    const reading = tried(dice.roll(8) === 0 ? damaged(text, dice.roll) : text);
    accepted += reading.documents.length;
    const before = features.size;
    for (const feature of featuresOf(reading)) features.add(feature);
    if (features.size > before && text.length < 20_000) kept.push(text);
    yield { runs, kept: kept.length, features: features.size, accepted };
  }
}

function tried(text: string | Uint8Array): ReturnType<typeof readAndCheck> {
  try {
    return readAndCheck(text);
  } catch (cause) {
    throw new Broken(text, cause);
  }
}

/** A text as bytes, one of them another. */
function damaged(text: string, roll: (below: number) => number): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > 0) bytes[roll(bytes.length)] = roll(256);
  return bytes;
}

/** What a text reached: each sentence without what it quotes, each pair of codes, each kind with its fields. */
function featuresOf({ faults, documents, skipped }: ReturnType<typeof readAndCheck>): Set<string> {
  const codes = [...new Set(faults.map(({ code }) => code))].sort();
  return new Set([
    ...faults.map(({ code, message }) => `${code} ${message.replaceAll(/"[^"]*"|[0-9]+/g, '')}`.slice(0, 60)),
    ...codes.flatMap((code) => codes.map((other) => `${code} and ${other}`)),
    ...documents.flatMap(({ kind, spec }) => Object.keys(spec).map((field) => `${kind} ${field}`)),
    ...(skipped.length > 0 ? ['skipped'] : []),
  ]);
}
