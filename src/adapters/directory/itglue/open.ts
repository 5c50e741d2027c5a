import type { DirectoryRead } from '../../../core/model/directory.ts';
import type { DirectorySource } from '../../../core/ports/directory.ts';
import type { AccountMapping } from '../rows/part.ts';
import { readResources } from '../rows/resources.ts';
import { type ItGlueAddress, originOf } from './address.ts';
import { type KeySource, readApiKey } from './api-key.ts';
import { createClient, type Waiting } from './client.ts';
import { incomplete } from './failure.ts';
import { readList } from './paging.ts';
import { type Bounds, httpTransport } from './transport.ts';

/** Which account of IT Glue is read, with what, and what the configuration knows of it. */
export interface ItGlueAccount extends AccountMapping, Waiting {
  readonly address: ItGlueAddress;
  readonly key: KeySource;
  /** Is told how many pages of a list have been looked at, of how many. */
  readonly progress?: (done: number, total: number) => void;
  readonly bounds?: Bounds;
}

/**
 * The directory that IT Glue's API tells of: organizations and users, everyone. Whoever is absent has left, so the scopes that the
 * mapping knows are whole. What single users get wrong stands in the read's `faults`.
 *
 * | reading throws              | when                                                                    |
 * |-----------------------------|-------------------------------------------------------------------------|
 * | `directory/no-key`          | the key cannot be read, is none, or is open for everybody               |
 * | `directory/wrong-key`       | 403                                                                     |
 * | `directory/unauthorized`    | 401                                                                     |
 * | `directory/rate-limited`    | 429, for longer than it is waited for                                   |
 * | `directory/unreachable`     | no answer, 408 or 5xx, as often as it is tried                          |
 * | `directory/contract-broken` | anything that the published API does not answer, a redirect included    |
 * | `directory/incomplete`      | any of these once a part was read; pages that do not agree; no user at all |
 */
export function openItGlue(account: ItGlueAccount): DirectorySource {
  return {
    async read(): Promise<DirectoryRead> {
      const origin = originOf(account.address);
      const key = readApiKey(account.key);
      const get = createClient(httpTransport(origin, key, account.bounds), { origin, keyPlace: key.place() }, account);
      const reading = { get, ...(account.progress && { progress: account.progress }) };
      const organizations = await readList('organizations', reading);
      const users = await readList('users', reading);
      // Somebody made the key: an account without users is one that the key does not see.
      if (users.resources.length === 0) throw incomplete(`${origin} names no user at all`);
      return { account: account.account, origin: 'itglue', ...readResources([users, organizations], account, true) };
    },
  };
}
