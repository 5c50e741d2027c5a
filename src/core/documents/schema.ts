import Type, { type Static } from 'typebox';
import { FACTOR_KINDS, ROLES } from '../model/words.ts';
import { API_VERSION } from './group.ts';
import { DURATION_PATTERN, INSTANT_PATTERN } from './values.ts';

/**
 * The one schema source of every kind. From it come the TypeScript types (`Static`), the precompiled validators
 * (`generated/`), the published JSON Schema (`padlock schema`) and later the custom resource definitions; so it uses
 * only what all four can hold: no references, no type unions, every string, list and number bounded.
 * Descriptions are shown by editors: one sentence, what it does and what absence means. `x-word` names the kind of text,
 * for the faults and fixes of `faults.ts`; the published schema is without it.
 */

/** Bounds that readers and validators share. */
const LIMITS = { name: 63, text: 500, users: 1000, list: 100 } as const;

const closed = { additionalProperties: false } as const;
const words = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description });

export const SLUG_PATTERN = '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$';
export const REQUEST_ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$';
const PERCENT_PATTERN = '^(100|[1-9]?[0-9])%$';

const slug = (description: string) => Type.String({ pattern: SLUG_PATTERN, maxLength: LIMITS.name, description, 'x-word': 'name' });
const duration = (description: string) =>
  Type.String({ pattern: DURATION_PATTERN, maxLength: 6, description, examples: ['14d', '36h'], 'x-word': 'duration' });
const instant = (description: string) =>
  Type.String({
    pattern: INSTANT_PATTERN,
    maxLength: 40,
    description,
    examples: ['2026-12-01', '2026-12-01T08:00:00Z'],
    'x-word': 'instant',
  });
const percent = (description: string) =>
  Type.String({ pattern: PERCENT_PATTERN, maxLength: 4, description, examples: ['25%'], 'x-word': 'percentage' });
const text = (description: string) => Type.String({ minLength: 1, maxLength: LIMITS.text, description });
const user = (description: string) => Type.String({ minLength: 1, maxLength: 254, description });
const texts = (description: string, maxLength: number) =>
  Type.Unsafe<Readonly<Record<string, string>>>({
    type: 'object',
    maxProperties: LIMITS.list,
    additionalProperties: { type: 'string', maxLength },
    description,
  });
const listOf = <T extends Type.TSchema>(item: T, description: string, maxItems: number = LIMITS.list) =>
  Type.Array(item, { minItems: 1, maxItems, uniqueItems: true, description });
const factors = (description: string) => listOf(words(FACTOR_KINDS, 'A kind of factor.'), description, FACTOR_KINDS.length);

const identityProvider = Type.Object(
  {
    provider: slug('The identity provider, by the name that the configuration gives it.'),
    upstreamMfa: Type.Optional(
      words(['Additional', 'Trust'], 'Additional (default): who signs in through it enrolls here too. Trust: its proof of MFA satisfies.'),
    ),
    amr: Type.Optional(listOf(Type.String({ minLength: 1, maxLength: 64 }), 'Values of the `amr` claim that prove MFA.', 20)),
    acr: Type.Optional(listOf(Type.String({ minLength: 1, maxLength: 200 }), 'Values of the `acr` claim that prove MFA.', 20)),
    maxAge: Type.Optional(duration('How old a proof may be; needed with Trust.')),
    localChallenge: Type.Optional(
      words(['Always', 'Never'], 'Always (default): the local code is asked too. Never: once enrolled, sign-ins through it are not asked.'),
    ),
  },
  { ...closed, description: 'How sign-ins through one identity provider are treated.' },
);

const guardLimits = Type.Object(
  {
    administrators: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, description: 'Administrators who must remain able to sign in (default 1).' }),
    ),
    overdueAtOnce: Type.Optional(
      percent('Share of the enabled members that one apply may make overdue at once, in a scope of 10 or more (default 25%).'),
    ),
    cannotEnroll: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 1000000, description: 'People who may be left without any way to enroll (default 0).' }),
    ),
    resets: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000000, description: 'Resets of an account in 24 hours (default 10).' })),
    directory: Type.Optional(percent('Share of users that one import may remove, disable or demote, of 10 or more (default 25%).')),
  },
  { ...closed, minProperties: 1, description: 'Limits of the guards for this scope.' },
);

