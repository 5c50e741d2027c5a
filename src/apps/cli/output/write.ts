import type { Writable } from 'node:stream';

/** Lines are written together up to this many UTF-16 units. */
const CHUNK = 64 * 1024;

/**
 * Writes chunks of text to a stream that stays open, each when the one before has left. Resolves when all have, or when
 * whoever read it has gone (`padlock plan | head`): that is no error. Rejects with whatever the chunks' source throws.
 */
export async function writeText(stream: Writable, chunks: Iterable<string> | AsyncIterable<string>): Promise<void> {
  if (stream.destroyed) return;
  // A failed write is told twice: to its callback, and by an event that would end the process if nobody listened.
  const heard = () => undefined;
  stream.on('error', heard);
  try {
    for await (const chunk of chunks) await written(stream, chunk);
    stream.off('error', heard);
  } catch (error) {
    if (!isClosedPipe(error)) throw error;
  }
}

/** Writes lines, a line feed behind each, as {@link writeText} does. */
export async function writeLines(stream: Writable, lines: Iterable<string>): Promise<void> {
  await writeText(stream, chunksOf(lines));
}

function written(stream: Writable, chunk: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
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
