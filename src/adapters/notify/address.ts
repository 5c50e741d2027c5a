import { PadlockError } from '../../core/model/errors.ts';

/** One address, in the form that cannot begin another header, recipient or command. */
const ADDRESS = /^[^\s<>()[\]@,;:"\\\p{C}]{1,64}@[^\s<>()[\]@,;:"\\\p{C}]{1,253}$/u;

/** Refuses what a directory has as an address and is none. */
export function checkAddress(address: string): void {
  if (ADDRESS.test(address)) return;
  throw new PadlockError('notify/failed', 'what the directory has as an address is none', {
    fix: 'correct it where the directory comes from',
  });
}

/** A text for a header. */
export function oneLine(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').trim();
}
