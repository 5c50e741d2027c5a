import { addressKey } from '../../core/model/address.ts';
import { type KindMask, maskOf } from '../../core/model/demand.ts';
import type { DirectoryRead, DirectoryRow } from '../../core/model/directory.ts';
import type { EnforcerName } from '../../core/model/words.ts';
import type { World } from '../world.ts';

/**
 * What an import takes in of who is enrolled, by who says so. Asked before anything is written, and whole or not at all.
 *
 * | the store     | nothing: it knows its own factors, and no directory overrules them                            |
 * | the directory | what its rows say                                                                             |
 * | the enforcer  | its list, whatever the rows say; whom it does not name is unknown, not taken for open         |
 */
export async function withEnrollment<T extends { readonly read: DirectoryRead; readonly enforcer: EnforcerName }>(
  world: Pick<World, 'enforcers'>,
  options: T,
): Promise<T> {
  const { read, enforcer } = options;
  const { rows, account } = read;
  const { capabilities } = world.enforcers[enforcer];
  if (rows === undefined || capabilities.enrollment === 'directory') return options;
  if (capabilities.enrollment === 'store') return { ...options, read: { ...read, rows: each(rows, ({ kinds: _kinds, ...row }) => row) } };
  const [byId, byAddress] = [new Map<string, KindMask>(), new Map<string, KindMask>()];
  for await (const { externalId, address, kinds } of world.enforcers[enforcer].enrollment(account)) {
    byId.set(externalId, maskOf(kinds));
    if (address !== null) byAddress.set(addressKey(address), maskOf(kinds));
  }
  const known = ({ externalId, address }: DirectoryRow) =>
    byId.get(externalId) ?? (address == null ? undefined : byAddress.get(addressKey(address))) ?? null;
  return { ...options, read: { ...read, rows: each(rows, (row) => ({ ...row, kinds: known(row) })) } };
}

/** Rows as they are read, each changed: as often as they are gone through. */
function each(rows: Iterable<DirectoryRow>, change: (row: DirectoryRow) => DirectoryRow): Iterable<DirectoryRow> {
  return {
    *[Symbol.iterator]() {
      for (const row of rows) yield change(row);
    },
  };
}
