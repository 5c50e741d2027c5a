import { statSync } from 'node:fs';
import type { KeptFile } from '../../core/model/keeping.ts';

/** Those of some files that are there, and who may read them. */
export function keptFiles(paths: readonly string[]): KeptFile[] {
  return paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? [] : [{ path, mode: found.mode & 0o777 }];
  });
}
