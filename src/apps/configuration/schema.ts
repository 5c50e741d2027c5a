import Type, { type Static } from 'typebox';
import { SLUG_PATTERN } from '../../core/documents/schema.ts';
import { ENFORCER_NAMES, FACTOR_KINDS, ITGLUE_REGIONS, ROLES } from '../../core/model/words.ts';
import { DEFAULTS } from './defaults.ts';

/**
 * The one schema source of `padlock.yaml`. From it come the types, the precompiled validator (`generated/`) and the
 * published `padlock.config.schema.json`. Every key may be absent; `default` is what holds then.
 */
const closed = { additionalProperties: false } as const;
const path = (description: string, value: string) => Type.String({ minLength: 1, maxLength: 4096, description, default: value });
const place = (description: string) => Type.String({ minLength: 1, maxLength: 4096, description });
const name = (description: string, value?: string) =>
  Type.String({ minLength: 1, maxLength: 254, description, ...(value !== undefined && { default: value }) });
const words = <const T extends readonly string[]>(values: T, more: { description: string; default?: T[number] }) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...more });
const mapOf = <T extends Type.TSchema>(pattern: string, item: T, more: { description: string; 'x-word'?: 'name' }) =>
  Type.Unsafe<Record<string, Static<T>>>({
    type: 'object',
    patternProperties: { [pattern]: item },
    ...closed,
    maxProperties: 10_000,
    ...more,
  });
/** The keys are names that policies use. */
const byName = <T extends Type.TSchema>(item: T, description: string) => mapOf(SLUG_PATTERN, item, { description, 'x-word': 'name' });

const itglue = Type.Object(
  {
    region: Type.Optional(
      words(ITGLUE_REGIONS, { description: 'The region that the IT Glue account is kept in.', default: DEFAULTS.region }),
    ),
    baseUrl: Type.Optional(name("The address of the API instead of a region's, https:// alone but on this machine.")),
    apiKeyFile: Type.Optional(place('The file with the API key, for its owner (and group) alone.')),
    apiKeyEnv: Type.Optional(name('The variable of the environment that holds the API key.')),
  },
  { ...closed, description: "IT Glue's API. The key stands in a file or a variable, never here." },
);

const account = Type.Object(
  {
    enforcer: Type.Optional(
      words(ENFORCER_NAMES, {
        description: 'Where its people sign in: portal, or none: elsewhere, and Padlock only watches.',
        default: DEFAULTS.enforcer,
      }),
    ),
    externalId: Type.Optional(name('The id of the account where its directory comes from.')),
    customRoles: Type.Optional(
      mapOf('^[^\\u0000-\\u001f]{1,100}$', words(ROLES, { description: 'The role that it counts as.' }), {
        description: 'Custom roles, by name, and the role that each counts as.',
      }),
    ),
    myGlueAccounts: Type.Optional(
      byName(name('Its id where the directory comes from.'), 'MyGlue accounts, by the name that policies use, and the id of each.'),
    ),
    directory: Type.Optional(
      Type.Object({ itglue: Type.Optional(itglue) }, { ...closed, description: 'Where its people are read from, beside files.' }),
    ),
  },
  { ...closed, description: 'One account.' },
);

const mail = Type.Object(
  {
    server: Type.Optional(name('The server that sends mails, as a URL: smtp://, smtps://. Without it, mails are files in a folder.')),
    from: Type.Optional(name('Whom mails come from, as Northwind IT <mfa@northwind.example>; needed with a server.')),
    passwordFile: Type.Optional(place('The file with the password for the user that the URL of the server names.')),
    folder: Type.Optional(path('The folder that mails are written to where there is no server: to try things out.', DEFAULTS.mailFolder)),
  },
  { ...closed, description: 'How people get mails.' },
);

const portal = Type.Object(
  {
    url: Type.Optional(
      name('Where people reach it, as https://mfa.northwind.example; passkeys are made for its name. Else http://localhost and the port.'),
    ),
    listen: Type.Optional(name('The address and port that it listens on.', DEFAULTS.listen)),
    metrics: Type.Optional(name('The address and port that figures for Prometheus are given at; else nowhere.')),
    tls: Type.Optional(
      Type.Object(
        {
          certificate: Type.Optional(place('The file with the certificate, PEM, where no proxy in front of it ends TLS.')),
          key: Type.Optional(place('The file with the key of the certificate, PEM.')),
        },
        { ...closed, description: 'TLS of its own.' },
      ),
    ),
    trustedProxies: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
        maxItems: 100,
        uniqueItems: true,
        description: 'Proxies that are believed where a request came from (X-Forwarded-For): addresses, or networks as 10.0.0.0/8.',
      }),
    ),
    factors: Type.Optional(
      Type.Array(words(FACTOR_KINDS, { description: 'A kind.' }), {
        minItems: 1,
        uniqueItems: true,
        description: 'Kinds of factor that people can set up here.',
        default: FACTOR_KINDS,
      }),
    ),
    breachedPasswords: Type.Optional(
      place('The file of breached passwords as Have I Been Pwned gives them out, SHA-1 ordered by hash; nobody may choose one of them.'),
    ),
    mail: Type.Optional(mail),
    idle: Type.Optional(name('How long a session lasts that nobody uses.', DEFAULTS.idle)),
    session: Type.Optional(name('How long any session lasts.', DEFAULTS.session)),
  },
  { ...closed, description: 'The portal where people sign in, as padlock serve runs it.' },
);

