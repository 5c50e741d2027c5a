import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountOf } from '../../../src/apps/configuration/configuration.ts';
import { loadConfiguration } from '../../../src/apps/configuration/load.ts';
import { type Fault, PadlockError } from '../../../src/core/model/errors.ts';

const load = (text: string | Uint8Array | undefined, env: Record<string, string> = {}, file = 'padlock.yaml') =>
  loadConfiguration({ ...(text === undefined ? {} : { text }), file, env });

function faultsOf(text: string | Uint8Array | undefined, env: Record<string, string> = {}): readonly Fault[] {
  try {
    load(text, env);
  } catch (error) {
    if (!(error instanceof PadlockError)) throw error;
    expect(error.code).toBe('config/invalid');
    expect(error.exitCode).toBe(64);
    return error.faults;
  }
  return [];
}

/** What holds of the portal where nothing is said; its paths count from here. */
const PORTAL = {
  origin: undefined,
  listen: { host: '127.0.0.1', port: 8080 },
  metrics: undefined,
  tls: undefined,
  trustedProxies: [],
  factors: ['totp', 'passkey'],
  breachedPasswords: undefined,
  mail: { by: 'folder', folder: '.padlock/mail', from: 'Padlock <padlock@localhost>' },
  idle: 30 * 60_000,
  session: 12 * 3_600_000,
};

const WHOLE = `store: sqlite:/var/lib/padlock/padlock.db
keys: secrets/keys.json
signing: secrets/signing.pem
policies: [policies, /etc/padlock/more.yaml]
reports: out
actor:
  subject: ci
  user: ada@northwind.example
rights:
  policy: [Administrator]
accounts:
  northwind:
    enforcer: none
    externalId: "4711"
    customRoles:
      Night Shift: Editor
    myGlueAccounts:
      bakery: "101"
      clinic: "102"
`;

describe('what holds', () => {
  test('the heads stand beside the keys, wherever those are, or where they are said to stand', () => {
    const heads = (text: string | undefined, env: Record<string, string> = {}) => load(text, env, '/srv/padlock.yaml').heads;
    expect(heads(undefined)).toBe('/srv/.padlock/heads.jsonl');
    expect(heads('keys: /run/secrets/keys.json')).toBe('/run/secrets/heads.jsonl');
    expect(heads('keys: /run/secrets/keys.json\nheads: state/heads.jsonl')).toBe('/srv/state/heads.jsonl');
    expect(heads('heads: state/heads.jsonl', { PADLOCK_KEYS: '/run/keys.json' })).toBe('/srv/state/heads.jsonl');
    expect(heads(undefined, { PADLOCK_KEYS: '/run/keys.json' })).toBe('/run/heads.jsonl');
    expect(heads('heads: a', { PADLOCK_HEADS: '/var/heads.jsonl' })).toBe('/var/heads.jsonl');
  });

  test('without padlock.yaml and without variables: the defaults', () => {
    expect(load(undefined)).toEqual({
      store: { dialect: 'sqlite', path: '.padlock/padlock.db' },
      keys: '.padlock/keys.json',
      heads: '.padlock/heads.jsonl',
      signing: '.padlock/signing.pem',
      policies: ['policies'],
      reports: '.padlock/reports',
      actor: { subject: 'cli' },
      rights: { policy: ['Administrator', 'Manager'] },
      accounts: new Map(),
      portal: PORTAL,
    });
  });

  test.each([
    ['an empty file', ''],
    ['comments alone', '# nothing yet\n'],
    ['an empty mapping', '{}'],
    ['a marker alone', '---\n'],
  ])('with %s: the same', (_, text) => {
    expect(load(text)).toEqual(load(undefined));
  });

  test('with every key', () => {
    expect(load(WHOLE)).toEqual({
      store: { dialect: 'sqlite', path: '/var/lib/padlock/padlock.db' },
      keys: 'secrets/keys.json',
      heads: 'secrets/heads.jsonl',
      signing: 'secrets/signing.pem',
      policies: ['policies', '/etc/padlock/more.yaml'],
      reports: 'out',
      actor: { subject: 'ci', user: 'ada@northwind.example' },
      rights: { policy: ['Administrator'] },
      accounts: new Map([
        [
          'northwind',
          {
            enforcer: 'none',
            externalId: '4711',
            customRoles: new Map([['Night Shift', 'Editor']]),
            myGlueAccounts: new Map([
              ['bakery', '101'],
              ['clinic', '102'],
            ]),
          },
        ],
      ]),
      portal: PORTAL,
    });
  });

  test('bytes with a byte order mark and CRLF read the same', () => {
    expect(load(new TextEncoder().encode(`\ufeff${WHOLE.replaceAll('\n', '\r\n')}`))).toEqual(load(WHOLE));
  });

  test('one key of a mapping leaves the others at their defaults', () => {
    const { actor, accounts } = load('actor: { user: ada }\naccounts: { northwind: { externalId: "1" } }');
    expect(actor).toEqual({ subject: 'cli', user: 'ada' });
    expect(accounts.get('northwind')).toEqual({ enforcer: 'portal', externalId: '1', customRoles: new Map(), myGlueAccounts: new Map() });
  });

  test.each(['northwind', 'constructor', 'tostring'])('an account that is absent has the defaults: %s', (name) => {
    expect(accountOf(load(undefined), name)).toEqual({ enforcer: 'portal', customRoles: new Map(), myGlueAccounts: new Map() });
  });
});

