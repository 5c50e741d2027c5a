import type { Verdict } from '../../model/verdict.ts';
import { passed, refused } from './guard.ts';

/**
 * Administrators who must remain able to sign in, by account: a MyGlue policy is judged on its account. Who counts is
 * the store's to find: an Administrator (a break-glass user like any other), enabled, not locked, with a way in, and nothing
 * asked, an allowed factor, or one that can still be enrolled.
 */
export function administratorsVerdict(account: string, able: number, limit: number): Verdict {
  return judge(
    account,
    able,
    limit,
    'enroll an administrator in a kind that stays allowed, or declare a breakGlass Administrator who has one, and plan again',
  );
}

/** The same of resets: `able` administrators are left once their factors are gone. */
export function resetAdministratorsVerdict(account: string, able: number, limit: number): Verdict {
  return judge(account, able, limit, 'let another administrator enroll first; until then the resets of administrators are held');
}

function judge(account: string, able: number, limit: number, remedy: string): Verdict {
  const data = { able, limit };
  if (able >= limit) return passed('administrators', account, `${able} can sign in`, data);
  return refused('administrators', account, `${able} could still sign in, at least ${limit} must`, remedy, data);
}
