import { bearerHash } from '../../core/authentication/bearer.ts';
import { addressKeyOf } from '../../core/authentication/network-address.ts';
import { mayTryFrom, mayTryPassword } from '../../core/authentication/throttle.ts';
import { addressKey } from '../../core/model/address.ts';
import type { Duration, Instant } from '../../core/model/words.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** Mails of one kind to one person in an hour. */
const MAILS = 3;

/** What wrong passwords are counted by: what was typed, whether anybody is called so or not, so that a count tells nothing. */
export function passwordKey(account: string, address: string): string {
  return bearerHash(`password/${account}/${addressKey(address.trim())}`);
}

/** What wrong passwords of somebody who is signed in are counted by: nobody else's guesses stand in their way. */
export function proofKey(userId: number): string {
  return bearerHash(`proof/${userId}`);
}

/** What failures from a network address are counted by. */
export function networkKey(ip: string): string {
  return bearerHash(`network/${addressKeyOf(ip)}`);
}

/** What a password is counted by. */
export interface PasswordKeys {
  readonly name: string;
  readonly network: string;
}

/**
 * Counts a password in advance as wrong; false: too many were, and it is not looked at. By the name wherever it came from: other addresses
 * give no fresh guesses.
 */
export async function countPassword(transaction: StoreTransaction, keys: PasswordKeys, now: Instant): Promise<boolean> {
  const { count, lastAt } = await transaction.failures(keys.name);
  if (!mayTryPassword(count, count === 0 ? null : lastAt, now)) return false;
  if (!(await countNetwork(transaction, keys.network, now))) return false;
  await transaction.addFailure(keys.name, now - DAY);
  return true;
}

/** Takes back what was counted in advance: the password was right. */
export async function takeBackPassword(transaction: StoreTransaction, keys: PasswordKeys): Promise<void> {
  for (const key of [keys.name, keys.network]) await transaction.takeBackFailure(key);
}

/** Counts a failure from a network address in advance, by the hour in which the first was; false: too many were, and nothing is looked at. */
export async function countNetwork(transaction: StoreTransaction, key: string, now: Instant): Promise<boolean> {
  const { count, firstAt } = await transaction.failures(key);
  if (!mayTryFrom(count, count === 0 ? null : firstAt, now)) return false;
  if (count > 0 && now - firstAt >= HOUR) await transaction.clearFailures(key);
  await transaction.addFailure(key, now - HOUR);
  return true;
}

/** Challenges for visitors of one network in an hour: an office behind one address is far below it. */
const ASKED = 1000;

/** Whether a visitor may be given another challenge, and counts it. */
export function countAsked(transaction: StoreTransaction, network: string, now: Instant): Promise<boolean> {
  return countWithin(transaction, `asked/${network}`, ASKED, HOUR, now);
}

/** Whether another mail of a kind may go to somebody, and counts it. */
export function countMail(transaction: StoreTransaction, about: string, userId: number, now: Instant): Promise<boolean> {
  return countWithin(transaction, `mail/${about}/${userId}`, MAILS, HOUR, now);
}

/** The same for what somebody is told once a day at most. */
export function countDailyMail(transaction: StoreTransaction, about: string, userId: number, now: Instant): Promise<boolean> {
  return countWithin(transaction, `mail/${about}/${userId}`, 1, DAY, now);
}

async function countWithin(transaction: StoreTransaction, key: string, most: number, span: Duration, now: Instant): Promise<boolean> {
  const { count, firstAt } = await transaction.failures(key);
  if (count > 0 && now - firstAt >= span) await transaction.clearFailures(key);
  else if (count >= most) return false;
  await transaction.addFailure(key, now - span);
  return true;
}
