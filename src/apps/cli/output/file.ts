import { createHash } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PadlockError } from '../../../core/model/errors.ts';
import type { Random } from '../../../core/ports/random.ts';

/** A file that is written whole, synced, and does not stand under its name yet. */
export interface StagedFile {
  readonly bytes: number;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: string;
  /** Gives it its name, in the place of whatever had that. */
  keep(): Promise<void>;
  /** Gives it its name where no file has it: `same` when one with the same bytes does, `taken` when another does, which stays. */
  claim(): Promise<'made' | 'same' | 'taken'>;
  /** Removes it; nothing is left. */
  discard(): Promise<void>;
}

/**
 * Writes a file under a temporary name beside its own. `report/not-written` when it cannot be, the source's own error when the
 * chunks end in one; nothing is left then.
 */
export async function stageFile(path: string, chunks: Iterable<string> | AsyncIterable<string>, random: Random): Promise<StagedFile> {
  const temporary = partOf(path, random);
  const discard = () => rm(temporary, { force: true }).catch(() => undefined);
  const disk: Disk = async (work) => {
    try {
      return await work();
    } catch (cause) {
      await discard();
      throw notWritten(path, cause);
    }
  };
  try {
    await disk(() => mkdir(dirname(path), { recursive: true }));
    await disk(() => rm(temporary, { force: true }));
    const written = await writeAll(temporary, chunks, disk);
    const claim = () => disk(() => claimed(temporary, path, written.sha256));
    return { ...written, discard, claim, keep: () => disk(() => rename(temporary, path)) };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** A link takes a name only where there is none, whoever else is at it. */
async function claimed(temporary: string, path: string, sha256: string): Promise<'made' | 'same' | 'taken'> {
  try {
    await link(temporary, path);
    await rm(temporary, { force: true });
    return 'made';
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    const found = await readFile(path).catch(() => null);
    if (found === null || createHash('sha256').update(found).digest('hex') !== sha256) return 'taken';
    await rm(temporary, { force: true });
    return 'same';
  }
}

/**
 * Makes a file whole or not at all: `make` is given a temporary name beside it, and what it made takes the name when it comes
 * back. When it throws, nothing is left under either name.
 */
export async function placeWhole<T>(path: string, random: Random, make: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = partOf(path, random);
  const clear = async () => {
    for (const left of [temporary, `${temporary}-wal`, `${temporary}-shm`]) await rm(left, { force: true });
  };
  try {
    await clear();
    const made = await make(temporary);
    await rename(temporary, path);
    return made;
  } catch (error) {
    await clear();
    throw error;
  }
}

/** A name beside a file's own that nobody can foresee: whoever may write to the folder lays no link in its way. */
function partOf(path: string, random: Random): string {
  return `${path}.${Buffer.from(random.bytes(8)).toString('hex')}.part`;
}

/** Runs work of the disk alone: what fails there is told apart from what the chunks' source throws. */
type Disk = <T>(work: () => Promise<T>) => Promise<T>;

/** Writes a file whole or not at all. Gives the number of bytes. Errors as {@link stageFile}. */
export async function writeFileWhole(path: string, chunks: Iterable<string> | AsyncIterable<string>, random: Random): Promise<number> {
  const staged = await stageFile(path, chunks, random);
  await staged.keep();
  return staged.bytes;
}

async function writeAll(path: string, chunks: Iterable<string> | AsyncIterable<string>, disk: Disk) {
  const file = await disk(() => open(path, 'wx', 0o600));
  const hash = createHash('sha256');
  try {
    let bytes = 0;
    for await (const chunk of chunks) {
      const buffer = Buffer.from(chunk);
      hash.update(buffer);
      await disk(() => file.writeFile(buffer));
      bytes += buffer.length;
    }
    await disk(() => file.sync());
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

function notWritten(path: string, cause: unknown): PadlockError {
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new PadlockError('report/not-written', `${path} cannot be written${code}; nothing is left under that name`, {
    fix: 'name a file in a folder that is writable and has room',
    cause,
  });
}
