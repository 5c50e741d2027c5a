import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endShared } from './postgresql.ts';

/** Names the folder of a run's shared server. */
export function setup(): void {
  const folder = mkdtempSync(join(tmpdir(), 'padlock-pg-'));
  // The server runs as somebody else where the tests run as root.
  chmodSync(folder, 0o755);
  process.env['TEST_POSTGRESQL'] = folder;
}

/** Removes it, with the server, at the run's end. */
export function teardown(): void {
  endShared(process.env['TEST_POSTGRESQL'] ?? '');
}
