import { beginning } from '../../../core/model/beginning.ts';
import { type KindMask, maskOf } from '../../../core/model/demand.ts';
import type { DirectoryRow, PersonAttributes } from '../../../core/model/directory.ts';
import type { Fault } from '../../../core/model/errors.ts';
import { faultAt } from '../../../core/model/place.ts';
import { scopeKey } from '../../../core/model/scope.ts';
import { FACTOR_KINDS, type FactorKind, type Instant } from '../../../core/model/words.ts';
import type { AccountMapping, Part } from '../rows/part.ts';
import { createRoleReader } from '../rows/roles.ts';
import { readAddress, readId, readInstant, readName, readSlug, type Understood } from '../rows/values.ts';
import { readCsv } from './csv.ts';

/**
 * The columns of a CSV of people. Needed are `id` and `role`; a column that is absent is not said. Empty `email`, `name` and
 * `last_sign_in` say that there is none, empty `factors` that nobody can tell; empty `my_glue_account` is the account itself.
 */
const PEOPLE_COLUMNS = [
  'id',
  'email',
  'name',
  'first_name',
  'last_name',
  'my_glue_account',
  'role',
  'active',
  'type',
  'local_password',
  'sso',
  'factors',
  'last_sign_in',
  'origin',
] as const;
type Column = (typeof PEOPLE_COLUMNS)[number];

const FLAGS = new Map([...['true', 'yes'].map((word) => [word, true] as const), ...['false', 'no'].map((word) => [word, false] as const)]);

/** Reads a CSV of people. The scopes that its rows name are whole. Throws what {@link readCsv} does. */
export function readPeopleCsv(file: string, bytes: Uint8Array, mapping: AccountMapping): Part {
  const faults: Fault[] = [];
  const rows: DirectoryRow[] = [];
  const scopes = new Set<string>();
  const roles = createRoleReader(mapping);
  let origin: string | undefined;

  const structure = readCsv(file, bytes, PEOPLE_COLUMNS, ['id', 'role'], (cell, place) => {
    /** What a column says; undefined when it is absent, or not understood, which is then a fault. */
    const take = <T>(column: Column, read: (text: string) => Understood<T>): T | undefined => {
      const text = cell(column)?.trim();
      if (text === undefined) return undefined;
      const understood = read(text);
      if ('value' in understood) return understood.value;
      faults.push(
        faultAt(
          place,
          'directory/invalid-row',
          `${column} ${JSON.stringify(beginning(text, 80))} ${understood.problem}`,
          understood.fix,
          text,
        ),
      );
      return undefined;
    };
    const myGlueAccount = take('my_glue_account', (text) => (text === '' ? { value: '' } : readSlug(text)));
    const scope = scopeKey({ account: mapping.account, ...(myGlueAccount ? { myGlueAccount } : {}) });
    const externalId = take('id', readId);
    const role = roles.roleOf(cell('role') ?? '', place);
    const from = take('origin', readSlug);
    if (from !== undefined && from !== (origin ?? from)) {
      faults.push(
        faultAt(place, 'directory/invalid-row', `the origin is ${from} here, and ${origin} before`, 'import each origin by itself', from),
      );
    }
    origin ??= from;
    const said: { -readonly [K in keyof PersonAttributes]: PersonAttributes[K] } = {};
    const say = <K extends keyof PersonAttributes>(attribute: K, value: PersonAttributes[K] | undefined) => {
      if (value !== undefined) said[attribute] = value;
    };
    say('address', take('email', readAddress));
    say('name', nameOf(cell));
    say('enabled', take('active', readFlag));
    say('service', take('type', readType));
    say('localPassword', take('local_password', readFlag));
    say('sso', take('sso', readFlag));
    say('kinds', take('factors', readFactors));
    say('lastSignIn', take('last_sign_in', readLastSignIn));
    if (externalId === undefined || role === undefined) return;
    scopes.add(scope);
    rows.push({ externalId, scope, role, ...said, place });
  });

  faults.push(...structure, ...roles.faults());
  return { ...(origin === undefined ? {} : { origin }), rows, wholeScopes: [...scopes], faults };
}

function nameOf(cell: (column: Column) => string | undefined): string | null | undefined {
  const name = cell('name');
  const parts = [cell('first_name'), cell('last_name')].filter((part) => part !== undefined);
  if (name !== undefined && (name.trim() !== '' || parts.length === 0)) return readName(name);
  return parts.length === 0 ? undefined : readName(parts.join(' '));
}

function readFlag(text: string): Understood<boolean> {
  const flag = FLAGS.get(text.toLowerCase());
  return flag === undefined
    ? { problem: 'is neither true nor false', fix: 'write true or false, or leave the whole column out' }
    : { value: flag };
}

function readType(text: string): Understood<boolean> {
  const word = text.toLowerCase();
  if (word === 'person' || word === 'service') return { value: word === 'service' };
  return { problem: 'is no type', fix: 'write person or service, or leave the whole column out' };
}

function readLastSignIn(text: string): Understood<Instant | null> {
  return text === '' ? { value: null } : readInstant(text);
}

function readFactors(text: string): Understood<KindMask | null> {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  if (words.length === 0) return { value: null };
  if (words.length === 1 && words[0] === 'none') return { value: 0 };
  if (words.every(isKind)) return { value: maskOf(words) };
  return {
    problem: 'is no list of factors',
    fix: `write ${FACTOR_KINDS.join(' or ')}, both with a blank between, none, or nothing when it is unknown`,
  };
}

function isKind(word: string): word is FactorKind {
  return (FACTOR_KINDS as readonly string[]).includes(word);
}
