import type { Instant } from '../model/words.ts';

/** The time. One is composed at the start; nothing else reads a clock. */
export interface Clock {
  now(): Instant;
}
