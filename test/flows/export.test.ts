import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readDocuments } from '../../src/core/documents/read.ts';
import { exportedOf } from '../../src/core/plan/exported.ts';
import { exportFlow } from '../../src/flows/reporting/export.ts';
import { rulesFor } from '../core/policy/rules.ts';
import { examplePolicies, Northwind, type Policies } from './northwind.ts';

let northwind: Northwind;
beforeAll(async () => {
  northwind = await Northwind.open();
});
afterAll(() => northwind.close());
beforeEach(reset);

/** Nothing is in force any more. */
function reset(): void {
  for (const table of ['documents', 'terms', 'trusts', 'obligations', 'exemption_users']) northwind.opened.raw.exec(`delete from ${table}`);
}

const exported = (account?: string) => exportFlow(northwind.world(), { channel: 'file', ...(account !== undefined && { account }) });
const asPolicies = async (account?: string): Promise<Policies> =>
  Object.fromEntries((await exported(account)).files.map((f) => [f.path, f.text]));

describe('the examples', () => {
  beforeEach(async () => {
    await northwind.apply(examplePolicies());
  });

  it('each document is a file of its own, where such documents stand', async () => {
    expect((await exported()).files.map((f) => [f.path, f.kind, f.name])).toEqual([
      ['northwind/account.yaml', 'MfaPolicy', 'northwind'],
      ['northwind/exemptions/field-work.yaml', 'MfaExemption', 'field-work'],
      ['northwind/myglue/bakery.yaml', 'MfaPolicy', 'bakery'],
      ['northwind/myglue/clinic.yaml', 'MfaPolicy', 'clinic'],
      ['northwind/myglue/garage.yaml', 'MfaPolicy', 'garage'],
      ['reports/weekly.yaml', 'ComplianceReport', 'weekly'],
    ]);
    await expect((await exported()).files.map((f) => `# ${f.path}\n${f.text}`).join('---\n')).toMatchFileSnapshot(
      '../golden/export/northwind.yaml',
    );
  });

  it('the next plan is empty, and applying it writes nothing but where documents stand', async () => {
    const policies = await asPolicies();
    const plan = await northwind.plan(policies);
    expect(plan.counts).toEqual({ changes: 0, held: 0, unchanged: 4 });
    expect(await northwind.apply(policies)).toMatchObject({ applied: 0, held: 0 });
    expect((await northwind.plan(policies)).documents).toEqual([]);
  });

  it('one account alone, with the reports that cover it; one that nobody knows is a wrong name', async () => {
    expect(Object.keys(await asPolicies('northwind'))).toHaveLength(6);
    await expect(exported('southwind')).rejects.toMatchObject({ code: 'policy/unknown-account' });
  });

  it.each([
    ['MfaExemption', { name: '../../../../pwned' }],
    ['MfaExemption', { name: 'Field Work' }],
    ['ComplianceReport', { name: '/pwned' }],
    ['ComplianceReport', { name: 'a\\b' }],
    ['MfaPolicy', { name: 'x\n' }],
    ['MfaPolicy', { scope: 'northwind/../../pwned' }],
    ['MfaPolicy', { scope: '../northwind' }],
    ['MfaPolicy', { account: '..' }],
  ] as const)('a name that no document may have was put there by a foreign hand, and nothing is exported: %s %j', async (kind, change) => {
    const { documents } = await northwind.opened.store.read((reader) => reader.applied());
    const planted = documents.findIndex((document) => document.kind === kind);
    const found = documents.map((document, index) => (index === planted ? { ...document, ...change } : document));
    expect(exportedOf(documents, 'file').files).toHaveLength(6);
    expect(() => exportedOf(found, 'file')).toThrow(expect.objectContaining({ code: 'store/corrupt' }));
  });

  it('what another channel declares is named and left to it', async () => {
    northwind.opened.raw.exec("update documents set channel = 'git' where name = 'clinic'");
    const { files, elsewhere } = await exported();
    expect(files.map((f) => f.name)).not.toContain('clinic');
    expect(elsewhere).toEqual([{ kind: 'MfaPolicy', name: 'clinic', channel: 'git' }]);
    expect((await northwind.plan(await asPolicies())).counts.changes).toBe(0);
  });
});

