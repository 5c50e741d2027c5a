import type { TextRead } from '../../core/documents/read-text.ts';

/** Texts up to this size are read on any thread: even work that grows with the square of it ends in seconds. */
export const SMALL = 16 * 1024;

/** Small texts are taken by so many bytes at a time. */
const TAKEN_TOGETHER = 64 * 1024;

/** What a worker is given. */
export interface WorkerData {
  readonly desk: Desk;
  readonly worker: number;
}

/** What a worker tells: the texts that it read, from the index `from` on. */
export interface Told {
  readonly from: number;
  readonly read: readonly TextRead[];
}

/** What threads share while they read: the texts, what is taken of them, and what each worker is at. Plain data, so that it can be handed to a worker. */
export interface Desk {
  readonly files: readonly string[];
  /** All texts, one behind the other. */
  readonly bytes: Uint8Array;
  /** Where the text of each index begins, and one more: where the last one ends. */
  readonly starts: readonly number[];
  /** Texts to be read at once, from one index to another, that one excluded. Large ones are alone. */
  readonly small: readonly (readonly [number, number])[];
  readonly large: readonly (readonly [number, number])[];
  /** How many jobs were taken of `small` and of `large`; then, by worker, the text that it reads, or -1, and the offset where the document in it begins. */
  readonly marks: Int32Array;
}

const TAKEN = { small: 0, large: 1 } as const;
const PER_WORKER = 2;

/** Lays texts out for some workers. */
export function layOut(texts: readonly { readonly file: string; readonly text: Uint8Array }[], workers: number): Desk {
  const starts = [0];
  for (const { text } of texts) starts.push((starts.at(-1) ?? 0) + text.length);
  const bytes = new Uint8Array(new SharedArrayBuffer(starts.at(-1) ?? 0));
  texts.forEach(({ text }, index) => {
    bytes.set(text, starts[index]);
  });
  const marks = new Int32Array(new SharedArrayBuffer((2 + workers * PER_WORKER) * Int32Array.BYTES_PER_ELEMENT)).fill(-1, 2);
  return { files: texts.map(({ file }) => file), bytes, starts, ...jobsOf(starts), marks };
}

function jobsOf(starts: readonly number[]): Pick<Desk, 'small' | 'large'> {
  const small: [number, number][] = [];
  const large: [number, number][] = [];
  let open: [number, number] | undefined;
  for (let index = 0; index + 1 < starts.length; index++) {
    const size = sizeOf(starts, index);
    if (size > SMALL) {
      large.push([index, index + 1]);
      open = undefined;
      continue;
    }
    const fits = open !== undefined && (starts[index + 1] ?? 0) - (starts[open[0]] ?? 0) <= TAKEN_TOGETHER;
    if (open !== undefined && fits) open[1] = index + 1;
    else {
      open = [index, index + 1];
      small.push(open);
    }
  }
  return { small, large };
}

function sizeOf(starts: readonly number[], index: number): number {
  return (starts[index + 1] ?? 0) - (starts[index] ?? 0);
}

/** Takes the next job of a size; each is taken once, whoever asks. */
export function take(desk: Desk, size: 'small' | 'large'): readonly [number, number] | undefined {
  return desk[size][Atomics.add(desk.marks, TAKEN[size], 1)];
}

/** Whether jobs of a size are left. */
export function isLeft(desk: Desk, size: 'small' | 'large'): boolean {
  return Atomics.load(desk.marks, TAKEN[size]) < desk[size].length;
}

/** The text of an index, copied out of the shared memory. */
export function textAt({ files, bytes, starts }: Desk, index: number): { file: string; text: Uint8Array } {
  return { file: files[index] ?? '', text: bytes.slice(starts[index], starts[index + 1]) };
}

/** Notes that a worker reads the document at an offset of a text. */
export function mark({ marks }: Desk, worker: number, text: number, offset: number): void {
  Atomics.store(marks, 2 + worker * PER_WORKER + 1, offset);
  Atomics.store(marks, 2 + worker * PER_WORKER, text);
}

/** What a worker reads; `text` is -1 between texts. */
export function markOf({ marks }: Desk, worker: number): { text: number; offset: number } {
  return { text: Atomics.load(marks, 2 + worker * PER_WORKER), offset: Atomics.load(marks, 2 + worker * PER_WORKER + 1) };
}
