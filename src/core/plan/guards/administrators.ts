import type { Verdict } from '../../model/verdict.ts';
import { passed, refused } from './guard.ts';

/**
 * Administrators who must remain able to sign in, by account: a MyGlue policy is judged on its account. Who counts is
 * the store's to find (enabled, not locked, a way in, and nothing asked, an allowed factor, or one that can still be enrolled).
 */
export function administratorsVerdict(account: string, able: number, limit: number): Verdict {
  const data = { able, limit };
  if (able >= limit) return passed('administrators', account, `${able} can sign in`, data);
  const remedy = 'enroll an administrator in a kind that stays allowed, or declare a breakGlass user who has one, and plan again';
  return refused('administrators', account, `${able} could still sign in, at least ${limit} must`, remedy, data);
}
