import type { EnforcerCapabilities } from '../../../core/ports/enforcer.ts';

/** Nobody enforces: policies are planned, judged and reported on what the directory says, and every scope is unenforceable. */
export const NONE: EnforcerCapabilities = {
  name: 'none',
  enforcesAccount: false,
  enforcesMyGlue: false,
  grace: false,
  enrolls: [],
  resets: false,
  knowsEnrollment: false,
};
