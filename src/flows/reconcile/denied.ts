import type { ResolvedActor } from '../../core/model/actor.ts';
import { PadlockError } from '../../core/model/errors.ts';

/** `rights/denied`: why, what did not happen, and what would help this actor. */
export function denied(actor: ResolvedActor | undefined, reason: string, nothing: string): PadlockError {
  const fix =
    actor?.bound === true
      ? `let somebody with the right do it; "${actor.subject}" stays bound to one person, so another person needs another actor.subject in padlock.yaml`
      : 'let somebody with the right do it, or set actor.user in padlock.yaml';
  return new PadlockError('rights/denied', `${reason}; ${nothing}`, { fix });
}
