import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { gather, type Reading, readDocuments } from '../../core/documents/read.ts';
import { readText, refusedText, type TextRead } from '../../core/documents/read-text.ts';
import type { SourceText } from '../../core/ports/source.ts';
import { type Desk, isLeft, layOut, SMALL, take, textAt } from './desk.ts';
import { type Ended, type Limits, runWatched, type Watch, WORKER } from './watched.ts';

/** No document that keeps to the bounds of reading comes near these: they are for what nobody thought of. */
const LIMITS: Limits = { processor: 1000, wall: 20_000, memory: 256, interval: 50 };

/** Below this, starting a worker would take longer than reading. */
const WORTH_A_WORKER = 256 * 1024;
const MOST_WORKERS = 3;

/**
 * Texts → documents, as `readDocuments` does, on as many threads as help. Large texts are read by workers alone, and one of
 * their documents that costs more than the limits is refused (`document/too-costly`); the others are read.
 */
export async function readTexts(texts: readonly SourceText[], watch: Partial<Watch> = {}): Promise<Reading> {
  // what no bytes can spell is refused at a glance
  if (texts.some(({ text }) => typeof text === 'string' && !text.isWellFormed())) return readDocuments(texts);
  const sources = texts.map(({ file, text }) => ({ file, text: typeof text === 'string' ? new TextEncoder().encode(text) : text }));
  const total = sources.reduce((sum, { text }) => sum + text.length, 0);
  const small = sources.every(({ text }) => text.length <= SMALL);
  if (small && total < WORTH_A_WORKER) return gather(sources.map((source) => readText(source)));
  const workers = Math.max(1, Math.min(availableParallelism() - 1, MOST_WORKERS));
  const desk = layOut(sources, workers);
  const read: TextRead[] = [];
  const helped = Array.from({ length: workers }, (_, worker) =>
    workUntilDone(desk, worker, { limits: LIMITS, program: WORKER, ...watch }, read),
  );
  await Promise.all([workHere(desk, read), ...helped]);
  // what was lost with a worker that was ended is refused, too, and never left out
  return gather(sources.map((source, index) => read[index] ?? refusedText(source, 0)));
}

/** Reads small texts on this thread, and lets the others be heard in between. */
async function workHere(desk: Desk, read: TextRead[]): Promise<void> {
  for (let job = take(desk, 'small'); job !== undefined; job = take(desk, 'small')) {
    for (let index = job[0]; index < job[1]; index++) read[index] = readText(textAt(desk, index));
    await setImmediate();
  }
}

/** Keeps one worker at it until nothing is left; after one that was ended comes another. */
async function workUntilDone(desk: Desk, worker: number, watch: Watch, read: TextRead[]): Promise<void> {
  do {
    const ended = await runWatched(desk, worker, watch, ({ from, read: told }) => {
      told.forEach((text, index) => {
        read[from + index] = text;
      });
    });
    if (ended !== undefined) refuse(desk, ended, read);
  } while (isLeft(desk, 'large'));
}

/** Refuses the text at which a worker was ended; what else it had taken with it and not told is read here. */
function refuse(desk: Desk, { text, offset }: Ended, read: TextRead[]): void {
  if (text === -1) return;
  read[text] = refusedText(textAt(desk, text), offset);
  const [from, to] = desk.small.find(([first, end]) => first <= text && text < end) ?? [text, text + 1];
  for (let index = from; index < to; index++) read[index] ??= readText(textAt(desk, index));
}
