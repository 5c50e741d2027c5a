import type { Store } from '../../core/ports/store.ts';
import type { StoreOptions } from './options.ts';

/** Where a store is, or can be made: a file, or a database of a server. */
export interface StorePlace {
  /** What it is called in messages; nothing in it is secret. */
  readonly shown: string;
  /** Files that it stands in, for their owner alone; none where a server keeps them. */
  readonly files: readonly string[];
  /**
   * What stands there: nothing; something that was begun and has nothing written in it, so that what is made there anew loses nothing; or a
   * store. Asked of a server once. `store/unavailable` where nobody can tell.
   */
  stands(): Promise<'nothing' | 'empty' | 'store'>;
  /** Opens it; what `openSqlite` and `openPostgres` throw. */
  open(options: StoreOptions): Promise<Store>;
  /** Copies it, as it is at one moment, to a file that is opened afterwards. `usage/invalid` where the server's own tools do that. */
  backup(target: string): StorePlace;
}