describe('relative paths', () => {
  const text = 'store: sqlite:data/padlock.db\nkeys: ../keys.json\npolicies: [a, ./b]';

  test('in padlock.yaml count from its folder, as do the defaults', () => {
    const { store, keys, policies, reports } = load(text, {}, 'deploy/padlock.yaml');
    expect({ store, keys, policies, reports }).toEqual({
      store: { dialect: 'sqlite', path: 'deploy/data/padlock.db' },
      keys: 'keys.json',
      policies: ['deploy/a', 'deploy/b'],
      reports: 'deploy/.padlock/reports',
    });
  });

  test('in a variable count from the working directory', () => {
    const env = { PADLOCK_STORE: 'sqlite:x.db', PADLOCK_POLICIES: 'p, /q', PADLOCK_REPORTS: 'r' };
    const { store, keys, policies, reports } = load(text, env, '/srv/padlock.yaml');
    expect({ store, keys, policies, reports }).toEqual({
      store: { dialect: 'sqlite', path: 'x.db' },
      keys: '/keys.json',
      policies: ['p', '/q'],
      reports: 'r',
    });
  });
});

describe('the portal', () => {
  const text = `portal:
  url: https://mfa.northwind.example/
  listen: "[::]:8443"
  metrics: localhost:9464
  tls: { certificate: tls/cert.pem, key: /run/tls/key.pem }
  trustedProxies: [10.0.0.0/8, "2001:db8::/32", 192.0.2.7]
  factors: [passkey]
  breachedPasswords: pwned.txt
  mail: { server: "smtps://padlock@mail.northwind.example", from: Northwind IT <mfa@northwind.example>, passwordFile: secret }
  idle: 15m
  session: 8h
`;

  test('with every key', () => {
    expect(load(text, {}, '/srv/padlock.yaml').portal).toEqual({
      origin: 'https://mfa.northwind.example',
      listen: { host: '::', port: 8443 },
      metrics: { host: 'localhost', port: 9464 },
      tls: { certificate: '/srv/tls/cert.pem', key: '/run/tls/key.pem' },
      trustedProxies: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'],
      factors: ['passkey'],
      breachedPasswords: '/srv/pwned.txt',
      mail: {
        by: 'server',
        server: 'smtps://padlock@mail.northwind.example',
        from: 'Northwind IT <mfa@northwind.example>',
        passwordFile: '/srv/secret',
      },
      idle: 900_000,
      session: 28_800_000,
    });
  });

  test('by the environment, key by key; its paths count from the working directory', () => {
    const env = {
      PADLOCK_PORTAL_URL: 'https://LOGIN.northwind.example:443',
      PADLOCK_PORTAL_LISTEN: '0.0.0.0:80',
      PADLOCK_PORTAL_TLS_KEY: 'key.pem',
      PADLOCK_PORTAL_TRUSTED_PROXIES: '192.0.2.1, 192.0.2.2',
      PADLOCK_PORTAL_FACTORS: 'totp,passkey',
      PADLOCK_PORTAL_BREACHED_PASSWORDS: 'pwned.txt',
      PADLOCK_PORTAL_MAIL_PASSWORD_FILE: 'secret',
      PADLOCK_PORTAL_IDLE: '10m',
    };
    expect(load(text, env, '/srv/padlock.yaml').portal).toMatchObject({
      origin: 'https://login.northwind.example',
      listen: { host: '0.0.0.0', port: 80 },
      tls: { certificate: '/srv/tls/cert.pem', key: 'key.pem' },
      trustedProxies: ['192.0.2.1', '192.0.2.2'],
      factors: ['totp', 'passkey'],
      breachedPasswords: 'pwned.txt',
      mail: { by: 'server', server: 'smtps://padlock@mail.northwind.example', passwordFile: 'secret' },
      idle: 600_000,
      session: 28_800_000,
    });
  });

  test('a variable for one way of mails takes the place of the other', () => {
    expect(
      load('portal: { mail: { folder: mails } }', {
        PADLOCK_PORTAL_MAIL_SERVER: 'smtp://localhost:25',
        PADLOCK_PORTAL_MAIL_FROM: 'a@b.example',
      }).portal.mail,
    ).toEqual({ by: 'server', server: 'smtp://localhost:25', from: 'a@b.example', passwordFile: undefined });
    const folder = load('portal: { mail: { server: "smtp://localhost", from: a@b.example } }', { PADLOCK_PORTAL_MAIL_FOLDER: 'out' });
    expect(folder.portal.mail).toEqual({ by: 'folder', folder: 'out', from: 'a@b.example' });
  });

  test('what does not fit together, wherever each part stands, is told at the place of one of them', () => {
    const faults = (file: string, env: Record<string, string>) =>
      faultsOf(file, env).map((f) => `${f.file}:${f.line}:${f.column} ${f.fix}`);
    expect(faults('portal:\n  url: http://localhost', { PADLOCK_PORTAL_TLS_KEY: 'k', PADLOCK_PORTAL_TLS_CERTIFICATE: 'c' })).toEqual([
      'padlock.yaml:2:3 write https://',
    ]);
    expect(faults('', { PADLOCK_PORTAL_TLS_KEY: 'k' })).toEqual(['PADLOCK_PORTAL_TLS_KEY:0:0 set tls.certificate too']);
    expect(faults('portal: { idle: 8h }', { PADLOCK_PORTAL_SESSION: '1h' })).toEqual([
      'padlock.yaml:1:11 shorten idle, or lengthen session',
    ]);
    expect(faults('', { PADLOCK_PORTAL_LISTEN: '192.0.2.1:80' })).toEqual(['PADLOCK_PORTAL_LISTEN:0:0 set portal.url']);
  });

  test('a password in a URL is quoted nowhere', () => {
    const faults = [
      ...faultsOf('portal: { url: "https://a:hunter2@b.example" }'),
      ...faultsOf('portal: { mail: { server: "smtps://a:hunter2@b.example/x", from: a@b.example } }'),
      ...faultsOf(undefined, { PADLOCK_PORTAL_MAIL_SERVER: 'smtps://a:hunter2@b.example/x' }),
      ...faultsOf('portal: { mail: { server: "smtps://a:hunter2@b.example", from: a@b.example, passwordFile: p } }'),
    ];
    expect(faults.length).toBeGreaterThan(3);
    expect(JSON.stringify(faults)).not.toContain('hunter2');
  });
});

