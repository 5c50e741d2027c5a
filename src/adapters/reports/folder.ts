import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PadlockError } from '../../core/model/errors.ts';
import type { ReportArchive } from '../../core/ports/report-archive.ts';

/** Whatever a longer line is, it is no line of a report: a million characters hold a thousand scopes, and more than any person. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** A manifest larger than this is none: it names a handful of files. */
const LARGEST_MANIFEST = 1024 * 1024;

/** Reports of earlier runs in the folder that reports are written to. */
export function reportFolder(folder: string): ReportArchive {
  return {
    async names() {
      try {
        const names = await readdir(folder);
        return names.filter((name) => name.endsWith('.json') && !name.endsWith('.sig.json')).sort();
      } catch (cause) {
        // Where none can be, none is: writing one there says what is wrong.
        if (isCode(cause, 'ENOENT') || isCode(cause, 'ENOTDIR')) return [];
        throw unreadable(folder, cause);
      }
    },
    lines: (name) => linesOf(join(folder, name)),
    async manifest(name) {
      const bytes = await readFile(join(folder, name)).catch(() => null);
      return bytes === null ? null : bytes.length > LARGEST_MANIFEST ? '' : bytes.toString('utf8');
    },
    digest: (name) => digestOf(join(folder, name)).catch(() => null),
    whole: (name, most) => wholeOf(join(folder, name), most).catch(() => null),
  };
}

/** Lines as they come, one in memory at a time. Node's own reader of lines would wait for the end of one that never ends. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
      const parts = (rest + (chunk as string)).split('\n');
      rest = parts.pop() ?? '';
      yield* parts;
      if (rest.length > LONGEST_LINE) throw new RangeError('a line too long');
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
  if (rest !== '') yield rest;
}

async function digestOf(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** One reading gives both, so that nobody can change the file between its digest and its bytes. */
async function wholeOf(path: string, most: number) {
  const hash = createHash('sha256');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    bytes += (chunk as Buffer).length;
    if (bytes > most) return null;
    hash.update(chunk as Buffer);
    chunks.push(chunk as Buffer);
  }
  return { bytes, sha256: hash.digest('hex'), content: Buffer.concat(chunks) };
}

function unreadable(path: string, cause: unknown): PadlockError {
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new PadlockError('report/unreadable', `${path} cannot be read${code}`, { fix: 'name a file or a folder that can', cause });
}

function isCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}
