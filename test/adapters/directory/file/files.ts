import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AccountMapping } from '../../../../src/adapters/directory/rows/part.ts';
import { PadlockError } from '../../../../src/core/model/errors.ts';

export const MAPPING: AccountMapping = {
  account: 'northwind',
  customRoles: { Dispatcher: 'Editor' },
  myGlueAccounts: { bakery: '7001', clinic: '7002' },
};

export const bytes = (text: string) => new TextEncoder().encode(text);

/** Writes a file that goes with the test, and gives its path. */
export function fileWith(name: string, content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'padlock-directory-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The error that a call throws; fails when it throws none of ours. */
export function errorOf(call: () => unknown): PadlockError {
  try {
    call();
  } catch (error) {
    if (error instanceof PadlockError) return error;
    throw error;
  }
  throw new Error('expected a PadlockError');
}
