import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { overridesOf } from '../../src/core/plan/renderers/overrides.ts';
import { planFlow } from '../../src/flows/reconcile/plan.ts';
import { DAY, documentsOf, edited, examplePolicies, Northwind, type Policies } from './northwind.ts';

// What a guard holds is not in force: everything else is judged without it.

const ACCOUNT = 'policies/account.yaml';
const BAKERY = 'policies/myglue/bakery.yaml';
const CLINIC = 'policies/myglue/clinic.yaml';

let northwind: Northwind;
let policies: Policies;
beforeEach(async () => {
  northwind = await Northwind.open();
  policies = examplePolicies();
});
afterEach(() => northwind.close());

const exemption = (name: string, users: readonly string[]) => ({
  [`policies/${name}.yaml`]: `apiVersion: padlock.dev/v1alpha1
kind: MfaExemption
metadata: {name: ${name}}
spec: {account: northwind, users: [${users.join(', ')}], reason: field work, expiresAt: 2028-01-01}
`,
});
const membersOf = (scope: string) =>
  northwind.opened.raw
    .prepare(
      `select u.address from users u join memberships m on m.user_id = u.id join scopes s on s.id = m.scope_id
       where s.key = ? and m.active = 1 order by 1`,
    )
    .pluck()
    .all(scope) as string[];
const verdictsOf = async (declared: Policies) => {
  const { plan, held } = await northwind.apply(declared);
  const told = [...plan.scopes.flatMap((s) => s.verdicts), ...plan.verdicts].filter((v) => v.outcome !== 'passed');
  return {
    held: plan.scopes.filter((s) => s.held).map((s) => s.scope),
    told: told.map((v) => `${v.scope} ${v.guard} ${v.outcome}`),
    count: held,
  };
};
const termsOf = (scope: string) =>
  northwind.opened.raw.prepare('select t.require_mfa from terms t join scopes s on s.id = t.scope_id where s.key = ?').pluck().get(scope);
/** Reads that a plan asks of the store, by name. */
async function asked(declared: Policies): Promise<string[]> {
  const names: string[] = [];
  const world = northwind.world();
  const watched = {
    ...world,
    store: {
      ...world.store,
      read: <T>(work: (reader: never) => Promise<T>) =>
        world.store.read((reader) =>
          work(
            new Proxy(reader, {
              get: (target, name) => {
                const value = Reflect.get(target, name);
                if (typeof value === 'function') names.push(String(name));
                return typeof value === 'function' ? value.bind(target) : value;
              },
            }) as never,
          ),
        ),
    },
  };
  await planFlow(watched as typeof world, { documents: documentsOf(declared), channel: 'file', names: 5 });
  return names;
}

describe('an exemption that is held covers nobody', () => {
  const bakeryOn = () => edited(policies, BAKERY, 'requireMfa: false', 'requireMfa: true');
  const everybody = () => membersOf('northwind').filter((address) => !address.startsWith('admin.dana'));

  beforeEach(async () => {
    await northwind.apply(policies);
    // Long past every deadline, and nobody of the account has a factor: the end of this exemption is held.
    northwind.now += 300 * DAY;
    northwind.opened.raw.exec('update users set kinds = 0; update memberships set kinds = 0');
    await northwind.apply({ ...policies, ...exemption('all', everybody()) });
  });

  test('a scope that needs its cover is held too', async () => {
    const covered = { ...bakeryOn(), ...exemption('bakers', membersOf('northwind/bakery')) };
    const { held, told } = await verdictsOf(covered);
    expect(told).toEqual(['northwind/bakery overdue-at-once refused', 'northwind overdue-at-once refused']);
    expect(held).toEqual(['northwind/bakery']);
    expect(termsOf('northwind/bakery')).toBe(0);
  });

  test('with the exemption kept, both go on', async () => {
    const covered = { ...bakeryOn(), ...exemption('bakers', membersOf('northwind/bakery')), ...exemption('all', everybody()) };
    expect(await verdictsOf(covered)).toMatchObject({ held: [], told: [] });
    expect(termsOf('northwind/bakery')).toBe(1);
  });

  test('what is overridden covers: everything goes on at once', async () => {
    const covered = { ...bakeryOn(), ...exemption('bakers', membersOf('northwind/bakery')) };
    const alone = await northwind.plan({ ...policies, ...exemption('bakers', membersOf('northwind/bakery')) });
    const lifting = overridesOf(alone);
    expect(lifting).toHaveLength(1);
    expect(await verdictsOf({ ...covered, 'o.yaml': lifting.join('---\n') })).toEqual({
      held: [],
      told: ['northwind overdue-at-once overridden'],
      count: 0,
    });
  });

  test('a repair in the same apply lets no exemption end unjudged', async () => {
    northwind.opened.raw.exec("update terms set grace = grace + 1000 where scope_id = (select id from scopes where key = 'northwind')");
    const { plan } = await northwind.apply(policies);
    expect(plan.scopes.map((s) => [s.scope, s.action, s.held])).toEqual([['northwind', 'repair', false]]);
    expect([...plan.exemptionsHeld]).toEqual(['northwind']);
    expect(plan.verdicts).toContainEqual(expect.objectContaining({ guard: 'overdue-at-once', scope: 'northwind', outcome: 'refused' }));
  });

  test('a loosening that is held frees nobody from the end of an exemption', async () => {
    const loose = edited(policies, ACCOUNT, '  requireMfa: true\n  # Counted', '  requireMfa: true\n  mode: ReportOnly\n  # Counted');
    const { told, count } = await verdictsOf(loose);
    expect(told).toEqual(['northwind weakened refused', 'northwind overdue-at-once refused']);
    expect(count).toBe(2);
    expect(northwind.opened.raw.prepare("select count(*) from exemption_users where document = 'all'").pluck().get()).toBe(
      everybody().length,
    );
  });
});

