import type { Random } from '../../core/ports/random.ts';
import type { Keyring } from './envelope.ts';

/** Told of every statement before it runs: for counting, and for tests that stop at one. */
export type OnStatement = (sql: string) => void;

/** What a store is opened with, whatever its engine. */
export interface StoreOptions {
  /** Asked for when a secret is sealed or opened, and not before. */
  readonly keyring: () => Keyring;
  readonly random: Random;
  /** `read`: the store must exist, and nothing of it is written. `write`: it is made or upgraded when needed. */
  readonly access: 'read' | 'write';
  /** How long a writer waits for another to finish, in milliseconds. */
  readonly patience?: number;
  readonly onStatement?: OnStatement;
  /** Surveys are done on a thread of their own, where the engine would hold this one up: for a process that serves. */
  readonly surveysAside?: boolean;
}

/** How long a writer waits for another to finish, where nothing else is said. */
export const PATIENCE = 10_000;
