import { describe, expect, it } from 'vitest';
import { readPeopleCsv } from '../../../../src/adapters/directory/file/csv-people.ts';
import { bytes, MAPPING } from './files.ts';

const read = (text: string) => readPeopleCsv('people.csv', bytes(text), MAPPING);
/** The first row of a file with one column besides id and role. */
const rowWith = (column: string, cell: string) => read(`id,role,${column}\n1,Editor,"${cell}"\n`).rows?.[0];

describe('a CSV of people', () => {
  it('gives what it says', () => {
    const { rows, wholeScopes, faults, origin } = read(
      'id,email,name,my_glue_account,role,active,type,local_password,sso,factors,last_sign_in,origin\n' +
        '7,Ada@northwind.example,Ada Moreau,,administrator,yes,person,false,true,totp passkey,2026-11-25T08:00:00+01:00,itglue\n' +
        '8,,,bakery,Lite,no,service,true,no,none,,itglue\n',
    );
    expect(faults).toEqual([]);
    expect(origin).toBe('itglue');
    expect(wholeScopes).toEqual(['northwind', 'northwind/bakery']);
    expect(rows).toEqual([
      {
        externalId: '7',
        scope: 'northwind',
        role: 'Administrator',
        address: 'Ada@northwind.example',
        name: 'Ada Moreau',
        enabled: true,
        service: false,
        localPassword: false,
        sso: true,
        kinds: 3,
        lastSignIn: Date.parse('2026-11-25T07:00:00Z'),
        place: 'people.csv:2',
      },
      {
        externalId: '8',
        scope: 'northwind/bakery',
        role: 'Lite',
        address: null,
        name: null,
        enabled: false,
        service: true,
        localPassword: true,
        sso: false,
        kinds: 0,
        lastSignIn: null,
        place: 'people.csv:3',
      },
    ]);
  });

  it('says nothing of absent columns', () => {
    const { rows, wholeScopes, origin } = read('role,id\nLite,1\n');
    expect(rows).toEqual([{ externalId: '1', scope: 'northwind', role: 'Lite', place: 'people.csv:2' }]);
    expect(wholeScopes).toEqual(['northwind']);
    expect(origin).toBeUndefined();
  });

  it.each([
    ['first_name,last_name', 'Ada,Moreau', 'Ada Moreau'],
    ['first_name,last_name', ',Moreau', 'Moreau'],
    ['first_name,last_name', ',', null],
    ['name,first_name,last_name', 'A. M.,Ada,Moreau', 'A. M.'],
    ['name,first_name,last_name', ',Ada,Moreau', 'Ada Moreau'],
    ['name', '', null],
    ['name', '"Ada\u001b[31m \tMoreau"', 'Ada [31m Moreau'],
  ])('%s %s is the name %s', (columns, cells, name) => {
    expect(read(`id,role,${columns}\n1,Lite,${cells}\n`).rows?.[0]?.name).toBe(name);
  });

  it.each([
    ['factors', '', { kinds: null }],
    ['factors', 'none', { kinds: 0 }],
    ['factors', 'Passkey', { kinds: 2 }],
    ['factors', 'passkey, totp', { kinds: 3 }],
    ['active', 'TRUE', { enabled: true }],
    ['active', 'No', { enabled: false }],
    ['last_sign_in', '2026-11-25', { lastSignIn: Date.parse('2026-11-25T00:00:00Z') }],
    ['last_sign_in', '2024-02-29T10:00:00.500Z', { lastSignIn: Date.parse('2024-02-29T10:00:00.500Z') }],
    ['email', ' ada@x.example ', { address: 'ada@x.example' }],
    ['email', "'+ada@x.example", { address: '+ada@x.example' }],
  ])('%s %j', (column, cell, said) => {
    expect(rowWith(column, cell)).toMatchObject(said);
  });

  it.each([
    ['factors', 'sms'],
    ['factors', 'none totp'],
    ['active', ''],
    ['active', '1'],
    ['sso', 'maybe'],
    ['local_password', 'on'],
    ['type', 'robot'],
    ['last_sign_in', 'yesterday'],
    ['last_sign_in', '2026-02-30'],
    ['last_sign_in', '2026-13-01T00:00:00Z'],
    ['last_sign_in', '2026-11-25T08:00:00'],
    ['email', 'ada'],
    ['email', 'ada lovelace@x.example'],
    ['email', 'ada\u0085@x.example'],
    ['email', '@x.example'],
    ['my_glue_account', 'Bakery Ltd'],
    ['origin', 'My Files'],
  ])('%s %j is a fault that says what to write', (column, cell) => {
    const { faults } = read(`id,role,${column}\n1,Lite,"${cell}"\n`);
    expect(faults).toMatchObject([{ code: 'directory/invalid-row', file: 'people.csv', line: 2 }]);
    expect(faults[0]?.message).toContain(column);
    expect(faults[0]?.fix).toMatch(/write/);
  });

  it.each([
    ['Administrator', 'Administrator'],
    ['read-only', 'ReadOnly'],
    ['Read only', 'ReadOnly'],
    ['READONLY', 'ReadOnly'],
    ['dispatcher', 'Editor'],
    [' Lite ', 'Lite'],
  ])('the role %j counts as %s', (name, role) => {
    expect(read(`id,role\n1,"${name}"\n`).rows?.[0]?.role).toBe(role);
  });

  it('an unmapped role is told once, with the key of the configuration', () => {
    const { faults, rows } = read('id,role\n1,Lite\n2,Auditor\n3,Auditor\n4,Auditor\n');
    expect(rows).toHaveLength(1);
    expect(faults).toMatchObject([{ code: 'directory/unmapped-role', line: 3, text: 'Auditor' }]);
    expect(faults[0]?.message).toContain('2 more times');
    expect(faults[0]?.fix).toContain('accounts.northwind.customRoles of padlock.yaml');
    expect(faults[0]?.fix).toContain('"Auditor"');
  });

  it('a missing role and a missing id are faults', () => {
    expect(read('id,role\n1,\n').faults).toMatchObject([{ code: 'directory/invalid-row', line: 2 }]);
    expect(read('id,role\n,Lite\n').faults[0]?.message).toContain('id is missing');
  });

  it('two origins in one file are a fault', () => {
    expect(read('id,role,origin\n1,Lite,csv\n2,Lite,itglue\n').faults).toMatchObject([{ line: 3, text: 'itglue' }]);
  });

  it('every fault of every row is told', () => {
    const { faults } = read('id,role,active,email\n1,Lite,x,y\n2,Auditor,true,a@b\n3,Lite,true\n');
    expect(faults.map(({ code, line }) => `${line} ${code}`).sort()).toEqual([
      '2 directory/invalid-row',
      '2 directory/invalid-row',
      '3 directory/unmapped-role',
      '4 directory/invalid-row',
    ]);
  });
});
