import { readFile } from 'node:fs/promises';
import type { DirectoryRead } from '../../../core/model/directory.ts';
import { PadlockError } from '../../../core/model/errors.ts';
import type { DirectorySource } from '../../../core/ports/directory.ts';
import type { AccountMapping, Part } from '../rows/part.ts';
import { readOrganizationsCsv } from './csv-organizations.ts';
import { readPeopleCsv } from './csv-people.ts';
import { readItGlue } from './itglue.ts';

/** Which files to read, and what the configuration knows of the account. Paths are shown as they are given. */
export interface DirectoryFiles extends AccountMapping {
  /** People: one CSV, or one or more JSON files of IT Glue's shape, which may hold organizations too. */
  readonly people: readonly string[];
  /** A CSV of organizations. */
  readonly organizations?: string;
}

interface Loaded {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/**
 * A directory that stands in files. The people's origin is what the file says (`origin` column, `meta.origin`), else `csv` or
 * `itglue`. Reading throws `directory/unreadable` or `directory/incomplete`; what single rows get
 * wrong stands in the read's `faults`.
 */
export function openDirectoryFile(files: DirectoryFiles): DirectorySource {
  return {
    async read(): Promise<DirectoryRead> {
      const people = await Promise.all(files.people.map(load));
      const organizations = files.organizations === undefined ? [] : [await load(files.organizations)];
      const isJson = people.length > 0 && people.every(looksLikeJson);
      if (!isJson && people.length > 1) {
        throw new PadlockError('directory/unreadable', 'people come from one CSV, or from JSON files alone', {
          fix: 'import one CSV at a time',
        });
      }
      const parts: Part[] = isJson
        ? [
            readItGlue(
              people.map(({ file, bytes }) => ({ file, text: decode(file, bytes) })),
              files,
            ),
          ]
        : people.map(({ file, bytes }) => readPeopleCsv(file, bytes, files));
      parts.push(...organizations.map(({ file, bytes }) => readOrganizationsCsv(file, bytes)));
      return join(files.account, isJson ? 'itglue' : 'csv', parts);
    },
  };
}

function join(account: string, origin: string, parts: readonly Part[]): DirectoryRead {
  const rows = parts.find((part) => part.rows !== undefined)?.rows;
  const lists = parts.flatMap((part) => (part.organizations === undefined ? [] : [part.organizations]));
  return {
    account,
    origin: parts.find((part) => part.origin !== undefined)?.origin ?? origin,
    ...(rows === undefined ? {} : { rows }),
    ...(lists.length === 0 ? {} : { organizations: lists.flat() }),
    wholeScopes: parts.flatMap((part) => part.wholeScopes),
    faults: parts.flatMap((part) => part.faults),
  };
}

async function load(file: string): Promise<Loaded> {
  try {
    return { file, bytes: await readFile(file) };
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (isMissing) throw new PadlockError('directory/unreadable', `${file} does not exist`, { fix: 'name a CSV or JSON file', cause });
    throw new PadlockError('directory/unreadable', `${file} cannot be read`, { fix: 'see that it is a file that you may read', cause });
  }
}

/** By the name; by the first character when the name says nothing. */
function looksLikeJson({ file, bytes }: Loaded): boolean {
  if (/\.(json|csv)$/i.test(file)) return /\.json$/i.test(file);
  const first = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart()[0];
  return first === '{' || first === '[';
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PadlockError('directory/unreadable', `${file} is not UTF-8`, { fix: 'export it again as UTF-8', cause });
  }
}
