/**
 * The words everything else is written in. This room imports nothing.
 * Instants are milliseconds since 1970-01-01T00:00:00Z, durations are milliseconds.
 */

/** Milliseconds since the epoch, UTC. */
export type Instant = number;

/** Milliseconds. */
export type Duration = number;

/** JSON, as it is stored, hashed and printed. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * The kinds of factor a policy may name, in the order of their bits in a mask.
 * A new kind is a word here and a folder in `core/authentication/kinds`. At most three fit a role's share of a `Demand`.
 */
export const FACTOR_KINDS = ['totp', 'passkey'] as const;
export type FactorKind = (typeof FACTOR_KINDS)[number];

/**
 * Roles of an account, strongest first; the index is a role's place in a `Demand` and in the store.
 * Append only: the store keeps the index.
 */
export const ROLES = ['Administrator', 'Manager', 'Editor', 'Creator', 'ReadOnly', 'Lite'] as const;
export type Role = (typeof ROLES)[number];

/** Roles that a MyGlue account has. */
export const MYGLUE_ROLES = ['Editor', 'Creator', 'Lite'] as const satisfies readonly Role[];

/** The kinds of document of the group `padlock.dev`. */
export const DOCUMENT_KINDS = ['MfaPolicy', 'MfaExemption', 'MfaReset', 'ComplianceReport', 'GuardOverride'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** Where documents come in. The owner of record of a scope is a channel and a name in it. */
export const CHANNELS = ['file', 'git', 'cluster', 'portal', 'cli', 'pulumi'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Which enforcer an account uses. */
export const ENFORCER_NAMES = ['portal', 'none'] as const;
export type EnforcerName = (typeof ENFORCER_NAMES)[number];

/** Who says which factors somebody has: Padlock's own store, the imported directory, or the enforcer, which is asked for a list. */
export type EnrollmentTeller = 'store' | 'directory' | 'enforcer';

/** Where IT Glue keeps accounts: each region has an API of its own. */
export const ITGLUE_REGIONS = ['us', 'eu', 'au'] as const;
export type ItGlueRegion = (typeof ITGLUE_REGIONS)[number];
