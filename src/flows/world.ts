import type { Actor } from '../core/model/actor.ts';
import type { KeptFile } from '../core/model/keeping.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Enforcers } from '../core/ports/enforcer.ts';
import type { KeyKeeper } from '../core/ports/keys.ts';
import type { SigningKey } from '../core/ports/signer.ts';
import type { Store } from '../core/ports/store.ts';
import type { Witness } from '../core/ports/witness.ts';
import type { RightsSettings } from '../core/rights/rights.ts';

/** What every flow works with, composed once. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly enforcers: Enforcers;
  readonly rights: RightsSettings;
  readonly actor: Actor;
  /** Whom the configuration says the actor is, by address or id. */
  readonly actorUser: string | undefined;
}

/** A world together with what is known of its store outside of it: for those who operate the store. */
export interface OperatedWorld extends World {
  readonly witness: Witness;
  readonly keys: KeyKeeper;
  readonly signing: SigningKey;
  /** The files of the store, and that of the heads, which are for their owner alone; those that are there. */
  readonly files: () => readonly KeptFile[];
  /** The store without its witness: for the one act that makes them agree again. */
  readonly unwitnessed: Store;
}