describe('how an account is read from IT Glue', () => {
  const itglue = (inner: string, env: Record<string, string> = {}) =>
    accountOf(load(`accounts: { northwind: { directory: { itglue: ${inner} } } }`, env, '/srv/padlock.yaml'), 'northwind').itglue;

  test.each([
    ['{ apiKeyEnv: ITGLUE_API_KEY }', { address: { region: 'us' }, key: { variable: 'ITGLUE_API_KEY' } }],
    ['{ region: eu, apiKeyFile: secrets/key }', { address: { region: 'eu' }, key: { file: '/srv/secrets/key' } }],
    ['{ region: au, apiKeyFile: /run/key }', { address: { region: 'au' }, key: { file: '/run/key' } }],
    ['{ baseUrl: "https://gw.example:8443", apiKeyEnv: K }', { address: { baseUrl: 'https://gw.example:8443' }, key: { variable: 'K' } }],
    ['{ baseUrl: "http://127.0.0.1:1", apiKeyEnv: K }', { address: { baseUrl: 'http://127.0.0.1:1' }, key: { variable: 'K' } }],
    ['{ baseUrl: "http://[::1]:1", apiKeyEnv: K }', { address: { baseUrl: 'http://[::1]:1' }, key: { variable: 'K' } }],
  ])('%s', (inner, expected) => {
    expect(itglue(inner)).toEqual(expected);
  });

  test('by the environment, with paths from the working directory', () => {
    const env = { PADLOCK_ACCOUNTS: '{"northwind":{"directory":{"itglue":{"apiKeyFile":"key"}}}}' };
    expect(itglue('{ apiKeyEnv: K }', env)).toEqual({ address: { region: 'us' }, key: { file: 'key' } });
  });

  test('nothing said, nothing read', () => {
    expect(load('accounts: { northwind: { directory: {} } }').accounts.get('northwind')).not.toHaveProperty('itglue');
  });

  test('a key that stands in the file or a variable is refused, and quoted nowhere', () => {
    const key = 'ITG.0123456789abcdef0123456789abcdef.hunter2';
    const wrong = ['apiKey', 'key', 'x-api-key', 'token', 'apiKeyFile', 'apiKeyEnv', 'baseUrl', 'region'];
    for (const name of wrong) {
      const faults = [
        ...faultsOf(`accounts: { northwind: { directory: { itglue: { ${name}: ${key} } } } }`),
        ...faultsOf(undefined, { PADLOCK_ACCOUNTS: JSON.stringify({ northwind: { directory: { itglue: { [name]: key } } } }) }),
      ];
      expect(faults.length, name).toBeGreaterThanOrEqual(2);
      expect(JSON.stringify(faults), name).not.toContain('hunter2');
    }
    expect(faultsOf(`accounts: { northwind: { directory: { itglue: { apiKey: ${key} } } } }`)[0]).toMatchObject({
      line: 1,
      column: 49,
      message: 'a secret does not stand in this file',
      fix: expect.stringContaining('apiKeyFile'),
    });
  });
});

