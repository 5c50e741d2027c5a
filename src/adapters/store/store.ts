import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import { PadlockError } from '../../core/model/errors.ts';
import { CLOCK_TOLERANCE } from '../../core/model/keeping.ts';
import type { Instant } from '../../core/model/words.ts';
import type { Store, StoreReading } from '../../core/ports/store.ts';
import type { StoreAdministering } from '../../core/ports/store-administering.ts';
import type { StoreAuditing } from '../../core/ports/store-auditing.ts';
import type { StoreCarrying, StoreCarryingWrites } from '../../core/ports/store-carrying.ts';
import type { StoreKeeping, StoreKeepingWrites } from '../../core/ports/store-keeping.ts';
import type { StoreWriting } from '../../core/ports/store-writing.ts';
import type { Ends } from './ends.ts';
import type { Connection } from './engine.ts';
import type { Keyring } from './envelope.ts';
import * as administering from './reading/administering.ts';
import * as applied from './reading/applied.ts';
import * as audit from './reading/audit.ts';
import * as carrying from './reading/carrying.ts';
import * as directory from './reading/directory.ts';
import * as evidence from './reading/evidence.ts';
import { exempted } from './reading/exempted.ts';
import * as impact from './reading/impact.ts';
import * as keeping from './reading/keeping.ts';
import * as lists from './reading/lists.ts';
import * as people from './reading/people.ts';
import { stranded } from './reading/stranded.ts';
import * as suspicious from './reading/suspicious.ts';
import { signInReader, signInWriter } from './store-sign-in.ts';
import type { Tables } from './tables.ts';
import { appendAudit, bindIdentity } from './writing/audit.ts';
import { carriedReset, noteReset } from './writing/carrying.ts';
import * as documents from './writing/documents.ts';
import { enroll } from './writing/factors.ts';
import { importDirectory } from './writing/import.ts';
import { erasePerson, rewrapFactors } from './writing/keeping.ts';
import { putReset } from './writing/resets.ts';

/** The SQL store over an opened database. */
export function sqlStore(ends: Ends): Store {
  const over = (db: Kysely<Tables>): Store['read'] => {
    const begun = db.transaction().setAccessMode('read only');
    return (work) => begun.execute((connection) => work({ ...reader(connection, ends), ...signInReader(connection, ends) }));
  };
  return {
    read: over(ends.reading),
    survey: over(ends.surveying),
    write: (now, work) =>
      ends.writing.transaction().execute(async (db) => {
        await checkClock(db, now);
        return work({ ...reader(db, ends), ...signInReader(db, ends), ...writer(db, ends, now), ...signInWriter(db, ends, now) });
      }),
    scrub: () => ends.scrub(),
    close: async () => {
      await ends.reading.destroy();
      await ends.surveying.destroy();
      await ends.writing.destroy();
    },
  };
}

