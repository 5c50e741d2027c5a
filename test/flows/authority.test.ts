import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { overridesOf } from '../../src/core/plan/renderers/overrides.ts';
import { applyFlow } from '../../src/flows/reconcile/apply.ts';
import { importFlow } from '../../src/flows/reconcile/import.ts';
import { resetFlow } from '../../src/flows/reconcile/reset.ts';
import { statusFlow } from '../../src/flows/reporting/status.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { documentsOf, edited, examplePolicies, Northwind, type Policies, resetRequest } from './northwind.ts';
import { Reports } from './reports.ts';

const CARLA = 'carla@northwind.example';
const ELENA = 'elena@northwind.example';
const ILSE = 'ilse@northwind.example';
const GHOST = 'ghost@northwind.example';
const AMIR = 'amir@clinic.example';

let northwind: Northwind;
let policies: Policies;
beforeEach(async () => {
  northwind = await Northwind.open();
  policies = examplePolicies();
  await northwind.apply(policies);
});
afterEach(() => northwind.close());

const content = () => contentOf(northwind.opened.raw);
const audited = (act: string) =>
  northwind.opened.raw.prepare('select body from audit where act = ? order by seq').pluck().all(act) as string[];
/** Words of the audit log's entries of an act, which stand beside the chain. */
const words = (act: string) =>
  northwind.opened.raw
    .prepare(
      "select value from audit_words as w join audit as e using (account_id, seq) where act = ? and pointer like '/%' order by seq, pointer",
    )
    .pluck()
    .all(act) as string[];
const reset = (user: string, requestId: string, as?: string) =>
  resetFlow(northwind.world(as), { account: 'northwind', user, requestId, reason: 'lost phone' });

const requesting = (user: string, requestId: string, more = '') => resetRequest(policies, user, requestId, more);

/** Eleven requests beside the example's own, which was the first of the day. */
function tooMany(): Policies {
  const people = ['elena', 'felix', 'grace', 'hugo', 'jonas', 'kira', 'liam', 'mona', 'nils', 'olga', 'paul'];
  return Object.assign({}, policies, ...people.map((name, i) => requesting(`${name}@northwind.example`, `R-${i}`)));
}

describe('an override of a guard on a whole account', () => {
  test('of resets: lets all go on, and stands in the audit log with its reason', async () => {
    const asked = tooMany();
    const plan = await northwind.plan(asked);
    expect(plan.resets.filter((r) => r.outcome === 'Held')).toHaveLength(2);
    const outcome = await northwind.apply({ ...asked, 'o.yaml': overridesOf(plan).join('---\n') });
    expect(outcome.plan.resets.map((r) => r.outcome)).toEqual(Array(12).fill('Executed'));
    const [entry, ...more] = audited('guard.override');
    expect(more).toEqual([]);
    expect(JSON.parse(entry ?? '')).toMatchObject({ target: 'resets' });
    expect(words('guard.override').join()).toContain('reviewed in the');
  });

  test('takes the right to, where Administrators alone have it: a Manager who may reset may not override', async () => {
    const asked = tooMany();
    const overrides = { 'o.yaml': overridesOf(await northwind.plan(asked)).join('---\n') };
    const before = content();
    const strict = { ...northwind.world(CARLA), rights: { policy: ['Administrator'] as const } };
    const applying = applyFlow(strict, { documents: documentsOf({ ...asked, ...overrides }), channel: 'file', names: 1 });
    await expect(applying).rejects.toMatchObject({ code: 'rights/denied', message: expect.stringContaining('override-guard') });
    expect(content()).toBe(before);
  });

  test('of administrators: audited beside the change', async () => {
    northwind.opened.raw.exec(`update users set kinds = 1 where kinds > 1; update memberships set kinds = 1 where kinds > 1`);
    const token = edited(
      policies,
      'policies/account.yaml',
      'gracePeriod: 30d\n  factors',
      'gracePeriod: 30d\n  enrollment: Token\n  factors',
    );
    const plan = await northwind.plan(token);
    expect(plan.verdicts).toMatchObject([{ guard: 'administrators', outcome: 'refused' }]);
    expect(await northwind.apply(token)).toMatchObject({ applied: 0, held: 1, written: false });
    expect(await northwind.apply({ ...token, 'o.yaml': overridesOf(plan).join('---\n') })).toMatchObject({ applied: 1, held: 0 });
    expect(audited('guard.override').map((body) => JSON.parse(body).target)).toEqual(['administrators']);
  });

  test('of an import: audited with it', async () => {
    const rows = [
      { externalId: '100001', scope: 'northwind', role: 'Administrator', address: 'admin.dana@northwind.example', place: 'x:1' },
    ] as const;
    const read = { account: 'northwind', origin: 'demo', rows, wholeScopes: ['northwind'], faults: [] };
    const options = { read, enforcer: 'portal', adopt: new Set<string>() } as const;
    const { plan } = await importFlow(northwind.world(), { ...options, overrides: [] });
    expect(plan.verdicts.map((v) => v.outcome)).toContain('refused');
    const lifting = {
      name: 'lay-offs',
      scope: 'northwind',
      guard: 'directory',
      digest: plan.digest,
      reason: 'sold',
      expiresAt: northwind.now + 1,
    } as const;
    expect(await importFlow(northwind.world(), { ...options, overrides: [lifting] })).toMatchObject({ held: false, written: true });
    expect(words('directory.import').at(-1)).toContain('overridden by lay-offs: sold');
  });
});

