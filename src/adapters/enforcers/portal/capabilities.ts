import { FACTOR_KINDS } from '../../../core/model/words.ts';
import type { EnforcerCapabilities } from '../../../core/ports/enforcer.ts';

/** Padlock's own portal reads the store at every sign-in: a requirement bites in the commit that applies it. */
export const PORTAL: EnforcerCapabilities = {
  name: 'portal',
  enforcesAccount: true,
  enforcesMyGlue: true,
  grace: true,
  enrolls: FACTOR_KINDS,
  resets: true,
  knowsEnrollment: true,
};