function reader(
  db: Connection,
  { engine, keyring }: Ends,
): StoreReading & StoreAuditing & StoreKeeping & StoreAdministering & StoreCarrying {
  return {
    applied: () => applied.applied(db),
    findUsers: (named) => applied.findUsers(db, engine, named),
    impact: (proposal, now) => impact.impact(db, engine, proposal, now),
    impactNames: (proposal, now, cap) => impact.impactNames(db, engine, proposal, now, cap),
    exempted: (scopes, named, now, cap) => exempted(db, engine, scopes, named, now, cap),
    stranded: (proposal, enrollable, now) => stranded(db, engine, proposal, enrollable, now),
    administrators: (questions) => impact.administrators(db, engine, questions),
    knownResets: (requests) => people.knownResets(db, engine, requests),
    exemptionBindings: (channel, names) => people.exemptionBindings(db, engine, channel, names),
    exemptionWindows: () => people.exemptionWindows(db),
    membershipsOf: (userIds) => people.membershipsOf(db, engine, userIds),
    joinedBefore: (account, userId, at) => people.joinedBefore(db, account, userId, at),
    resetsSince: (since) => people.resetsSince(db, since),
    scopes: (account) => lists.scopes(db, account),
    stateCounts: (now, account) => lists.stateCounts(db, engine, now, account),
    membershipCounts: (account) => lists.membershipCounts(db, account),
    peopleCounts: (account) => lists.peopleCounts(db, account),
    memberships: (now, filter) => lists.memberships(db, engine, now, filter),
    person: (account, called) => people.person(db, account, called),
    resets: (since, account) => evidence.resets(db, since, account),
    exemptions: (account) => evidence.exemptions(db, account),
    breakGlass: (account) => evidence.breakGlassUsers(db, engine, account),
    directory: (account) => directory.directory(db, engine, account),
    origins: (account) => directory.origins(db, account),
    directoryRows: (account, origin) => directory.directoryRows(db, account, origin),
    resolveActor: (account, channel, subject, user) => people.resolveActor(db, account, channel, subject, user),
    auditHeads: () => audit.auditHeads(db),
    auditEntries: (account) => audit.auditEntries(db, account),
    auditHash: (account, seq) => audit.hashAt(db, account, seq),
    auditList: (filter) => audit.auditList(db, engine, filter),
    recordedResets: (account) => audit.recordedResets(db, account),
    executedResets: (account, afterSeq) => audit.executedResets(db, engine, account, afterSeq),
    peoplePage: (now, question) => administering.peoplePage(db, engine, now, question),
    resetsPage: (question) => administering.resetsPage(db, question),
    namesOf: (userIds) => administering.namesOf(db, engine, userIds),
    unreadableFactors: (userIds) => keeping.unreadableFactors(db, engine, keysAtHand(keyring), userIds),
    health: () => keeping.health(db, engine),
    keyUse: () => keeping.keyUse(db),
    checkFactors: (tries, names) => keeping.checkFactors(db, keysAtHand(keyring), tries, names),
    lockedOut: (questions) => suspicious.lockedOut(db, engine, questions, keysAtHand(keyring)),
    revivedResets: () => suspicious.revivedResets(db),
    uncarriedResets: (account) => carrying.uncarriedResets(db, account),
    exemptPeople: (account, now) => carrying.exemptPeople(db, account, now),
    misfits: (keepers, names) => suspicious.misfits(db, keepers, names),
    departed: (account, called) => keeping.departed(db, engine, account, called),
    wordsNaming: (account, userId, fragments) => keeping.wordsNaming(db, engine, account, userId, fragments),
  };
}

function writer(db: Transaction<Tables>, ends: Ends, now: Instant): StoreWriting & StoreKeepingWrites & StoreCarryingWrites {
  const { engine, keyring, random } = ends;
  return {
    putDocuments: (writes) => documents.putDocuments(db, engine, writes, now),
    putTerms: (writes) => documents.putTerms(db, engine, writes),
    addObligations: (rows) => documents.addObligations(db, engine, rows),
    putExemptions: (writes) => documents.putExemptions(db, engine, writes, now),
    putReset: (write) => putReset(db, write, now),
    noteReset: (account, requestId, notes) => noteReset(db, account, requestId, notes),
    carriedReset: (account, requestId) => carriedReset(db, account, requestId),
    importDirectory: (changes, enforcer, titles) => importDirectory(db, engine, changes, enforcer, titles, now),
    enroll: (factors) => enroll(db, engine, factors, keyring(), random),
    bindIdentity: (actor) => bindIdentity(db, actor),
    rewrap: (after, limit) => rewrapFactors(db, engine, { after, limit, keyring: keyring(), random }),
    erase: (account, person, places) => erasePerson(db, engine, account, person, places),
    audit: async (records) => {
      if (records.length === 0) return;
      await appendAudit(db, engine, random, records);
      await sql`update clock set highest = ${now} where highest < ${now}`.execute(db);
    },
  };
}

/** The keys, or none: a factor whose key is not at hand is unreadable, and no reason to stop looking. */
function keysAtHand(keyring: () => Keyring): Keyring | null {
  try {
    return keyring();
  } catch (error) {
    if (error instanceof PadlockError) return null;
    throw error;
  }
}

/** Refuses to change anything while the clock stands behind what the store has seen: every deadline and grace would move. */
async function checkClock(db: Connection, now: Instant): Promise<void> {
  const row = await db.selectFrom('clock').select('highest').executeTakeFirst();
  const highest = row?.highest ?? 0;
  if (now >= highest - CLOCK_TOLERANCE) return;
  const behind = Math.round((highest - now) / 1000);
  throw new PadlockError(
    'store/clock-behind',
    `this machine's clock is ${behind} s behind the latest reading in the store; nothing was changed`,
    {
      fix: 'set the clock (NTP), or wait until it has caught up',
    },
  );
}
