import type { DirectoryRead } from '../model/directory.ts';

/**
 * Where an account's people come from. Pull only.
 * A read is whole or fails: a source that could not be read to its end throws `directory/incomplete`.
 */
export interface DirectorySource {
  read(): Promise<DirectoryRead>;
}
