import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../../src/apps/configuration/defaults.ts';
import { loadConfiguration } from '../../../src/apps/configuration/load.ts';
import { CONFIGURATION_SCHEMA, publishedConfigurationSchema } from '../../../src/apps/configuration/schema.ts';
import { VARIABLES } from '../../../src/apps/configuration/variables.ts';
import { FACTOR_KINDS } from '../../../src/core/model/words.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DOCS = readFileSync(join(ROOT, 'docs', 'configuration.md'), 'utf8');

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
}

/** Every key of a schema with what it says: a mapping of keys by its keys, one of names by what stands at each name. */
function keysOf(schema: Schema, path: readonly string[] = []): { path: readonly string[]; schema: Schema }[] {
  if (schema.properties !== undefined) return Object.entries(schema.properties).flatMap(([key, inner]) => keysOf(inner, [...path, key]));
  const [inner] = Object.values(schema.patternProperties ?? {});
  const own = [{ path, schema }];
  return inner?.properties === undefined ? own : [...own, ...keysOf(inner, [...path, 'NAME'])];
}

const KEYS = keysOf(CONFIGURATION_SCHEMA as Schema);

/** A row of the table in docs/configuration.md. */
function row({ path, schema }: (typeof KEYS)[number]): string {
  const variable = VARIABLES.find(({ key }) => key.join('.') === path.join('.'))?.name;
  const value = schema.default;
  const fallback = value === undefined ? '' : `\`${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}\``;
  return `| \`${path.join('.')}\` | ${variable === undefined ? '' : `\`${variable}\``} | ${fallback} | ${schema.description ?? ''} |`;
}

describe('docs/configuration.md', () => {
  test('has every key, with its variable, default and meaning as the schema has them', () => {
    const rows = DOCS.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toEqual(KEYS.map(row));
  });

  test('shows a file that holds, and every top-level key of it', () => {
    const text = /```yaml\n([\s\S]*?)```/.exec(DOCS)?.[1] ?? '';
    const { accounts, actor } = loadConfiguration({ text, file: 'padlock.yaml', env: {} });
    expect(actor.user).toBeDefined();
    expect([...accounts.keys()]).toContain('northwind');
    for (const key of Object.keys(CONFIGURATION_SCHEMA.properties)) expect(text).toMatch(new RegExp(`^${key}:`, 'm'));
    expect(text.split('\n', 1)).toEqual(['# yaml-language-server: $schema=padlock.config.schema.json']);
  });

  test('shows variables that hold', () => {
    const env = Object.fromEntries(
      [...DOCS.matchAll(/^export (PADLOCK_[A-Z_]+)='?([^'\n]*)'?$/gm)].map(([, name, value]) => [String(name), String(value)]),
    );
    expect(Object.keys(env).length).toBeGreaterThan(2);
    expect(() => loadConfiguration({ file: 'padlock.yaml', env })).not.toThrow();
  });
});

test('every variable stands for a key, and every key that is not of one account has a variable', () => {
  const keys = KEYS.map(({ path }) => path.join('.'));
  expect(VARIABLES.map(({ key }) => key.join('.'))).toEqual(keys.filter((key) => !key.includes('NAME')));
});

test('the schema has no default that does not hold', () => {
  const said = Object.fromEntries(
    KEYS.filter(({ schema }) => schema.default !== undefined).map(({ path, schema }) => [path.join('.'), schema.default]),
  );
  const { connections, statementTimeout, subject, policyRights, enforcer, region, listen, mailFolder, idle, session, ...rest } = DEFAULTS;
  expect(said).toEqual({
    ...rest,
    'database.connections': connections,
    'database.statementTimeout': statementTimeout,
    'actor.subject': subject,
    'rights.policy': policyRights,
    'accounts.NAME.enforcer': enforcer,
    'accounts.NAME.directory.itglue.region': region,
    'portal.listen': listen,
    'portal.factors': FACTOR_KINDS,
    'portal.mail.folder': mailFolder,
    'portal.idle': idle,
    'portal.session': session,
  });
});

test('every key has a description for editors', () => {
  for (const { path, schema } of KEYS) expect(schema.description, path.join('.')).toMatch(/^[A-Z].*\.$/);
});

test('padlock.config.schema.json is the published schema, without words of our own', () => {
  const committed = readFileSync(join(ROOT, 'padlock.config.schema.json'), 'utf8');
  expect(committed).toBe(`${JSON.stringify(publishedConfigurationSchema(), null, 2)}\n`);
  expect(committed).not.toContain('x-word');
});
