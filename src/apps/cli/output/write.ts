import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Lines are written together up to this many UTF-16 units. */
const CHUNK = 64 * 1024;

/**
 * Writes chunks of text to a stream that stays open, no faster than it takes them. Resolves when it has them all, or when
 * whoever read it has gone (`padlock plan | head`): that is no error. Rejects with whatever the chunks' source throws.
 */
export async function writeText(stream: Writable, chunks: Iterable<string> | AsyncIterable<string>): Promise<void> {
  if (stream.destroyed) return;
  try {
    await pipeline(Readable.from(chunks, { objectMode: true, highWaterMark: 1 }), stream, { end: false });
  } catch (error) {
    if (!isClosedPipe(error)) throw error;
    // Node reports a closed pipe once more, by an event that would end the process with a stack trace.
    stream.on('error', () => undefined);
  }
}

/** Writes lines, a line feed behind each, as {@link writeText} does. */
export async function writeLines(stream: Writable, lines: Iterable<string>): Promise<void> {
  await writeText(stream, chunksOf(lines));
}

function* chunksOf(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}