const database = Type.Object(
  {
    passwordFile: Type.Optional(place('The file with the password of the user that the URL of the store names.')),
    certificateAuthority: Type.Optional(
      place("The file with the certificates, PEM, of whoever vouches for the server's; else those that Node knows."),
    ),
    certificate: Type.Optional(place('The file with a certificate of its own, PEM, where the server asks for one.')),
    key: Type.Optional(place('The file with the key of that certificate, PEM.')),
    connections: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'Connections of one process at once, at most.',
        default: DEFAULTS.connections,
      }),
    ),
    statementTimeout: Type.Optional(name('How long a statement may take before the server ends it.', DEFAULTS.statementTimeout)),
  },
  { ...closed, description: 'How the PostgreSQL server of the store is reached.' },
);

/** The schema of `padlock.yaml`. */
export const CONFIGURATION_SCHEMA = Type.Object(
  {
    store: Type.Optional(
      Type.String({
        pattern: '^(sqlite:[^:]|postgres(ql)?://)',
        maxLength: 4096,
        description:
          'The database: `sqlite:` and the path of its file, or the URL of a PostgreSQL server: `postgres://USER@HOST/DATABASE`.',
        default: DEFAULTS.store,
      }),
    ),
    database: Type.Optional(database),
    keys: Type.Optional(
      path('The file with the keys that encrypt secrets in the database; keep it apart from backups of that.', DEFAULTS.keys),
    ),
    signing: Type.Optional(
      path('The file with the key that signs reports (Ed25519, PEM); its public half is printed by padlock report key.', DEFAULTS.signing),
    ),
    heads: Type.Optional(
      place('The file that tells how far the audit log has come, apart from backups of the store; else `heads.jsonl` beside the keys.'),
    ),
    policies: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), {
        minItems: 1,
        maxItems: 100,
        uniqueItems: true,
        description: 'Files and folders with documents, read when a command names none.',
        default: DEFAULTS.policies,
      }),
    ),
    reports: Type.Optional(path('The folder that reports are written to.', DEFAULTS.reports)),
    actor: Type.Optional(
      Type.Object(
        {
          subject: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 254,
              description: 'The name under which this command line stands in the audit log.',
              default: DEFAULTS.subject,
            }),
          ),
          user: Type.Optional(name('The address or id of the user whose rights this command line has.')),
        },
        { ...closed, description: 'As whom the command line acts.' },
      ),
    ),
    rights: Type.Optional(
      Type.Object(
        {
          policy: Type.Optional(
            Type.Array(words(['Administrator', 'Manager'], { description: 'A role.' }), {
              minItems: 1,
              maxItems: 2,
              uniqueItems: true,
              contains: { const: 'Administrator' },
              description: 'Who may change policy, suspend it and override guards; Administrators always may.',
              default: DEFAULTS.policyRights,
            }),
          ),
        },
        { ...closed, description: 'What rights depend on.' },
      ),
    ),
    accounts: Type.Optional(byName(account, 'The accounts, by the name that policies use; one that is absent has the defaults.')),
    portal: Type.Optional(portal),
  },
  { ...closed, title: 'padlock.yaml', description: 'The configuration of Padlock.' },
);

/** `padlock.yaml` as it is written: every key may be absent. */
export type ConfigurationText = Static<typeof CONFIGURATION_SCHEMA>;

/** What editors are given: `# yaml-language-server: $schema=` names the file that holds it. */
export function publishedConfigurationSchema(): object {
  const schema = JSON.parse(
    JSON.stringify(CONFIGURATION_SCHEMA, (key, value: unknown) => (key === 'x-word' ? undefined : value)),
  ) as object;
  return { $schema: 'http://json-schema.org/draft-07/schema#', $id: 'https://padlock.dev/padlock.config.schema.json', ...schema };
}
