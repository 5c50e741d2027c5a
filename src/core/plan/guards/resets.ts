import type { Verdict } from '../../model/verdict.ts';
import { LIFT, passed, refused } from './guard.ts';

/** Resets of an account in 24 hours: those over the limit are held until the count has fallen. */
export function resetsVerdict(account: string, executed: number, wanted: number, limit: number): Verdict {
  const data = { executed, wanted, limit, hours: 24 };
  const message = `${executed} in 24 h, ${wanted} asked for, limit ${limit}`;
  if (executed + wanted <= limit) return passed('resets', account, message, data);
  const held = Math.min(wanted, executed + wanted - limit);
  return refused(
    'resets',
    account,
    message,
    // Not in the message: once it is lifted, none is.
    `${held} held: wait, or ${LIFT}`,
    data,
  );
}
