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
    expect({ store: store.path, keys, policies, reports }).toEqual({
      store: 'deploy/data/padlock.db',
      keys: 'keys.json',
      policies: ['deploy/a', 'deploy/b'],
      reports: 'deploy/.padlock/reports',
    });
  });

  test('in a variable count from the working directory', () => {
    const env = { PADLOCK_STORE: 'sqlite:x.db', PADLOCK_POLICIES: 'p, /q', PADLOCK_REPORTS: 'r' };
    const { store, keys, policies, reports } = load(text, env, '/srv/padlock.yaml');
    expect({ store: store.path, keys, policies, reports }).toEqual({
      store: 'x.db',
      keys: '/keys.json',
      policies: ['p', '/q'],
      reports: 'r',
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
    ['PADLOCK_', 'x', 'there is no such variable', /^unset it; there are PADLOCK_STORE, .*PADLOCK_ACCOUNTS$/],
    ['PADLOCK_STORE', '', 'the store is not of the form sqlite:PATH', 'write the path of a file, as in sqlite:.padlock/padlock.db'],
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

test('a store that is an address with a password is not quoted', () => {
  const faults = [
    ...faultsOf('store: postgres://padlock:hunter2@db/padlock'),
    ...faultsOf(undefined, { PADLOCK_STORE: 'postgres://padlock:hunter2@db/x' }),
  ];
  expect(faults).toHaveLength(2);
  expect(JSON.stringify(faults)).not.toContain('hunter2');
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