describe('a scope that is held asks what it asked', () => {
  const only = (text: Policies, file: string, kinds: string) =>
    edited(text, file, '  requireMfa: true\n', `  requireMfa: true\n  factors: [${kinds}]\n`);
  const ada = 'ada@northwind.example';
  const account = (kinds: string) =>
    edited(
      edited(policies, ACCOUNT, 'factors: [totp, passkey]', `factors: [${kinds}]`),
      ACCOUNT,
      'factorsByRole:\n    Administrator: [passkey]\n',
      'existingSessions: Keep\n',
    );

  beforeEach(async () => {
    const { raw } = northwind.opened;
    raw.exec(`insert into memberships (scope_id, user_id, role, joined_at, active, kinds)
      select s.id, u.id, 2, 0, 1, 0 from scopes s, users u where s.key = 'northwind/clinic' and u.address = '${ada}'`);
    raw.exec(`update users set kinds = 0 where address = '${ada}';
      update memberships set kinds = 0 where user_id = (select id from users where address = '${ada}')`);
    await northwind.apply(only({ ...policies, ...account('totp, passkey') }, CLINIC, 'totp'));
  });

  test('what it leaves no kind for is stranded by the other, which is held too', async () => {
    const alone = only(account('passkey'), CLINIC, 'totp');
    const loosened = account('passkey');
    expect((await verdictsOf(alone)).told).toEqual(['northwind cannot-enroll refused']);
    expect(await verdictsOf(loosened)).toMatchObject({
      held: ['northwind', 'northwind/clinic'],
      told: ['northwind cannot-enroll refused', 'northwind/clinic weakened refused'],
    });
  });

  test('once it is let go, the other goes on', async () => {
    const loosened = account('passkey');
    const [, weakened, ...more] = overridesOf(await northwind.plan(loosened));
    expect(more).toEqual([]);
    expect((await verdictsOf({ ...loosened, 'o.yaml': weakened ?? '' })).held).toEqual([]);
  });

  test('what is told of it is what it would do', async () => {
    const { scopes } = await northwind.plan(account('passkey'));
    expect(scopes.find((s) => s.scope === 'northwind/clinic')?.edits).toMatchObject([{ field: 'factors' }]);
    expect(scopes.find((s) => s.scope === 'northwind/clinic')?.impact.members).toBeGreaterThan(0);
  });
});

describe('administrators are counted by what is in force', () => {
  test('where the account is held', async () => {
    // Only a passkey admits administrators, who have none, and a token is wanted for the first: nobody is left already.
    const token = edited(policies, ACCOUNT, 'gracePeriod: 30d\n  factors', 'gracePeriod: 30d\n  enrollment: Token\n  factors');
    northwind.opened.raw.exec('update users set kinds = 0; update memberships set kinds = 0');
    const first = await northwind.plan(token);
    await northwind.apply({ ...token, 'o.yaml': overridesOf(first).join('---\n') });
    // The loosening would let them in; it is held as a weakening, and so is the MyGlue account that leans on it.
    const loose = edited(edited(token, ACCOUNT, '  enrollment: Token\n', ''), CLINIC, '14d', '13d');
    const { held, told } = await verdictsOf(loose);
    expect(told).toEqual(['northwind weakened refused', 'northwind administrators refused']);
    expect(held).toContain('northwind/clinic');
  });
});

describe('a plan asks the store', () => {
  const counting = ['impact', 'impactNames', 'stranded', 'administrators'];
  const twice = (names: readonly string[]) => counting.filter((name) => names.filter((n) => n === name).length > 1);

  beforeEach(() => northwind.apply(policies));

  test('once where nothing is held, and where nothing is left that could go on', async () => {
    expect(twice(await asked(edited(policies, ACCOUNT, '30d', '29d')))).toEqual([]);
    const weaker = edited(policies, ACCOUNT, 'gracePeriod: 30d\n  factors', 'gracePeriod: 60d\n  factors');
    expect(twice(await asked(weaker))).toEqual([]);
  });

  test('once more where something is held beside what goes on', async () => {
    const weaker = edited(policies, ACCOUNT, 'gracePeriod: 30d\n  factors', 'gracePeriod: 60d\n  factors');
    const names = await asked(edited(weaker, CLINIC, '14d', '13d'));
    expect(names.filter((name) => name === 'impact')).toHaveLength(2);
  });
});