describe('the environment', () => {
  test('goes before padlock.yaml, key by key', () => {
    const env = {
      PADLOCK_STORE: 'sqlite:other.db',
      PADLOCK_KEYS: 'other.json',
      PADLOCK_SIGNING: 'other.pem',
      PADLOCK_POLICIES: 'x,y',
      PADLOCK_REPORTS: 'z',
      PADLOCK_ACTOR_SUBJECT: 'robot',
      PADLOCK_ACTOR_USER: 'ben',
      PADLOCK_RIGHTS_POLICY: 'Administrator, Manager',
      PADLOCK_ACCOUNTS: '{"contoso":{"enforcer":"none"}}',
    };
    expect(load(WHOLE, env)).toEqual({
      store: { dialect: 'sqlite', path: 'other.db' },
      keys: 'other.json',
      heads: 'heads.jsonl',
      signing: 'other.pem',
      policies: ['x', 'y'],
      reports: 'z',
      actor: { subject: 'robot', user: 'ben' },
      rights: { policy: ['Administrator', 'Manager'] },
      accounts: new Map([['contoso', { enforcer: 'none', customRoles: new Map(), myGlueAccounts: new Map() }]]),
      portal: PORTAL,
    });
  });

  test('of `actor` each part counts alone', () => {
    expect(load(WHOLE, { PADLOCK_ACTOR_SUBJECT: 'robot' }).actor).toEqual({ subject: 'robot', user: 'ada@northwind.example' });
    expect(load(WHOLE, { PADLOCK_ACTOR_USER: 'ben' }).actor).toEqual({ subject: 'ci', user: 'ben' });
  });

  test('other variables are not ours, and neither is what Kubernetes sets for a Service called padlock', () => {
    const env = {
      HOME: '/root',
      XPADLOCK_STORE: 'x',
      PADLOCK_SERVICE_HOST: '10.0.0.1',
      PADLOCK_SERVICE_PORT_HTTPS: '443',
      PADLOCK_PORT: 'tcp://10.0.0.1:443',
      PADLOCK_PORT_443_TCP_ADDR: '10.0.0.1',
      PADLOCK_PORTAL_SERVICE_HOST: '10.0.0.2',
    };
    expect(load(undefined, env)).toEqual(load(undefined));
  });

  test.each([
    ['PADLOCK_STOR', 'x', 'there is no such variable', 'did you mean PADLOCK_STORE?'],
    ['PADLOCK_POLICES', 'x', 'there is no such variable', 'did you mean PADLOCK_POLICIES?'],
    ['PADLOCK_', 'x', 'there is no such variable', /^unset it; there are PADLOCK_STORE, .*PADLOCK_PORTAL_SESSION$/],
    [
      'PADLOCK_STORE',
      '',
      'the store is neither sqlite:PATH nor postgres://USER@HOST/DATABASE',
      'write the path of a file, as in sqlite:.padlock/padlock.db, or the URL of a server',
    ],
    ['PADLOCK_REPORTS', '', 'this is empty', /^write a value/],
    ['PADLOCK_POLICIES', 'a,,b', '1: this is empty', /^write a value/],
    ['PADLOCK_RIGHTS_POLICY', 'Manager', 'Administrators always may change policy', 'add Administrator to the list'],
    ['PADLOCK_RIGHTS_POLICY', 'Administrator,Manger', '1: "Manger" is not allowed here', 'write Manager or Administrator'],
    ['PADLOCK_ACCOUNTS', '{northwind: {}}', 'this is not JSON', /one JSON object$/],
    ['PADLOCK_ACCOUNTS', '[]', 'this is a list, not a mapping', 'write a mapping'],
    [
      'PADLOCK_ACCOUNTS',
      '{"northwind":{"enforcer":"keycloack"}}',
      'northwind.enforcer: "keycloack" is not allowed here',
      'write portal or none',
    ],
    ['PADLOCK_ACCOUNTS', '{"northwind":{"__proto__":{}}}', 'northwind.__proto__: there is no key "__proto__" here', /^remove it/],
  ])('%s=%s', (name, value, message, fix) => {
    const faults = faultsOf(undefined, { [name]: value });
    expect(faults).toEqual([
      { code: 'config/invalid', file: name, line: 0, column: 0, message, fix: fix instanceof RegExp ? expect.stringMatching(fix) : fix },
    ]);
  });
});

