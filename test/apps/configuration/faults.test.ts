import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfiguration } from '../../../src/apps/configuration/load.ts';
import { PadlockError } from '../../../src/core/model/errors.ts';

/** A wrong `padlock.yaml` each; what people read of it stands in the golden file. */
const WRONG: readonly string[] = [
  'stroe: sqlite:x',
  'database: x',
  'store: postgres://db/padlock',
  "store: 'sqlite::memory:'",
  'store: padlock.db',
  'store:',
  'keys: 5',
  'keys: [a]',
  'policies: policies',
  'policies: []',
  'policies: [a, b, a]',
  'policies: [a, 7]',
  'reports: ""',
  'actor: ada',
  'actor: { usr: ada }',
  'actor: { subject: yes, user: [x] }',
  'rights: { policy: [Manager] }',
  'rights: { policy: [Administrator, Editor] }',
  'rights: { policy: [Admin, Manager] }',
  'accounts: [northwind]',
  'accounts: { Northwind IT: {} }',
  'accounts: { northwind: }',
  'accounts: { "***": {} }',
  'accounts:\n  northwind:\n    enforcer: keycloak',
  'accounts:\n  northwind:\n    enforcer: 3',
  'accounts:\n  northwind:\n    enforcers: portal',
  'accounts:\n  northwind:\n    customRoles: { Night Shift: Editr }',
  'accounts:\n  northwind:\n    customRoles: { "": Editor }',
  'accounts:\n  northwind:\n    customRoles: { manager: Lite, ReadOnly: Lite }',
  'accounts:\n  northwind:\n    myGlueAccounts: { Bakery: "1" }',
  'accounts:\n  northwind:\n    myGlueAccounts: { bakery: 101 }',
  'accounts:\n  northwind:\n    myGlueAccounts:\n      bakery: "101"\n      clinic: "101"',
  'accounts:\n  northwind: { externalId: "1" }\n  contoso: { externalId: "1" }',
  `reports: ${'x'.repeat(5000)}`,
  'store: sqlite:a\nstore: sqlite:b',
  'store: sqlite:a\n---\nstore: sqlite:b',
  'actor: *who',
  'actor: { <<: { user: ada } }',
  'keys: !secret x',
  'keys: "unclosed',
  'actor: { user: ada',
  'just text',
  '- a list',
  'keys: "a\0b"',
];

const shown = (text: string) => (text.length > 200 ? `${text.slice(0, 40)}…` : text).replaceAll('\0', '␀').replace(/^/gm, '  | ');

function rendered(text: string): string {
  try {
    loadConfiguration({ text, file: 'padlock.yaml', env: {} });
    return `${shown(text)}\npadlock.yaml is right`;
  } catch (error) {
    if (!(error instanceof PadlockError)) throw error;
    const lines = error.faults.map(
      ({ file, line, column, message, fix, text: quoted }) => `${file}:${line}:${column}  ${message}; ${fix}  «${quoted ?? ''}»`,
    );
    return [shown(text), ...lines].join('\n');
  }
}

test('what people read of a wrong padlock.yaml', async () => {
  await expect(`${WRONG.map(rendered).join('\n\n')}\n`).toMatchFileSnapshot('../../golden/configuration-faults.txt');
});

test('none of them passes, and each fault says what to do', () => {
  const golden = readFileSync(join(import.meta.dirname, '../../golden/configuration-faults.txt'), 'utf8');
  expect(golden).not.toMatch(/is right|undefined/);
});
