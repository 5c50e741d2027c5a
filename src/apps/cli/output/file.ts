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
