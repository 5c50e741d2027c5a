import { nearest } from '../core/documents/nearest.ts';
import type { AccountFacts } from '../core/model/applied.ts';
import { PadlockError } from '../core/model/errors.ts';
import type { PersonFacts } from '../core/model/person.ts';
import { UNKNOWN_USER_FIX } from '../core/plan/resets.ts';
import { byName } from '../core/policy/policy-set.ts';
import type { StoreReading } from '../core/ports/store.ts';

/** An account that the store does not know is a wrong name, never an empty one: `policy/unknown-account`. */
export function refuseUnknownAccount(accounts: readonly AccountFacts[], account: string): void {
  if (accounts.some((known) => known.account === account)) return;
  const names = accounts.map((known) => known.account);
  throw new PadlockError('policy/unknown-account', unknownAccount(account, names), {
    fix: 'correct the name, or import its directory first',
  });
}

/** That nobody knows an account, with the one that was probably meant. */
export function unknownAccount(account: string, names: readonly string[]): string {
  const near = nearest(account, names);
  const known = names.length === 0 ? 'none' : names.join(', ');
  return `no account "${account}" in the directory (known: ${known})${near === undefined ? '' : `; did you mean ${near}?`}`;
}

/** A name that stands for several people is nobody's: `store/ambiguous-user`. */
export function ambiguousUser(called: string, account: string): PadlockError {
  return new PadlockError('store/ambiguous-user', `more than one person of ${account} is called "${called}": ids of several directories`, {
    fix: 'give the address',
  });
}

/** One person by address or id: `store/unknown-user` when nobody is called so, `store/ambiguous-user` when several are. */
export async function personCalled(reader: StoreReading, account: string | undefined, called: string): Promise<PersonFacts> {
  const person = await reader.person(account, called);
  if (person === undefined) {
    throw new PadlockError('store/unknown-user', `nobody is called "${called}"${account === undefined ? '' : ` in ${account}`}`, {
      fix: UNKNOWN_USER_FIX,
    });
  }
  const { ambiguous } = byName(await reader.findUsers([{ account: person.account, called }]));
  if (ambiguous.size > 0) throw ambiguousUser(called, person.account);
  return person;
}