test('every fault at once, of the file and of the environment', () => {
  const faults = faultsOf('stroe: sqlite:x\nactor: { user: 3 }\naccounts:\n  North Wind: {}\n', {
    PADLOCK_STOREE: 'x',
    PADLOCK_REPORTS: '',
  });
  expect(faults.map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual([
    'PADLOCK_REPORTS:0:0',
    'PADLOCK_STOREE:0:0',
    'padlock.yaml:1:1',
    'padlock.yaml:2:16',
    'padlock.yaml:4:3',
  ]);
});

test('the error counts the faults', () => {
  expect(() => load('a: 1')).toThrow('the configuration has 1 fault');
  expect(() => load('a: 1\nb: 2')).toThrow('the configuration has 2 faults');
});

test('whatever the text, it is a configuration or faults with a place in it', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom(
      'store: sqlite:x',
      'policies:',
      '  - a',
      'accounts:',
      '  northwind:',
      '    enforcer: none',
      'actor: {',
      '}',
      '<<: *a',
      '&a x: y',
      '---',
      '\t',
    ),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const text = lines.join('\n');
      const count = text.split('\n').length;
      for (const fault of faultsOf(text)) {
        expect(fault.line).toBeGreaterThanOrEqual(1);
        expect(fault.line).toBeLessThanOrEqual(count);
        expect(fault.fix).not.toBe('');
      }
    }),
    { numRuns: 500 },
  );
});
