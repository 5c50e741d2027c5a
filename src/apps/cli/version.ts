import { readFileSync } from 'node:fs';

/** The version of this program, as package.json says: beside src/ in a checkout, beside dist/ in an install. */
export const VERSION: string = versionAt(['../../../package.json', '../package.json']);

function versionAt(places: readonly string[]): string {
  for (const place of places) {
    try {
      const found = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as { name?: string; version?: string };
      if (found.name === 'padlock' && found.version !== undefined) return found.version;
    } catch {
      // The other place is tried next.
    }
  }
  throw new Error('padlock is not complete: its package.json is missing');
}
