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
  'accounts:\n  northwind:\n    directory: itglue',
  'accounts:\n  northwind:\n    directory: { it-glue: {} }',
  'accounts:\n  northwind:\n    directory: ITG.0123456789abcdef0123456789abcdef.hunter2',
  'accounts:\n  northwind:\n    directory:\n      itglue: ',
  'accounts:\n  northwind:\n    directory:\n      itglue: ITG.0123456789abcdef0123456789abcdef.hunter2',
  'accounts:\n  northwind:\n    directory:\n      itglue: {}',
  'accounts:\n  northwind:\n    directory:\n      itglue: { region: usa, apiKeyEnv: ITGLUE_API_KEY }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { region: us, baseUrl: https://api.itglue.com, apiKeyEnv: ITGLUE_API_KEY }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { baseUrl: api.itglue.com, apiKeyEnv: ITGLUE_API_KEY }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { baseUrl: http://api.itglue.com, apiKeyEnv: ITGLUE_API_KEY }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { baseUrl: https://x:hunter2@api.itglue.com, apiKeyEnv: ITGLUE_API_KEY }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { baseUrl: ftp://localhost, apiKeyEnv: ITGLUE_API_KEY }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { apiKeyFile: key, apiKeyEnv: ITGLUE_API_KEY }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { apiKey: ITG.0123456789abcdef0123456789abcdef.hunter2 }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { api_key: ITG.0123456789abcdef0123456789abcdef.hunter2, apiKeyFile: key }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { apikeyfile: key }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { apiKeyFile: ITG.0123456789abcdef0123456789abcdef.hunter2 }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { apiKeyFile: [ITG.0123456789abcdef0123456789abcdef.hunter2] }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { apiKeyEnv: ITG.0123456789abcdef0123456789abcdef.hunter2 }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { apiKeyEnv: the-key }',
  'accounts:\n  northwind:\n    directory:\n      itglue: { apiKeyEnv: PADLOCK_ITGLUE }',
  'accounts:\n  northwind: { directory: { itglue: { apiKeyEnv: KEY } } }\n  contoso: { directory: { itglue: { apiKeyEnv: KEY } } }',
  'portal: on',
  'portal: { port: 8080 }',
  'portal: { url: mfa.northwind.example }',
  'portal: { url: http://mfa.northwind.example }',
  'portal: { url: "https://mfa.northwind.example/portal" }',
  'portal: { url: "https://ada:hunter2@mfa.northwind.example" }',
  'portal: { url: "https://192.0.2.1" }',
  'portal: { url: "https://[2001:db8::1]" }',
  'portal: { url: "ftp://mfa.northwind.example" }',
  'portal: { listen: 8080 }',
  'portal: { listen: "8080" }',
  'portal: { listen: "127.0.0.1:70000" }',
  'portal: { listen: "::1:8080" }',
  'portal: { listen: "0.0.0.0:8080" }',
  'portal: { metrics: "300.0.0.1:9464" }',
  'portal:\n  tls: { certificate: a.pem }',
  'portal:\n  tls: { key: a.pem }',
  'portal:\n  url: http://localhost:8080\n  tls: { certificate: a.pem, key: b.pem }',
  'portal: { trustedProxies: 10.0.0.1 }',
  'portal: { trustedProxies: [proxy, 10.0.0.0/33, 2001:db8::/129, "10.0.0.1/8/8", "fe80::1%eth0", 10.0.0.0/08] }',
  'portal: { factors: [] }',
  'portal: { factors: [totp, sms, totp] }',
  'portal:\n  mail: { server: "smtps://padlock:hunter2@mail.northwind.example/x", from: a@b.example }',
  'portal:\n  mail: { server: "https://padlock:hunter2@mail.northwind.example", from: a@b.example }',
  'portal:\n  mail: { server: smtps://mail.northwind.example }',
  'portal:\n  mail: { server: smtps://mail.northwind.example, from: nobody }',
  'portal:\n  mail: { server: smtps://mail.northwind.example, from: "a@b.example, c@d.example" }',
  'portal:\n  mail: { server: smtps://mail.northwind.example, from: a@b.example, folder: mails }',
  'portal:\n  mail: { passwordFile: secret }',
  'portal:\n  mail: { server: smtps://mail.northwind.example, from: a@b.example, passwordFile: secret }',
  'portal:\n  mail: { server: "smtps://ada:hunter2@mail.northwind.example", from: a@b.example, passwordFile: secret }',
  'portal: { idle: half an hour }',
  'portal: { idle: 30s, session: 52w }',
  'portal: { idle: 13h }',
  'portal: { session: 10m }',
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
  expect(golden.match(/[;«].*hunter2/g)).toEqual(null);
});