/** What account policies, MyGlue policies and an account's default for MyGlue accounts have in common. */
const rules = {
  requireMfa: Type.Boolean({ description: 'Whether MFA is required of the people in the scope.' }),
  mode: Type.Optional(words(['Enforce', 'ReportOnly'], 'Enforce (default), or ReportOnly: computed, shown and reported, never enforced.')),
  enforceFrom: Type.Optional(instant('When the requirement begins; a date is midnight UTC. Default: from the next sign-in.')),
  gracePeriod: Type.Optional(duration('How long people may postpone, counted from when they are first obliged. Default: 0.')),
  roles: Type.Optional(
    listOf(words(ROLES, 'A role.'), 'The roles it holds for. Default: every role of the scope, Lite included.', ROLES.length),
  ),
  factors: Type.Optional(factors('Kinds of factor that satisfy. Default: every kind.')),
  factorsByRole: Type.Optional(
    Type.Object(
      Object.fromEntries(
        ROLES.map((role) => [role, Type.Optional(factors(`Kinds that satisfy for ${role}; none that \`factors\` lacks.`))]),
      ) as {
        [R in (typeof ROLES)[number]]: Type.TOptional<ReturnType<typeof factors>>;
      },
      { ...closed, minProperties: 1, description: 'Stronger kinds for single roles.' },
    ),
  ),
  sso: Type.Optional(Type.Array(identityProvider, { minItems: 1, maxItems: 20, description: 'One entry an identity provider.' })),
  existingSessions: Type.Optional(
    words(['Keep', 'Revoke'], 'Keep (default), or Revoke: sessions end for whom the requirement begins to bite.'),
  ),
  enrollment: Type.Optional(words(['Open', 'Token'], 'Open (default), or Token: the first set-up needs a single-use enrollment token.')),
  resets: Type.Optional(
    Type.Object(
      { approvals: Type.Integer({ minimum: 0, maximum: 1, description: '0 (default): at once; 1: a second administrator approves.' }) },
      { ...closed, description: 'How resets of the people in the scope are treated.' },
    ),
  ),
  suspend: Type.Optional(
    Type.Object(
      { reason: text('Why.'), until: instant('When the suspension ends; a date includes that day.') },
      { ...closed, description: 'Holds changes to this scope; the requirement stays in force.' },
    ),
  ),
  deletionPolicy: Type.Optional(
    words(['Orphan', 'Delete'], 'When this document goes: Orphan (default) keeps the requirement, Delete lets it go, through its guard.'),
  ),
  guards: Type.Optional(guardLimits),
};

const myGlueDefault = Type.Object(rules, {
  ...closed,
  description: 'Account policies only: what holds for every MyGlue account that has no policy of its own.',
});

const mfaPolicySpec = Type.Object(
  {
    account: slug('The account. Immutable.'),
    myGlueAccount: Type.Optional(slug('When present: the scope is this MyGlue account alone. Immutable.')),
    ...rules,
    myGlueDefault: Type.Optional(myGlueDefault),
    breakGlass: Type.Optional(
      listOf(user('An address or a user id.'), 'Account policies only: emergency administrators. They need factors like anyone.', 20),
    ),
  },
  closed,
);

const mfaExemptionSpec = Type.Object(
  {
    account: slug('The account.'),
    users: Type.Array(user('An address or a user id.'), {
      minItems: 1,
      maxItems: LIMITS.users,
      uniqueItems: true,
      description: 'Who is exempt, in every scope of the account.',
    }),
    reason: text('Why.'),
    ticket: Type.Optional(text('Where it was agreed.')),
    startsAt: Type.Optional(instant('When it begins; a date is midnight UTC. Default: when applied.')),
    expiresAt: instant('When it ends; a date includes that day. No exemption is for ever.'),
  },
  closed,
);

