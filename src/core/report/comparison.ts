import type { JudgedMembership, ScopeFacts } from '../model/findings.ts';
import { type ScopeKey, scopeKey } from '../model/scope.ts';
import { classify, type FindingClass } from './classify.ts';
import type { PreviousFault, PreviousReport } from './previous.ts';

/** Where people stood in the report before, by scope: ids in ascending order, and the code of where each stood. */
export type PreviousPeople = ReadonlyMap<ScopeKey, { readonly ids: readonly number[]; readonly codes: Uint8Array }>;

/** How many memberships of a scope changed where they stand. */
export interface Moves {
  /** Protected now, and a member who was not before. */
  readonly newlyEnrolled: number;
  /** Missing now, and not before: newcomers too. */
  readonly newlyOpen: number;
  readonly newlyOverdue: number;
  readonly joined: number;
  readonly gone: number;
}

/** This report beside the one before. */
export interface Comparison {
  readonly previous: PreviousReport;
  readonly scopes: ReadonlyMap<ScopeKey, Moves>;
  readonly total: Moves;
}

const OTHER = 0;
const PROTECTED = 1;
const OPEN = 2;
const OVERDUE = 3;
/** How many codes there are: what an id is multiplied by to hold one beside it. */
const CODES = 4;

function codeOf(found: FindingClass, overdue: boolean): number {
  if (found === 'enrolled' || found === 'upstream') return PROTECTED;
  return found === 'missing' ? (overdue ? OVERDUE : OPEN) : OTHER;
}

/**
 * The people of an earlier report from the lines of its file, the first one included. A million take some ten megabytes.
 * Gives why not, where they are fewer or more than its head says: half a list would make everybody else look gone.
 */
export async function readPreviousPeople(previous: PreviousReport, lines: AsyncIterable<string>): Promise<PreviousPeople | PreviousFault> {
  const fault = (why: string): PreviousFault => ({ file: previous.file, why });
  // Numbers alone, id and code in one: an object for each of a million people would take ten times the memory.
  const read = new Map<ScopeKey, number[]>();
  let count = 0;
  let ended = false;
  let first = true;
  for await (const line of lines) {
    if (first || ended) {
      first = false;
      continue;
    }
    if (line.startsWith(']')) {
      ended = true;
      continue;
    }
    const person = personOf(line.endsWith(',') ? line.slice(0, -1) : line);
    if (person === null) return fault(`it is damaged: line ${count + 2} cannot be read`);
    const list = read.get(person.scope);
    const packed = person.id * CODES + person.code;
    if (list === undefined) read.set(person.scope, [packed]);
    else list.push(packed);
    count += 1;
  }
  if (!ended || count !== previous.total.members) return fault(`it is cut off: ${count} of ${previous.total.members} people`);
  return new Map(
    [...read].map(([scope, list]) => {
      list.sort((a, b) => a - b);
      return [scope, { ids: list.map((packed) => Math.floor(packed / CODES)), codes: Uint8Array.from(list, (packed) => packed % CODES) }];
    }),
  );
}

function personOf(text: string): { scope: ScopeKey; id: number; code: number } | null {
  try {
    const row = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const { account, myGlueAccount, userId } = row;
    if (typeof account !== 'string' || typeof userId !== 'number' || !Number.isSafeInteger(userId * CODES)) return null;
    const scope = scopeKey(typeof myGlueAccount === 'string' ? { account, myGlueAccount } : { account });
    return { scope, id: userId, code: codeOf(row['class'] as FindingClass, row['reason'] === 'past-deadline') };
  } catch {
    return null;
  }
}

const NO_MOVES = { newlyEnrolled: 0, newlyOpen: 0, newlyOverdue: 0, joined: 0, known: 0 };

/** Counts moves while the people of this report pass by, once each. */
export class Tally {
  readonly #previous: PreviousReport;
  readonly #people: PreviousPeople;
  readonly #enforceable: ReadonlyMap<ScopeKey, boolean>;
  readonly #moves: Map<ScopeKey, typeof NO_MOVES>;

  constructor(previous: PreviousReport, people: PreviousPeople, scopes: readonly ScopeFacts[]) {
    this.#previous = previous;
    this.#people = people;
    this.#enforceable = new Map(scopes.map((facts) => [facts.scope, facts.enforceable]));
    this.#moves = new Map(scopes.map(({ scope }) => [scope, { ...NO_MOVES }]));
  }

  add(membership: JudgedMembership): void {
    const moves = this.#moves.get(membership.scope);
    if (moves === undefined) return;
    const found = classify(membership, this.#enforceable.get(membership.scope) ?? false);
    const now = codeOf(found, membership.reason === 'past-deadline');
    const before = this.#before(membership.scope, membership.userId);
    if (before === undefined) moves.joined += 1;
    else moves.known += 1;
    if (now === PROTECTED && before !== undefined && before !== PROTECTED) moves.newlyEnrolled += 1;
    if ((now === OPEN || now === OVERDUE) && before !== OPEN && before !== OVERDUE) moves.newlyOpen += 1;
    if (now === OVERDUE && before !== OVERDUE) moves.newlyOverdue += 1;
  }

  /** What was counted, once everybody has passed. Scopes that are gone count all of their people as gone. */
  result(): Comparison {
    const scopes = new Map<ScopeKey, Moves>();
    for (const scope of new Set([...this.#moves.keys(), ...this.#people.keys()])) {
      const { known, ...moves } = this.#moves.get(scope) ?? NO_MOVES;
      scopes.set(scope, { ...moves, gone: (this.#people.get(scope)?.ids.length ?? 0) - known });
    }
    return { previous: this.#previous, scopes, total: [...scopes.values()].reduce(sum, { ...NOBODY }) };
  }

  #before(scope: ScopeKey, id: number): number | undefined {
    const list = this.#people.get(scope);
    if (list === undefined) return undefined;
    const place = placeOf(list.ids, id);
    return place === -1 ? undefined : list.codes[place];
  }
}

const NOBODY: Moves = { newlyEnrolled: 0, newlyOpen: 0, newlyOverdue: 0, joined: 0, gone: 0 };

function sum(a: Moves, b: Moves): Moves {
  return {
    newlyEnrolled: a.newlyEnrolled + b.newlyEnrolled,
    newlyOpen: a.newlyOpen + b.newlyOpen,
    newlyOverdue: a.newlyOverdue + b.newlyOverdue,
    joined: a.joined + b.joined,
    gone: a.gone + b.gone,
  };
}

/** The place of a number in an ascending list; -1 where it is not. */
function placeOf(list: readonly number[], wanted: number): number {
  let [low, high] = [0, list.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const value = list[middle] ?? 0;
    if (value === wanted) return middle;
    if (value < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
