import { formatInstant } from '../documents/values.ts';
import type { BreakGlassUser } from '../model/findings.ts';
import type { Instant } from '../model/words.ts';

/** What is wrong with a declared break-glass user. Never that they were not used. */
export const BREAK_GLASS_FINDINGS = ['missing', 'disabled', 'no-local-password', 'used'] as const;
export type BreakGlassFinding = (typeof BREAK_GLASS_FINDINGS)[number];

/** A declared user, and what is wrong with them. */
export interface JudgedBreakGlass extends BreakGlassUser {
  readonly findings: readonly BreakGlassFinding[];
}

/**
 * Judges declared break-glass users, and nobody else: none is guessed (case RPT-05). `since` is the previous report's time, or
 * the beginning of what this one covers: a sign-in after it is a use that somebody must be able to explain.
 *
 * | the user                              | finding           |
 * | nobody is called so                   | missing           |
 * | disabled                              | disabled          |
 * | could not sign in past an SSO outage  | no-local-password |
 * | signed in after `since`               | used              |
 * | enrolled or not, unused               | none              |
 */
export function judgeBreakGlass(users: readonly BreakGlassUser[], since: Instant): JudgedBreakGlass[] {
  return users.map((user) => {
    const { person } = user;
    const of: Readonly<Record<BreakGlassFinding, boolean>> = {
      missing: person === null,
      disabled: person?.enabled === false,
      'no-local-password': person?.localPassword === false,
      used: (person?.lastSignIn ?? since) > since,
    };
    return { ...user, findings: BREAK_GLASS_FINDINGS.filter((finding) => of[finding]) };
  });
}

/** What was found, in words: `used on 2026-11-24T08:00:00Z`. */
export function breakGlassWords({ findings, person }: JudgedBreakGlass): string[] {
  const at = person?.lastSignIn ?? null;
  const words: Readonly<Record<BreakGlassFinding, string>> = {
    missing: 'nobody is called so',
    disabled: 'disabled: cannot sign in',
    'no-local-password': 'no local password: shut out with the identity provider',
    used: `used on ${at === null ? 'an unknown day' : formatInstant(at)}`,
  };
  return findings.map((finding) => words[finding]);
}

/** How many users something is wrong with. */
export function breakGlassFindings(users: readonly JudgedBreakGlass[]): number {
  return users.filter((user) => user.findings.length > 0).length;
}