const mfaResetSpec = Type.Object(
  {
    requestId: Type.String({
      pattern: REQUEST_ID_PATTERN,
      maxLength: 63,
      'x-word': 'request id',
      description: 'The key: a request is executed exactly once, whatever the file is called.',
    }),
    account: slug('The account.'),
    user: user('Whose factors are removed: an address or a user id.'),
    reason: text('Why.'),
    requestedAt: instant('When it was asked for. Factors enrolled later stay.'),
    expiresAt: instant('After this it is not executed any more; a date includes that day.'),
    approved: Type.Optional(Type.Boolean({ description: 'Turned to true by a second person, where the policy asks for approval.' })),
  },
  closed,
);

const complianceReportSpec = Type.Object(
  {
    accounts: listOf(slug('An account.'), 'The accounts it covers.'),
    schedule: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'When it runs: a cron expression of five fields.',
      examples: ['0 7 * * MON'],
    }),
    timeZone: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'The time zone of the schedule, by its IANA name. Default: UTC.' }),
    ),
    formats: Type.Optional(listOf(words(['csv', 'json', 'html'], 'A format.'), 'What is written. Default: csv and json.', 3)),
    deliver: Type.Optional(
      listOf(slug('A destination.'), 'Destinations by the names that the configuration gives them; never addresses.', 20),
    ),
    keep: Type.Optional(Type.Integer({ minimum: 1, maximum: 10000, description: 'How many runs are kept. Default: all.' })),
  },
  closed,
);

const guardOverrideSpec = Type.Object(
  {
    account: slug('The account.'),
    myGlueAccount: Type.Optional(slug('The MyGlue account, when the scope is one.')),
    guard: words(
      ['administrators', 'overdue-at-once', 'cannot-enroll', 'weakened', 'resets', 'directory'],
      'The guard that may let the change pass.',
    ),
    digest: Type.String({
      pattern: '^[0-9a-f]{64}$',
      maxLength: 64,
      'x-word': 'digest',
      description: 'The digest of the scope, whole, as padlock plan --print-overrides prints it.',
    }),
    reason: text('Why.'),
    expiresAt: instant('When it lapses; a date includes that day.'),
  },
  closed,
);

const metadata = Type.Object(
  {
    name: slug('The name of the document, unique by kind and namespace.'),
    namespace: Type.Optional(slug('The namespace, in a cluster.')),
    labels: Type.Optional(texts('Labels, as Kubernetes has them.', 63)),
    annotations: Type.Optional(texts('Annotations, as Kubernetes has them.', 262144)),
  },
  closed,
);

const document = <K extends string, S extends Type.TSchema>(kind: K, spec: S, description: string) =>
  Type.Object(
    {
      apiVersion: Type.Literal(API_VERSION, { description: 'The version of the schema.' }),
      kind: Type.Literal(kind, { description: 'The kind of document.' }),
      metadata,
      spec,
    },
    { ...closed, title: kind, description },
  );

/** The schema of each kind, whole documents. */
export const SCHEMAS = {
  MfaPolicy: document('MfaPolicy', mfaPolicySpec, 'Requires MFA in an account, or in one MyGlue account of it.'),
  MfaExemption: document('MfaExemption', mfaExemptionSpec, 'Exempts named people for a time.'),
  MfaReset: document('MfaReset', mfaResetSpec, "Removes one person's factors, exactly once."),
  ComplianceReport: document('ComplianceReport', complianceReportSpec, 'Reports who is protected, on a schedule.'),
  GuardOverride: document('GuardOverride', guardOverrideSpec, 'Lets one guard pass for one scope at one digest.'),
} as const;

export type MfaPolicySpec = Static<typeof mfaPolicySpec>;
export type MfaPolicyRules = Static<typeof myGlueDefault>;
export type IdentityProviderRule = Static<typeof identityProvider>;
export type GuardLimits = Static<typeof guardLimits>;
export type MfaExemptionSpec = Static<typeof mfaExemptionSpec>;
export type MfaResetSpec = Static<typeof mfaResetSpec>;
export type ComplianceReportSpec = Static<typeof complianceReportSpec>;
export type GuardOverrideSpec = Static<typeof guardOverrideSpec>;
export type Metadata = Static<typeof metadata>;
