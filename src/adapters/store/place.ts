import type { Store } from '../../core/ports/store.ts';
import type { StoreOptions } from './options.ts';

/** Where a store is, or can be made: a file, or a database of a server. */
export interface StorePlace {
  /** What it is called in messages; nothing in it is secret. */
  readonly shown: string;
  /** Files that it stands in, for their owner alone; none where a server keeps them. */
  readonly files: readonly string[];
  /** Whether something was ever made there; `store/unavailable` where nobody can tell. */
  isMade(): Promise<boolean>;
  /** Whether nothing that was written stands there: what is made there anew loses nothing. */
  isEmpty(): Promise<boolean>;
  /** Opens it; what `openSqlite` and `openPostgres` throw. */
  open(options: StoreOptions): Promise<Store>;
  /** Copies it, as it is at one moment, to a file that is opened afterwards. `usage/invalid` where the server's own tools do that. */
  backup(target: string): StorePlace;
}
