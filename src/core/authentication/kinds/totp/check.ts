import { timingSafeEqual } from 'node:crypto';
import { generateSync } from 'otplib';
import type { Instant } from '../../../model/words.ts';
import { checkSecret } from './secret.ts';

/** Seconds of a step: how long an authenticator app shows a code. */
const STEP_SECONDS = 30;

/** Steps to either side of now whose codes are taken: clocks differ, and people need time to type. */
const DRIFT = 1;

/**
 * Steps among which a code is looked for that is refused, to tell a wrong clock from a wrong code: ten minutes back, and two ahead alone,
 * since a code of the future that was confirmed as one would be accepted then.
 */
const SEARCH = { back: 20, ahead: 4 } as const;

/** What became of a code. */
export type TotpOutcome =
  /** Right, and to be kept as the last step: no code up to it is taken again. */
  | { readonly outcome: 'accepted'; readonly step: number }
  /** Right once, and used up: it, or a later one, was taken before. */
  | { readonly outcome: 'replayed' }
  /** Right at another time: so many steps from now, negative when the clock that made it is behind. */
  | { readonly outcome: 'off'; readonly steps: number }
  | { readonly outcome: 'wrong' };

/**
 * Judges a code of RFC 6238 (SHA-1, six digits, 30 seconds). `lastStep` is the step that was accepted last, null before the first:
 * only later ones are taken. Whatever is not six digits is wrong, and nothing that was typed throws.
 */
export function checkTotp(secret: Uint8Array, code: string, now: Instant, lastStep: number | null): TotpOutcome {
  checkSecret(secret);
  if (!/^[0-9]{6}$/.test(code)) return { outcome: 'wrong' };
  const current = Math.floor(now / 1000 / STEP_SECONDS);
  const unused = (step: number) => lastStep === null || step > lastStep;
  // Of two steps with the same code the later one counts, so that both are used up by it.
  const taken = stepsOf(secret, code, current - DRIFT, current + DRIFT)
    .filter(unused)
    .at(-1);
  if (taken !== undefined) return { outcome: 'accepted', step: taken };
  // Looked for further only where it is refused: most codes are right.
  const steps = stepsOf(secret, code, current - SEARCH.back, current + SEARCH.ahead);
  const nearest = steps.toSorted((a, b) => Math.abs(a - current) - Math.abs(b - current))[0];
  if (nearest === undefined) return { outcome: 'wrong' };
  return unused(nearest) ? { outcome: 'off', steps: nearest - current } : { outcome: 'replayed' };
}

/** The steps from one to another that have this code, in their order. All are compared, in the same time whichever it is. */
function stepsOf(secret: Uint8Array, code: string, from: number, to: number): number[] {
  const sent = Buffer.from(code);
  const found: number[] = [];
  for (let step = Math.max(0, from); step <= to; step++) {
    if (timingSafeEqual(Buffer.from(codeOf(secret, step)), sent)) found.push(step);
  }
  return found;
}

function codeOf(secret: Uint8Array, step: number): string {
  return generateSync({ secret, epoch: step * STEP_SECONDS, period: STEP_SECONDS, digits: 6, algorithm: 'sha1' });
}
