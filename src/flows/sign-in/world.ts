import type { Limits } from '../../core/authentication/sessions.ts';
import type { KindMask } from '../../core/model/demand.ts';
import type { EnforcerName } from '../../core/model/words.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Hasher } from '../../core/ports/hasher.ts';
import type { Random } from '../../core/ports/random.ts';
import type { Store } from '../../core/ports/store.ts';

/** What signing in works with, composed once. */
export interface SignInWorld {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly hasher: Hasher;
  readonly limits: Limits;
  /** Kinds that this portal can set up. */
  readonly enrollable: KindMask;
  /** Whether people of an account with this enforcer sign in here. */
  readonly signsIn: (enforcer: EnforcerName) => boolean;
  /** The address that people see: passkeys are made for it, links lead to it. */
  readonly site: Site;
}

/** Where the portal is. */
export interface Site {
  /** `https://mfa.northwind.example` */
  readonly origin: string;
  /** The domain that passkeys are made for. */
  readonly rpId: string;
}
