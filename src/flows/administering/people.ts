import type { ScopeFacts } from '../../core/model/findings.ts';
import type { ListedPerson, PeopleFilter } from '../../core/model/listed.ts';
import { type ScopeKey, scopeOf } from '../../core/model/scope.ts';
import type { Instant } from '../../core/model/words.ts';
import type { StoreReader } from '../../core/ports/store.ts';
import { csvHeader, csvRow } from '../../core/report/csv.ts';
import { findingRow } from '../../core/report/rows.ts';
import { authorize } from '../authorize.ts';
import { scopeFacts } from '../enforcing.ts';
import type { World } from '../world.ts';

/** People of a page, and of a piece of a download. */
const PAGE = 50;
const PIECE = 500;

/** Factors of each key that are opened to find unreadable ones, and how many people are found so. */
const TRIES = 1000;
const NAMED = 5000;

/** Which people of an account to list. */
export interface PeopleChoice {
  readonly scope: ScopeKey;
  readonly filter: PeopleFilter;
  readonly search: string;
}

/** A page of them. */
export interface PeoplePage {
  readonly now: Instant;
  /** Every scope of the account. */
  readonly scopes: readonly ScopeFacts[];
  /** The one that is looked at. */
  readonly facts: ScopeFacts;
  readonly people: readonly ListedPerson[];
  /** Those of them with a factor that cannot be opened. */
  readonly unreadable: ReadonlySet<number>;
  readonly more: boolean;
}

/** A page of one scope's people. Undefined: it is no scope of the account. */
export function peopleFlow(world: World, account: string, choice: PeopleChoice, after?: number): Promise<PeoplePage | undefined> {
  const now = world.clock.now();
  return world.store.survey(async (reader) => {
    const piece = await readPiece(world, reader, account, choice, after, PAGE + 1, now);
    if (piece === undefined) return undefined;
    const people = piece.people.slice(0, PAGE);
    const unreadable = await reader.unreadableFactors(people.map(({ userId }) => userId));
    return { ...piece, now, people, unreadable: new Set(unreadable.keys()), more: piece.people.length > PAGE };
  });
}

/**
 * All of them as CSV, as reports write it. Read piece by piece, each in a snapshot of its own: a slow reader holds up nobody. The first is
 * read before anything is given. Undefined: it is no scope of the account.
 */
export async function peopleCsv(world: World, account: string, choice: PeopleChoice): Promise<AsyncIterable<string> | undefined> {
  const piece = (after: number | undefined) =>
    world.store.survey((reader) => readPiece(world, reader, account, choice, after, PIECE, world.clock.now()));
  const first = await piece(undefined);
  if (first === undefined) return undefined;
  return rest(first);

  async function* rest(begun: Piece): AsyncGenerator<string> {
    yield csvHeader;
    let next: Piece | undefined = begun;
    while (next !== undefined) {
      const { people, facts }: Piece = next;
      yield people.map((person) => csvRow(findingRow(person, facts))).join('');
      next = people.length < PIECE ? undefined : await piece(people.at(-1)?.userId);
    }
  }
}

type Piece = NonNullable<Awaited<ReturnType<typeof readPiece>>>;

async function readPiece(
  world: World,
  reader: StoreReader,
  account: string,
  { scope, filter, search }: PeopleChoice,
  after: number | undefined,
  limit: number,
  now: Instant,
) {
  await authorize(world, reader, account, { act: 'list-users' }, 'nobody was listed');
  if (scopeOf(scope).account !== account) return undefined;
  const scopes = await scopeFacts(world, reader, account);
  const facts = scopes.find((one) => one.scope === scope);
  if (facts === undefined) return undefined;
  const among = filter === 'unreadable' ? await unreadablePeople(reader, account) : undefined;
  const question = { scope, filter, search, limit, ...(after !== undefined && { after }), ...(among !== undefined && { among }) };
  return { scopes, facts, people: await reader.peoplePage(now, question) };
}

async function unreadablePeople(reader: StoreReader, account: string): Promise<readonly number[]> {
  const { named } = await reader.checkFactors(TRIES, NAMED);
  return [...new Set(named.filter((factor) => factor.account === account).map(({ userId }) => userId))];
}