describe('who is nobody in the account writes nothing', () => {
  test.each([GHOST, ELENA])('%s: not even where a document stands', async (user) => {
    const before = content();
    const moved = edited(policies, 'policies/myglue/clinic.yaml', '# Harbor', '#\n# Harbor');
    await expect(northwind.apply(moved, user)).rejects.toMatchObject({ code: 'rights/denied' });
    expect(content()).toBe(before);
  });

  test('nor a request that uses up an id, declared or by hand', async () => {
    const before = content();
    const asked = { ...policies, ...requesting('felix@northwind.example', 'T-1') };
    await expect(northwind.apply(asked, GHOST)).rejects.toMatchObject({ code: 'rights/denied' });
    await expect(reset('felix@northwind.example', 'T-1', GHOST)).rejects.toMatchObject({ code: 'rights/denied' });
    expect(content()).toBe(before);
    expect(await reset('felix@northwind.example', 'T-1')).toMatchObject({ outcome: 'Executed' });
  });
});

describe('a request that waits for approval', () => {
  const approved = () => ({ ...policies, ...requesting(AMIR, 'T-2', '  approved: true\n') });
  const outcome = async (declared: Policies, as?: string) =>
    (await northwind.apply(declared, as)).plan.resets.find((r) => r.requestId === 'T-2')?.outcome;

  test('asked for by hand: a second administrator approves it', async () => {
    expect(await reset(AMIR, 'T-2', CARLA)).toMatchObject({ outcome: 'AwaitingApproval' });
    expect(await outcome(approved(), ILSE)).toBe('Executed');
  });

  test('asked for by hand by an administrator: the same one does not approve it', async () => {
    expect(await reset(AMIR, 'T-2', ILSE)).toMatchObject({ outcome: 'AwaitingApproval' });
    expect(await outcome(approved(), ILSE)).toBe('AwaitingApproval');
    expect(await outcome(approved())).toBe('Executed');
  });

  test('goes on waiting when somebody without the right applies the same documents, and no row is written', async () => {
    const asked = { ...policies, ...requesting(AMIR, 'T-2') };
    expect(await outcome(asked)).toBe('AwaitingApproval');
    const before = content();
    expect(await outcome(asked, ELENA)).toBe('AwaitingApproval');
    expect(await northwind.apply(asked)).toMatchObject({ written: false });
    expect(content()).toBe(before);
    expect(await outcome(approved(), ILSE)).toBe('Executed');
  });
});

test('an account that the store does not know is a wrong name, not an empty account', async () => {
  const unknown = { code: 'policy/unknown-account', message: expect.stringContaining('known: northwind') };
  const before = content();
  const resetting = resetFlow(northwind.world(), { account: 'nope', user: 'x', requestId: 'T-3', reason: 'x' });
  await expect(resetting).rejects.toMatchObject(unknown);
  await expect(statusFlow(northwind.world(), { account: 'nope', names: 5 })).rejects.toMatchObject(unknown);
  const deliver = () => Promise.reject(new Error('nothing is delivered'));
  await expect(new Reports().run(northwind.world(), { account: 'nope', deliver })).rejects.toMatchObject(unknown);
  expect(content()).toBe(before);
});
