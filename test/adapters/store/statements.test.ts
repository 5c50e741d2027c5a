import type Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { NONE } from '../../../src/adapters/enforcers/none/enforcer.ts';
import { portalEnforcer } from '../../../src/adapters/enforcers/portal/enforcer.ts';
import { generateWorld } from '../../../src/apps/cli/demo/world.ts';
import { readDocuments } from '../../../src/core/documents/read.ts';
import { roleIndex } from '../../../src/core/model/demand.ts';
import { FACTOR_KINDS } from '../../../src/core/model/words.ts';
import { applyFlow } from '../../../src/flows/reconcile/apply.ts';
import { planFlow } from '../../../src/flows/reconcile/plan.ts';
import { statusFlow } from '../../../src/flows/reporting/status.ts';
import type { World } from '../../../src/flows/world.ts';
import { Reports } from '../../flows/reports.ts';
import { openTemporary } from './opened.ts';
import { DAY, NOW } from './worlds.ts';

/** The demo's people straight into the tables; what an import would write, without its steps. */
function writePeople(raw: Database.Database, users: number): void {
  const demo = generateWorld({ users, seed: 7, now: NOW });
  const scope = raw.prepare('insert into scopes (account_id, my_glue, key, title) values (1, ?, ?, ?)');
  const user =
    raw.prepare(`insert into users (account_id, external_id, origin, address, address_key, name, enabled, service, local_password, sso, kinds)
    values (1, @externalId, 'demo', @address, lower(@address), @name, @enabled, @service, 1, 0, @kinds)`);
  const membership = raw.prepare('insert into memberships (scope_id, user_id, role, joined_at, active, kinds) values (?, ?, ?, ?, ?, ?)');
  raw.transaction(() => {
    raw.exec("insert into accounts (slug, title, enforcer) values ('northwind', 'Northwind IT', 'portal')");
    const ids = new Map(demo.scopes.map((key) => [key, scope.run(key.split('/')[1] ?? null, key, key).lastInsertRowid]));
    for (const { row, enrolled, joined } of demo.people()) {
      const { externalId, address, name } = row;
      const [enabled, service] = [Number(row.enabled), Number(row.service)];
      const { lastInsertRowid } = user.run({ externalId, address, name, enabled, service, kinds: enrolled });
      membership.run(ids.get(row.scope), lastInsertRowid, roleIndex(row.role), joined, enabled === 1 && service === 0 ? 1 : 0, enrolled);
    }
  })();
}

/** Policies of the three clients that every world has, an exemption and a reset: the same documents in both worlds. */
function documentsOf(grace: string) {
  const policy = (name: string, scope: string) =>
    `apiVersion: padlock.dev/v1alpha1\nkind: MfaPolicy\nmetadata: {name: ${name}}\nspec: {account: northwind${scope}, requireMfa: true, gracePeriod: ${grace}}\n`;
  const exemption = `apiVersion: padlock.dev/v1alpha1\nkind: MfaExemption\nmetadata: {name: away}
spec: {account: northwind, users: ['100040', '100041'], reason: away, startsAt: 2026-11-01, expiresAt: ${grace === '30d' ? '2026-12-31' : '2026-12-01'}}\n`;
  const reset = `apiVersion: padlock.dev/v1alpha1\nkind: MfaReset\nmetadata: {name: lost}
spec: {requestId: lost-1, account: northwind, user: '100003', reason: lost phone, requestedAt: 2026-11-25T08:00:00Z, expiresAt: 2026-12-25T08:00:00Z}\n`;
  const scopes = ['', ', myGlueAccount: bakery', ', myGlueAccount: clinic', ', myGlueAccount: garage'];
  const texts = [...scopes.map((scope, i) => policy(`policy-${i}`, scope)), exemption, reset];
  return [...readDocuments([{ file: 'policies.yaml', text: texts.join('---\n') }]).documents];
}

/** How many statements each flow runs in a world of so many users, and what it did. */
async function statementsOf(users: number) {
  let statements: string[] = [];
  const opened = await openTemporary({ onStatement: (text) => void statements.push(text) });
  try {
    writePeople(opened.raw, users);
    const administrator = opened.raw.prepare(
      'select external_id from memberships join users on id = user_id where role = 0 and active = 1 limit 1',
    );
    let now = NOW;
    const world: World = {
      store: opened.store,
      clock: { now: () => now },
      enforcers: { portal: portalEnforcer(FACTOR_KINDS), none: NONE },
      rights: { policy: ['Administrator', 'Manager'] },
      actor: { channel: 'cli', subject: 'deploy' },
      actorUser: String(administrator.pluck().get()),
    };
    const counted = async <T>(work: () => Promise<T>) => {
      statements = [];
      const gave = await work();
      return { gave, count: statements.length };
    };
    const options = (grace: string) => ({ documents: documentsOf(grace), channel: 'file' as const, names: 5 });
    const reports = new Reports();
    const report = () => reports.run(world);
    const plan = await counted(() => planFlow(world, options('30d')));
    const first = await counted(() => applyFlow(world, options('30d')));
    now += DAY;
    const changed = await counted(() => applyFlow(world, options('60d')));
    const again = await counted(() => applyFlow(world, options('60d')));
    const status = await counted(() => statusFlow(world, { names: 5 }));
    const reported = await counted(report);
    now += DAY;
    const compared = await counted(report);
    expect([first.gave.written, changed.gave.written, again.gave.written]).toEqual([true, true, false]);
    expect([first.gave.held, plan.gave.scopes.length]).toEqual([0, 4]);
    expect(status.gave.summary.total.members).toBe(users);
    for (const format of ['csv', 'json'] as const) expect(reports.latest(format).length).toBeGreaterThan(users * 20);
    expect(compared.gave.comparison?.previous.total.members).toBe(users);
    const flows = { plan, first, changed, again, status, reported, compared };
    return Object.fromEntries(Object.entries(flows).map(([name, { count }]) => [name, count]));
  } finally {
    await opened.close();
  }
}

test('plan, apply, status and report run the same number of statements for 100 users as for 100 000', async () => {
  const small = await statementsOf(100);
  const large = await statementsOf(100_000);
  expect(large).toEqual(small);
  for (const count of Object.values(small)) expect(count).toBeGreaterThan(3);
  expect(Math.max(...Object.values(small))).toBeLessThan(150);
});
