import { ERASED, placeOf } from '../../core/audit/verify.ts';
import type { Applied } from '../../core/model/applied.ts';
import { PadlockError } from '../../core/model/errors.ts';
import type { DepartedPerson } from '../../core/model/keeping.ts';
import { authorize } from '../authorize.ts';
import { refuseUnknownAccount } from '../known.ts';
import type { World } from '../world.ts';

/** Whom to erase, by address or id, and why. */
export interface Erasing {
  readonly account: string;
  readonly user: string;
  readonly reason: string;
}

/** What was erased. `scrubbed`: nothing is left in the file and its log either. */
export interface Erased {
  readonly userId: number;
  readonly places: number;
  readonly scrubbed: boolean;
}

/** A name shorter than this, of one word, is looked for whole: `Li` stands in many words. */
const LONG = 6;

/**
 * Erases somebody who has left: name, addresses, ids, subjects, secrets, and what the audit log says of them in words. Its chain
 * holds ids and hashes, and still verifies. An Administrator's act, itself audited, for a reason that does not name them again
 * (`usage/invalid`).
 * `store/unknown-user`, `store/ambiguous-user`, `directory/still-member`, `directory/still-named`, `rights/denied`.
 */
export async function eraseFlow(world: World, { account, user, reason }: Erasing): Promise<Erased> {
  const now = world.clock.now();
  const done = await world.store.write(now, async (transaction) => {
    const applied = await transaction.applied();
    refuseUnknownAccount(applied.accounts, account);
    const actor = await authorize(world, transaction, account, { act: 'erase-person' });
    const person = onlyOne(await transaction.departed(account, user), user);
    refuseNamed(applied, person);
    refuseReason(reason, person);
    const places = await transaction.wordsNaming(account, person.id, fragmentsOf(person));
    await transaction.erase(account, person, places);
    const detail = { user: person.id, erased: places.map((place) => placeOf(place.seq, place)), reason };
    await transaction.audit([{ account, at: now, actor, act: ERASED, target: String(person.id), detail }]);
    return { userId: person.id, places: places.length };
  });
  return { ...done, scrubbed: await world.store.scrub() };
}

function onlyOne(found: readonly DepartedPerson[], user: string): DepartedPerson {
  const [person, another] = found;
  if (person === undefined) {
    throw new PadlockError('store/unknown-user', `nobody is called ${user}`, { fix: 'write an address, or an id as the directory has it' });
  }
  if (another !== undefined) {
    const ids = found.map((p) => p.externalId).join(', ');
    throw new PadlockError('store/ambiguous-user', `several people had the address ${user}: ${ids}`, { fix: 'name one by that id' });
  }
  if (person.open === 0) return person;
  throw new PadlockError('directory/still-member', `${user} has memberships that have not ended; nothing was erased`, {
    fix: 'import the directory without them first',
  });
}

/** What is in force would bring the name back, or lose its meaning without it. */
function refuseNamed({ documents }: Applied, { address, externalId }: DepartedPerson): void {
  const called = [address, externalId].flatMap((text) => (text === null ? [] : [text.toLowerCase()]));
  const naming = documents.filter(({ spec }) =>
    [spec['users'], spec['breakGlass']].some(
      (list) => Array.isArray(list) && list.some((one) => called.includes(String(one).toLowerCase())),
    ),
  );
  if (naming.length === 0) return;
  const where = naming.map((d) => `${d.kind} ${d.name} (${d.source.file})`).join(', ');
  throw new PadlockError('directory/still-named', `documents in force name them: ${where}; nothing was erased`, {
    fix: 'take the name out of the documents and apply them first',
  });
}

/** The reason stays, in the very entry that tells of the erasure. */
function refuseReason(reason: string, person: DepartedPerson): void {
  const text = reason.toLowerCase();
  const words = new Set(text.split(/[^\p{L}\p{N}]+/u));
  const { within, whole } = namesOf(person);
  const ids = person.externalId.length >= LONG ? [person.externalId] : [];
  const naming = [...within, ...ids].some((one) => text.includes(one.toLowerCase())) || whole.some((one) => words.has(one.toLowerCase()));
  if (!naming) return;
  throw new PadlockError('usage/invalid', 'the reason names the person, and would stay in the audit log; nothing was erased', {
    fix: 'write it without the name, the address and the id: a ticket, a date',
  });
}

/** What to look for in words, as JSON holds it. */
function fragmentsOf(person: DepartedPerson): string[] {
  const { within, whole } = namesOf(person);
  return [...within.map((text) => JSON.stringify(text).slice(1, -1)), ...whole.map((text) => JSON.stringify(text))];
}

/** What somebody is called, and was: what is theirs alone wherever it stands, and what is looked for as a whole. */
function namesOf({ externalId, address, name, formerly }: DepartedPerson): { within: string[]; whole: string[] } {
  const all = [externalId, address ?? '', name ?? '', ...formerly].filter((text) => text !== '');
  // An id of digits alone stands within many a number.
  const telling = (text: string) =>
    text.includes('@') || (text === name && text.includes(' ')) || (text.length >= LONG && /\p{L}/u.test(text));
  return { within: all.filter(telling), whole: all.filter((text) => !telling(text)) };
}
