import Type, { type Static } from 'typebox';
import { SLUG_PATTERN } from '../../core/documents/schema.ts';
import { ENFORCER_NAMES, ROLES } from '../../core/model/words.ts';
import { DEFAULTS } from './defaults.ts';

/**
 * The one schema source of `padlock.yaml`. From it come the types, the precompiled validator (`generated/`) and the
 * published `padlock.config.schema.json`. Every key may be absent; `default` is what holds then.
 */
const closed = { additionalProperties: false } as const;
const path = (description: string, value: string) => Type.String({ minLength: 1, maxLength: 4096, description, default: value });
const place = (description: string) => Type.String({ minLength: 1, maxLength: 4096, description });
const name = (description: string) => Type.String({ minLength: 1, maxLength: 254, description });
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
  },
  { ...closed, description: 'One account.' },
);

/** The schema of `padlock.yaml`. */
export const CONFIGURATION_SCHEMA = Type.Object(
  {
    store: Type.Optional(
      Type.String({
        pattern: '^sqlite:[^:]',
        maxLength: 4096,
        description: 'The database: `sqlite:` and the path of its file.',
        default: DEFAULTS.store,
      }),
    ),
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
