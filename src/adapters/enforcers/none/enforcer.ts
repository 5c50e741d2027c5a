import { PadlockError } from '../../../core/model/errors.ts';
import type { Enforcer } from '../../../core/ports/enforcer.ts';

/**
 * Nobody enforces: policies are planned, judged and reported on what the directory says, and every scope is unenforceable. What it is
 * asked to do it refuses: nothing is ever taken for done.
 */
export const NONE: Enforcer = {
  capabilities: {
    name: 'none',
    place: 'nowhere',
    enforcesAccount: false,
    enforcesMyGlue: false,
    grace: 'none',
    enrolls: [],
    resets: false,
    sessions: false,
    enrollment: 'directory',
    cannot: {},
  },
  push: async (demands) => demands.map(({ scope }) => ({ scope, outcome: 'unenforceable', why: 'the enforcer is none' })),
  reset: async ({ requestId }) => {
    throw cannot(`it has no factors that request ${requestId} could remove`);
  },
  drift: async () => [],
  // biome-ignore lint/correctness/useYield: it has nobody to give, and says so.
  async *enrollment(account) {
    throw cannot(`it does not know who of ${account} is enrolled: the imported directory may`);
  },
};

function cannot(what: string): PadlockError {
  return new PadlockError('enforcer/cannot', `the enforcer is none: ${what}`, {
    fix: 'do it where these people sign in, or name an enforcer for the account in padlock.yaml',
  });
}
