import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PadlockError } from '../../../core/model/errors.ts';

/**
 * Writes a file whole or not at all: under a temporary name beside it, synced, then renamed. Gives the number of bytes.
 * `report/not-written` when it cannot be, an incomplete source's own error when that ends; nothing is left under the name then.
 */
export async function writeFileWhole(path: string, chunks: Iterable<string> | AsyncIterable<string>): Promise<number> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const bytes = await writeAll(temporary, chunks);
    await rename(temporary, path);
    return bytes;
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (cause instanceof PadlockError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new PadlockError('report/not-written', `${path} cannot be written${code}; nothing is left under that name`, {
      fix: 'name a file in a folder that is writable and has room',
      cause,
    });
  }
}

/**
 * Makes a file whole or not at all: `make` is given a temporary name beside it, and what it made takes the name when it comes
 * back. When it throws, nothing is left under either name.
 */
export async function placeWhole<T>(path: string, make: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    const made = await make(temporary);
    await rename(temporary, path);
    return made;
  } catch (error) {
    for (const left of [temporary, `${temporary}-wal`, `${temporary}-shm`]) await rm(left, { force: true });
    throw error;
  }
}

async function writeAll(path: string, chunks: Iterable<string> | AsyncIterable<string>): Promise<number> {
  const file = await open(path, 'w', 0o600);
  try {
    let bytes = 0;
    for await (const chunk of chunks) bytes += (await file.write(chunk)).bytesWritten;
    await file.sync();
    return bytes;
  } finally {
    await file.close();
  }
}
