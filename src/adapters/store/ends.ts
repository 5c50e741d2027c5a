import type { Kysely } from 'kysely';
import type { Random } from '../../core/ports/random.ts';
import type { Engine } from './engine.ts';
import type { Keyring } from './envelope.ts';
import type { Tables } from './tables.ts';

/** The two ends of one database: reads never wait for a write, and cannot write. */
export interface Ends {
  readonly engine: Engine;
  readonly reading: Kysely<Tables>;
  /** For what looks at everybody; the same as `reading` where nobody is held up by that. */
  readonly surveying: Kysely<Tables>;
  readonly writing: Kysely<Tables>;
  readonly keyring: () => Keyring;
  readonly random: Random;
  readonly scrub: () => Promise<boolean>;
}
