import { type KindMask, maskOf } from '../../../core/model/demand.ts';
import type { DirectoryRow, OrganizationRow } from '../../../core/model/directory.ts';
import { type ScopeKey, scopeKey } from '../../../core/model/scope.ts';
import { FACTOR_KINDS, type Instant } from '../../../core/model/words.ts';
import { BREAK_GLASS, NAMED_PEOPLE, type NamedPerson } from './people.ts';
import { chooseWith, type Random, randomOf } from './random.ts';

const ACCOUNT = 'northwind';
const ORIGIN = 'demo';
const DAY = 86_400_000;
/** People of one client in a large world. */
const CLIENT_SIZE = 250;
const MOST_CLIENTS = 1000;

/** A person of the demo world: their membership, and what the demo seeds beside it. */
export interface WorldPerson {
  readonly row: DirectoryRow;
  /** What is enrolled at the portal; 0: nothing. */
  readonly enrolled: KindMask;
  /** When it was enrolled; null without. */
  readonly enrolledAt: Instant | null;
  /** When the membership began. */
  readonly joined: Instant;
}

/** The fictitious MSP Northwind IT with its clients. */
export interface World {
  readonly account: string;
  readonly origin: string;
  /** The account's own scope first. */
  readonly scopes: readonly ScopeKey[];
  /** Ids that IT Glue would have for the MyGlue accounts, by slug. */
  readonly myGlueAccounts: Readonly<Record<string, string>>;
  readonly organizations: readonly OrganizationRow[];
  /** Everyone, made while they are walked through; the same people each time. */
  people(): Iterable<WorldPerson>;
}

/**
 * Makes the world of `users` people. The first 62 are the ones by name, whom the texts of Padlock tell of (35 in `northwind`, of
 * whom 22 are enrolled; 12 in `bakery`, 9 of them not; 9 in `clinic`, 6 in `garage`); further ones are numbered, 1 in 25 of
 * them staff, about 12 % not enrolled. The same `users`, `seed` and `now` give the same world. Times are before `now`.
 */
export function generateWorld({ users, seed, now }: { readonly users: number; readonly seed: number; readonly now: Instant }): World {
  const clients = Math.min(MOST_CLIENTS, Math.max(3, Math.round(users / CLIENT_SIZE)));
  const slugs = ['bakery', 'clinic', 'garage', ...Array.from({ length: clients - 3 }, (_, index) => `client-${padded(index + 4, 4)}`)];
  return {
    account: ACCOUNT,
    origin: ORIGIN,
    scopes: [ACCOUNT, ...slugs.map((slug) => scopeKey({ account: ACCOUNT, myGlueAccount: slug }))],
    myGlueAccounts: Object.fromEntries(slugs.map((slug, index) => [slug, String(7001 + index)])),
    organizations: slugs.flatMap(organizationsOf),
    *people() {
      for (let index = 0; index < users; index++) {
        const random = randomOf(seed, index);
        const named = NAMED_PEOPLE[index];
        yield named === undefined ? numberedPerson(index, slugs, random, now) : namedPerson(named, index, random, now);
      }
    },
  };
}

function namedPerson({ local, name, place, role, enrolled }: NamedPerson, index: number, random: Random, now: Instant): WorldPerson {
  const isStaff = place === ACCOUNT;
  const address = `${local}@${place}.example`;
  const times = timesOf(random, now, enrolled.length > 0);
  return {
    row: {
      externalId: String(100_001 + index),
      scope: isStaff ? ACCOUNT : scopeKey({ account: ACCOUNT, myGlueAccount: place }),
      role,
      address,
      name,
      enabled: true,
      service: false,
      localPassword: true,
      sso: false,
      lastSignIn: address === BREAK_GLASS ? null : times.lastSignIn,
      place: `demo:${index + 1}`,
    },
    enrolled: maskOf(enrolled),
    enrolledAt: times.enrolledAt,
    joined: times.joined,
  };
}

function numberedPerson(index: number, slugs: readonly string[], random: Random, now: Instant): WorldPerson {
  const isStaff = random() < 0.04;
  const slug = slugs[Math.floor(random() * slugs.length)] ?? 'bakery';
  const role = isStaff
    ? chooseWith(random, [
        ['Administrator', 2],
        ['Manager', 8],
        ['Editor', 40],
        ['Creator', 20],
        ['ReadOnly', 15],
        ['Lite', 15],
      ])
    : chooseWith(random, [
        ['Editor', 20],
        ['Creator', 20],
        ['Lite', 60],
      ]);
  const kinds = chooseWith(random, [
    ['none', 12],
    ['totp', 68],
    ['passkey', 12],
    ['both', 8],
  ]);
  const enrolled = kinds === 'none' ? 0 : maskOf(kinds === 'both' ? FACTOR_KINDS : [kinds]);
  const state = chooseWith(random, [
    ['person', 985],
    ['disabled', 10],
    ['service', 5],
  ]);
  const times = timesOf(random, now, enrolled !== 0);
  return {
    row: {
      externalId: String(100_001 + index),
      scope: isStaff ? ACCOUNT : scopeKey({ account: ACCOUNT, myGlueAccount: slug }),
      role,
      address: `u${padded(index, 6)}@${isStaff ? ACCOUNT : slug}.example`,
      name: `User ${padded(index, 6)}`,
      enabled: state !== 'disabled',
      service: state === 'service',
      localPassword: true,
      sso: false,
      lastSignIn: times.lastSignIn,
      place: `demo:${index + 1}`,
    },
    enrolled,
    enrolledAt: times.enrolledAt,
    joined: times.joined,
  };
}

/** Joined 30 to 1030 days ago, enrolled within the 30 days that follow, signed in within the last 30 days; whole seconds. */
function timesOf(random: Random, now: Instant, isEnrolled: boolean) {
  const joined = before(now, 30 + random() * 1000);
  const enrolledAt = before(joined, -random() * 29);
  const lastSignIn = before(now, random() * 30);
  return { joined, enrolledAt: isEnrolled ? enrolledAt : null, lastSignIn };
}

function before(instant: Instant, days: number): Instant {
  return Math.floor((instant - days * DAY) / 1000) * 1000;
}

/** One organization a client; the clinic and every tenth client have two. */
function organizationsOf(slug: string, index: number): OrganizationRow[] {
  const names = TITLES[slug] ?? [`Client ${slug.slice(-4)}`, ...(index % 10 === 9 ? [`Client ${slug.slice(-4)} Branch`] : [])];
  return names.map((name, branch) => ({
    externalId: String(5001 + index * 2 + branch),
    name,
    myGlueAccount: slug,
    place: `demo:organization ${index * 2 + branch + 1}`,
  }));
}

const TITLES: Readonly<Record<string, readonly string[]>> = {
  bakery: ['Sunrise Bakery'],
  clinic: ['Harbor Clinic', 'Harbor Clinic North'],
  garage: ['Miller Garage'],
};

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
