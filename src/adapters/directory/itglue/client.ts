import type { Clock } from '../../../core/ports/clock.ts';
import type { Random } from '../../../core/ports/random.ts';
import { failureOf, incomplete, type Told } from './failure.ts';
import { waitBeforeNext } from './retry.ts';
import type { Transport } from './transport.ts';

/** What waiting needs of the world. */
export interface Waiting {
  readonly clock: Clock;
  readonly random: Random;
  /** Waits so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Is told before a wait: how many milliseconds, and the status that asked for it (null: there was no answer). */
  readonly waiting?: (milliseconds: number, status: number | null) => void;
}

/** Asks for one path until there is a document, and gives what `understand` makes of it; a text says why it is none of the API. */
export type Get = <T extends object>(path: string, understand: (document: unknown) => T | string) => Promise<T>;

/**
 * A client for one read, which tries again as {@link waitBeforeNext} says. Throws what {@link failureOf} does; once a document
 * was read, that is a part of the read: `directory/incomplete`, with the same words.
 */
export function createClient(transport: Transport, told: Told, { clock, random, sleep, waiting }: Waiting): Get {
  let documents = 0;
  let again = 0;
  let waited = 0;
  return async (path, understand) => {
    for (let tries = 1; ; tries++) {
      let answer = await transport(path);
      if (answer.kind === 'document') {
        const understood = understand(answer.body);
        if (typeof understood !== 'string') {
          documents++;
          return understood;
        }
        answer = { kind: 'broken', why: understood };
      }
      const wait = waitBeforeNext(answer, { tries, again, waited }, clock.now(), chanceOf(random));
      if (wait === null) {
        const failure = failureOf(answer, told);
        throw documents === 0 ? failure : incomplete(failure);
      }
      again++;
      waited += wait;
      waiting?.(wait, answer.kind === 'refused' ? answer.status : null);
      await sleep(wait);
    }
  };
}

/** A number of [0, 1). */
function chanceOf(random: Random): number {
  return Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32;
}