it('nothing in force: nothing to write', async () => {
  expect(await exported()).toEqual({ files: [], elsewhere: [] });
});

describe('whatever is in force', () => {
  beforeAll(() => {
    // One administrator with every kind, so that no guard has anybody to protect.
    const { raw } = northwind.opened;
    raw.exec("delete from memberships where user_id <> (select id from users where address_key = 'admin.dana@northwind.example')");
    raw.exec("update memberships set kinds = 3, active = 1; update users set kinds = 3 where address_key = 'admin.dana@northwind.example'");
  });

  const words = fc
    .oneof(
      fc.constantFrom(
        'yes',
        'no',
        'on',
        'off',
        'null',
        '~',
        '1',
        '0x1',
        '1e3',
        '12:30:45',
        '2026-01-01',
        '=',
        '<<',
        '- a',
        '# no',
        'a: b',
        "it's",
        '"quoted"',
        '  blanks  ',
        '@here',
        '*alias',
        '&anchor',
        '!tag',
        '%TAG',
        '---',
        '...',
        'a\nb',
        'a\tb',
        'ü\u202e',
      ),
      fc.string({ minLength: 1, maxLength: 60 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    )
    .filter((text) => readable(text));
  /** What a document may hold at all: the reader refuses the rest in the first place. */
  const readable = (text: string) => readDocuments([{ file: 'x.yaml', text: exemption('x', [text], text) }]).faults.length === 0;
  const document = (kind: string, name: string, spec: object) =>
    JSON.stringify({ apiVersion: 'padlock.dev/v1alpha1', kind, metadata: { name }, spec });
  const exemption = (name: string, users: readonly string[], reason: string) =>
    document('MfaExemption', name, {
      account: 'northwind',
      users,
      reason,
      ticket: reason,
      startsAt: '2026-12-01T00:00+02:00',
      expiresAt: '2027-01-01',
    });
  const names = fc.uniqueArray(fc.constantFrom('yes', 'no', 'on', 'null', 'northwind', 'n', 'y', '1', '007', '1e3', 'true', 'a-b'), {
    minLength: 4,
    maxLength: 4,
  });
  const withoutAdministrators = (rules: { guards?: object }) => ({
    ...rules,
    ...(rules.guards && { guards: { ...rules.guards, administrators: 1 } }),
  });

  it('the next plan of what was exported is empty: generated policies, exemptions and reports, in every spelling', async () => {
    await fc.assert(
      fc.asyncProperty(
        rulesFor(true),
        rulesFor(false),
        fc.option(rulesFor(false), { nil: undefined }),
        words,
        names,
        async (account, bakery, byDefault, text, [a = '', b = '', c = '', d = '']) => {
          reset();
          const policies = {
            'a.yaml': document('MfaPolicy', a, {
              account: 'northwind',
              ...withoutAdministrators(account),
              ...(byDefault && { myGlueDefault: byDefault }),
              breakGlass: [text],
            }),
            'b.yaml': document('MfaPolicy', b, { account: 'northwind', myGlueAccount: 'bakery', ...bakery }),
            'c.yaml': exemption(c, [text], text),
            'd.yaml': document('ComplianceReport', d, {
              accounts: ['northwind'],
              schedule: '0 7 * * MON',
              timeZone: 'Europe/Berlin',
              keep: 3,
            }),
          };
          const first = await northwind.apply(policies);
          expect(first.held).toBe(0);
          const again = await asPolicies();
          expect(Object.keys(again)).toHaveLength(4);
          const plan = await northwind.plan(again);
          expect(plan.counts).toMatchObject({ changes: 0, held: 0 });
          expect(plan.documents.filter((change) => change.action !== 'move')).toEqual([]);
          // Readers of YAML 1.1, kubectl's among them, take the very same.
          for (const one of Object.values(again)) expect(parse(one, { version: '1.1', merge: false })).toEqual(parse(one));
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
