import { closeSync, createReadStream, type Dirent, fstatSync, openSync, readSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { posix, sep } from 'node:path';
import { PadlockError } from '../../core/model/errors.ts';
import { MOST_TEXT_BYTES, type PolicySource, type SourceText } from '../../core/ports/source.ts';

const MOST_FILES = 10_000;
/** Bytes that one run reads at most. */
const MOST_BYTES = 256 * 1024 * 1024;
const EXTENSIONS = new Set(['.yaml', '.yml', '.json']);

/** One file that was found: as the user named it, and where it really is. */
interface Found {
  readonly file: string;
  readonly real: string;
  /** A pipe or a device, which has no size. */
  readonly isStream: boolean;
}

interface Search {
  readonly found: Found[];
  /** Where the folders that are read really are: no link in one leads out of all of them. */
  readonly roots: readonly string[];
  /** Real paths that were seen: a file is read once and a folder entered once, however many names or links lead there. */
  readonly seen: Set<string>;
}

/**
 * Documents from files and folders, and from standard input where the path is `-`. Folders are read recursively: `.yaml`,
 * `.yml`, `.json`; what is hidden is skipped; links are followed within the folders that are named, and refused where they lead out
 * of them: whoever wrote the documents may not say which files of this machine are read. A file or link that is named itself is read
 * whatever it is called.
 * `standardInput` is read when `-` is given, and never otherwise. The order is that of the paths, within a folder that of the names.
 */
export function folderSource(paths: readonly string[], standardInput: AsyncIterable<Uint8Array>): PolicySource {
  return {
    async read() {
      const roots = await Promise.all(paths.filter((path) => path !== '-').map((path) => realpath(path).catch(() => [])));
      const search: Search = { found: [], seen: new Set(), roots: roots.flat() };
      const texts: SourceText[] = [];
      for (const path of new Set(paths)) {
        if (path === '-') texts.push({ file: '-', text: await readAll(standardInput) });
        else await find(search, named(path));
      }
      let total = 0;
      for (const found of search.found) {
        const text = await readOne(found);
        total += text.length;
        if (total > MOST_BYTES) throw tooMuch('256 MiB');
        texts.push({ file: found.file, text });
      }
      return texts;
    },
  };
}

async function find(search: Search, path: string): Promise<void> {
  const real = await realpath(path).catch((cause: unknown) => Promise.reject(notFound(path, cause)));
  const entry = await stat(real).catch((cause: unknown) => Promise.reject(unreadable(path, cause)));
  if (entry.isDirectory()) await findIn(search, path, real);
  else add(search, { file: path, real, isStream: !entry.isFile() });
}

async function findIn(search: Search, folder: string, real: string): Promise<void> {
  if (search.seen.has(real)) return;
  search.seen.add(real);
  const entries = await readdir(real, { withFileTypes: true }).catch((cause: unknown) => Promise.reject(unreadable(folder, cause)));
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = posix.join(folder, entry.name);
    const target = await targetOf(entry, path, `${real}${sep}${entry.name}`);
    if (entry.isSymbolicLink() && !isWithin(search.roots, target.real)) throw leadsOut(path);
    if (target.isFolder) await findIn(search, path, target.real);
    else if (target.isFile && EXTENSIONS.has(posix.extname(entry.name).toLowerCase()))
      add(search, { file: path, real: target.real, isStream: false });
  }
}

/** What an entry is, past any link. A link to nothing is an error: the text that it stands for would be missed silently. */
async function targetOf(entry: Dirent, path: string, full: string): Promise<{ real: string; isFolder: boolean; isFile: boolean }> {
  if (!entry.isSymbolicLink()) return { real: full, isFolder: entry.isDirectory(), isFile: entry.isFile() };
  try {
    const real = await realpath(full);
    const target = await stat(real);
    return { real, isFolder: target.isDirectory(), isFile: target.isFile() };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function isWithin(roots: readonly string[], real: string): boolean {
  return roots.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`));
}

function leadsOut(path: string): PadlockError {
  return new PadlockError('document/unreadable', `${path} is a link that leads out of the folder; it was not read`, {
    fix: 'put the file itself there, or name it on the command line',
  });
}

function add(search: Search, found: Found): void {
  if (search.seen.has(found.real)) return;
  search.seen.add(found.real);
  search.found.push(found);
  if (search.found.length > MOST_FILES) throw tooMuch(`${MOST_FILES} files`);
}

function tooMuch(what: string): PadlockError {
  return new PadlockError('document/unreadable', `more than ${what} are to be read`, { fix: 'name the folder that holds the documents' });
}

async function readOne({ file, real, isStream }: Found): Promise<Uint8Array> {
  try {
    return isStream ? await readAll(createReadStream(real)) : readWhole(real);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** Reads a file at once: small ones by the thousand take a tenth of the time that promises would. */
function readWhole(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafeSlow(Math.min(fstatSync(file).size, MOST_TEXT_BYTES + 1));
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null);
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

async function readAll(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MOST_TEXT_BYTES) break;
  }
  return Buffer.concat(chunks, Math.min(length, MOST_TEXT_BYTES + 1));
}

/** A path as messages show it: as it was given, with forward slashes, without a leading `./` or a trailing slash. */
function named(path: string): string {
  const plain = posix.normalize(path.split(sep).join('/'));
  return plain.length > 1 && plain.endsWith('/') ? plain.slice(0, -1) : plain;
}

function notFound(path: string, cause: unknown): PadlockError {
  const missing = cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
  if (!missing) return unreadable(path, cause);
  return new PadlockError('usage/no-such-path', `${path} does not exist`, {
    fix: 'name a file or folder that does, or - for standard input',
    cause,
  });
}

function unreadable(path: string, cause: unknown): PadlockError {
  const why = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new PadlockError('document/unreadable', `${path} cannot be read${why}`, {
    fix: 'check that it exists and who may read it',
    cause,
  });
}
