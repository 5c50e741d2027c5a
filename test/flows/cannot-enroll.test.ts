import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planFlow } from '../../src/flows/reconcile/plan.ts';
import { documentsOf, edited, examplePolicies, Northwind, type Policies, shown } from './northwind.ts';

// `cannot-enroll`: nobody may be left for whom no kind can be enrolled that all their scopes allow.

let northwind: Northwind;
let policies: Policies;
const CLINIC = 'policies/myglue/clinic.yaml';
const GARAGE = 'policies/myglue/garage.yaml';

/** Makes somebody of one scope a member of another too. */
function join(address: string, scope: string, kinds = 0): void {
  const { raw } = northwind.opened;
  const id = raw.prepare('select id from users where address_key = ?').pluck().get(address);
  raw
    .prepare(`insert into memberships (scope_id, user_id, role, joined_at, active, kinds)
    select s.id, ?, 2, 0, 1, ? from scopes as s where s.key = ?`)
    .run(id, kinds, scope);
  raw.prepare('update memberships set kinds = ?, active = 1 where user_id = ?').run(kinds, id);
  raw.prepare('update users set kinds = ?, enabled = 1 where id = ?').run(kinds, id);
}

const told = async (declared: Policies, enforcer?: 'portal') => {
  const plan =
    enforcer === undefined
      ? await northwind.plan(declared)
      : await planFlow(northwind.world(), { documents: documentsOf(declared), channel: 'file', names: 5 });
  return plan.scopes.flatMap((s) =>
    s.verdicts.filter((v) => v.guard === 'cannot-enroll').map((v) => [s.scope, v.outcome, (v.data as { people: number }).people]),
  );
};
const only = (text: Policies, file: string, kind: string) =>
  edited(text, file, '  requireMfa: true\n', `  requireMfa: true\n  factors: [${kind}]\n`);

beforeEach(async () => {
  northwind = await Northwind.open();
  policies = edited(examplePolicies(), GARAGE, '  mode: ReportOnly\n', '  gracePeriod: 14d\n');
  await northwind.apply(policies);
});
afterEach(() => northwind.close());

describe('somebody in two scopes, with nothing enrolled', () => {
  beforeEach(() => join('gus@clinic.example', 'northwind/garage'));

  it('that come to allow no kind in common: refused, and named', async () => {
    const apart = only(only(policies, CLINIC, 'totp'), GARAGE, 'passkey');
    expect(await told(apart)).toEqual([
      ['northwind/clinic', 'refused', 1],
      ['northwind/garage', 'refused', 1],
    ]);
    const text = shown(await northwind.plan(apart));
    await expect(text).toMatchFileSnapshot('../golden/experience/cannot-enroll.txt');
    expect(await northwind.apply(apart)).toMatchObject({ applied: 0, held: 2 });
  });

  it('one of which is narrow already: the change of the other is refused', async () => {
    const narrow = only(policies, CLINIC, 'totp');
    expect(await told(narrow)).toEqual([]);
    await northwind.apply(narrow);
    expect(await told(only(narrow, GARAGE, 'passkey'))).toEqual([['northwind/garage', 'refused', 1]]);
    expect(await told(only(narrow, GARAGE, 'totp'))).toEqual([]);
  });

  it('a limit lets it pass, and only a first policy can bring its own', async () => {
    const apart = only(only(policies, CLINIC, 'totp'), GARAGE, 'passkey');
    const loose = edited(apart, GARAGE, '  requireMfa: true\n', '  requireMfa: true\n  guards: {cannotEnroll: 1}\n');
    expect(await told(loose)).toContainEqual(['northwind/garage', 'refused', 1]);
  });

  it('an enrollment token is no obstacle', async () => {
    const token = edited(policies, CLINIC, '  requireMfa: true\n', '  requireMfa: true\n  enrollment: Token\n');
    expect(await told(token)).toEqual([]);
  });

  it('who is exempt, disabled, or not asked there is not left with nothing', async () => {
    const apart = only(only(policies, CLINIC, 'totp'), GARAGE, 'passkey');
    const exempt = {
      ...apart,
      'x.yaml':
        'apiVersion: padlock.dev/v1alpha1\nkind: MfaExemption\nmetadata: {name: gus}\nspec: {account: northwind, users: [gus@clinic.example], reason: r, expiresAt: 2027-01-01}\n',
    };
    expect(await told(exempt)).toEqual([]);
    expect(await told(edited(apart, GARAGE, '  requireMfa: true\n', '  requireMfa: true\n  roles: [Lite]\n'))).toEqual([]);
    expect(await told(edited(apart, GARAGE, '  requireMfa: true\n', '  requireMfa: true\n  mode: ReportOnly\n'))).toEqual([]);
    northwind.opened.raw.exec(
      "update memberships set active = 0 where user_id = (select id from users where address_key = 'gus@clinic.example')",
    );
    expect(await told(apart)).toEqual([]);
  });

  it('whom nothing new is asked of is not counted again', async () => {
    const apart = only(only(policies, CLINIC, 'totp'), GARAGE, 'passkey');
    northwind.opened.raw.exec(
      "update memberships set active = 0 where user_id = (select id from users where address_key = 'gus@clinic.example')",
    );
    await northwind.apply(apart);
    northwind.opened.raw.exec(
      "update memberships set active = 1 where user_id = (select id from users where address_key = 'gus@clinic.example')",
    );
    expect(await told(edited(apart, GARAGE, '14d', '13d'))).toEqual([]);
  });

  it('an enforcer that makes nobody enroll strands nobody', async () => {
    northwind.opened.raw.exec("update accounts set enforcer = 'none'");
    expect(await told(only(only(policies, CLINIC, 'totp'), GARAGE, 'passkey'))).toEqual([]);
  });
});

it('who has an allowed kind in one scope is bound by it in the other', async () => {
  join('gus@clinic.example', 'northwind/garage', 1);
  const narrow = only(policies, GARAGE, 'passkey');
  // TOTP satisfies the clinic, which allows a passkey too: one kind for both can still be enrolled.
  expect(await told(narrow)).toEqual([]);
  expect(await told(only(narrow, CLINIC, 'totp'))).toEqual([['northwind/garage', 'refused', 1]]);
});
