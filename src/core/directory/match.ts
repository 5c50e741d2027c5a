import { addressKey } from '../model/address.ts';
import type { DirectoryFacts, DirectoryRead, DirectoryRow, StoredPerson } from '../model/directory.ts';
import type { Fault } from '../model/errors.ts';
import { faultAt } from '../model/place.ts';
import type { ScopeKey } from '../model/scope.ts';
import type { IncomingPeople } from './people.ts';

/** An address that the read gives to one person while another, who stays, has it. */
export interface AddressConflict {
  readonly address: string;
  readonly externalId: string;
  readonly place: string;
  readonly holder: { readonly id: number; readonly externalId: string; readonly origin: string };
}

/** Who of the read is whom in the store. */
export interface Matching {
  /** By external id; who is absent is new. */
  readonly stored: ReadonlyMap<string, StoredPerson>;
  /** Those of `stored` who become this directory's people, by their id in the store. */
  readonly adopted: ReadonlyMap<number, string>;
  readonly conflicts: readonly AddressConflict[];
  /** External ids whose address is someone else's. */
  readonly contested: ReadonlySet<string>;
  readonly faults: readonly Fault[];
}

/**
 * Matches the people of a read with those of the store. Who someone is says the external id with its origin; an address alone
 * never does, unless `adopt` (keys of addresses) declares it.
 *
 * | the address is in the store with                      | then                                                  |
 * |-------------------------------------------------------|-------------------------------------------------------|
 * | nobody who is a member of anything                    | free                                                  |
 * | the same person                                       | theirs                                                |
 * | someone of the read who gets another address          | free, unless that other address is contested          |
 * | someone else, the address is in `adopt`, incomer new  | the two are one: taken over                           |
 * | someone whose every membership this import ends       | free                                                  |
 * | someone else                                          | conflict                                              |
 */
export function matchPeople(people: IncomingPeople, read: DirectoryRead, facts: DirectoryFacts, adopt: ReadonlySet<string>): Matching {
  const stored = new Map<string, StoredPerson>();
  for (const person of facts.people) {
    if (person.origin === read.origin && people.has(person.externalId)) stored.set(person.externalId, person);
  }
  const { claims, faults } = claimAddresses(people, stored);
  const whole = new Set(read.wholeScopes);
  const isNamed = (person: StoredPerson) => stored.get(person.externalId) === person;

  const adopted = new Map<number, string>();
  const waiting: { readonly claimant: string; readonly holder: StoredPerson }[] = [];
  for (const holder of facts.people) {
    const key = holder.address === null || !isMember(holder) ? null : addressKey(holder.address);
    const claimant = key === null ? undefined : claims.get(key);
    if (key === null || claimant === undefined || stored.get(claimant) === holder) continue;
    if (isNamed(holder)) continue;
    if (adopt.has(key) && !stored.has(claimant)) {
      stored.set(claimant, holder);
      adopted.set(holder.id, claimant);
    } else if (holder.origin !== read.origin || !leaves(holder, whole)) waiting.push({ claimant, holder });
  }

  // Who cannot have the new address keeps the old one, and so may stand in the way of the next.
  const conflicts: AddressConflict[] = [];
  const contested = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (contested.has(next.claimant)) continue;
    contested.add(next.claimant);
    conflicts.push(conflictOf(next.claimant, next.holder, people));
    const kept = stored.get(next.claimant);
    if (kept === undefined || kept.address === null || !isMember(kept)) continue;
    const follower = claims.get(addressKey(kept.address));
    if (follower !== undefined && follower !== next.claimant) waiting.push({ claimant: follower, holder: kept });
  }
  conflicts.sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
  return { stored, adopted, conflicts, contested, faults };
}

/** Whether a person is a member of anything. */
export function isMember(person: StoredPerson): boolean {
  return person.memberships.some((membership) => !membership.ended);
}

function leaves(person: StoredPerson, whole: ReadonlySet<ScopeKey>): boolean {
  return person.memberships.every((membership) => membership.ended || whole.has(membership.scope));
}

/** Who will have which address, by its key: what the read says, and what known people have of whom it says none. */
function claimAddresses(people: IncomingPeople, stored: ReadonlyMap<string, StoredPerson>) {
  const claims = new Map<string, string>();
  const faults: Fault[] = [];
  for (const [externalId, rows] of people) {
    const said = saidAddress(rows);
    const address = said === undefined ? (stored.get(externalId)?.address ?? null) : said;
    if (address === null) continue;
    const key = addressKey(address);
    const other = claims.get(key);
    if (other === undefined) claims.set(key, externalId);
    else {
      const message = `${externalId} has the address ${address}, which ${other} has at ${placeOf(other, people)} (letter case does not tell addresses apart)`;
      faults.push(
        faultAt(placeOf(externalId, people), 'directory/duplicate-address', message, 'give each person an address of their own, or one id'),
      );
    }
  }
  return { claims, faults };
}

function conflictOf(externalId: string, holder: StoredPerson, people: IncomingPeople): AddressConflict {
  return {
    address: saidAddress(people.get(externalId) ?? []) ?? holder.address ?? '',
    externalId,
    place: placeOf(externalId, people),
    holder: { id: holder.id, externalId: holder.externalId, origin: holder.origin },
  };
}

function saidAddress(rows: readonly DirectoryRow[]): string | null | undefined {
  return rows.find((row) => row.address !== undefined)?.address;
}

function placeOf(externalId: string, people: IncomingPeople): string {
  return people.get(externalId)?.[0]?.place ?? '';
}
