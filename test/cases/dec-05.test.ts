// DEC-05: back from leave. Re-enabling is not joining: the deadline is not reopened.
import { expect, it } from 'vitest';
import { maskOf } from '../../src/core/model/demand.ts';
import { importFlow } from '../../src/flows/reconcile/import.ts';
import { timeline } from '../core/policy/world.ts';
import { DAY, examplePolicies, Northwind, START } from '../flows/northwind.ts';
import { Reports } from '../flows/reports.ts';

it('enrolled, disabled, factor removed, enabled again on day 130: overdue since day 30', () => {
  const scope = timeline();
  scope.apply(0, { requireMfa: true, gracePeriod: '30d' });
  expect(scope.on(39, { kinds: maskOf(['totp']) }).state).toBe('Satisfied');
  expect(scope.on(40, { kinds: maskOf(['totp']), enabled: false }).state).toBe('NotApplicable');
  expect(scope.on(41, { kinds: 0, enabled: false }).state).toBe('NotApplicable');
  expect(scope.on(130, { kinds: 0 })).toEqual({ state: 'Overdue', deadline: 30 });
});

it('the report says since when somebody overdue is back', async () => {
  const northwind = await Northwind.open();
  try {
    await northwind.apply(examplePolicies());
    const set = async (enabled: boolean, days: number) => {
      northwind.now = START + days * DAY;
      const rows = await northwind.world().store.read((reader) => Array.fromAsync(reader.directoryRows('northwind', 'demo')));
      const back = rows.map((row, i) => ({
        ...row,
        place: `people.csv:${i + 2}`,
        ...(row.address === 'ada@northwind.example' && { enabled }),
      }));
      const read = {
        account: 'northwind',
        title: 'Northwind IT',
        origin: 'demo',
        rows: back,
        organizations: [],
        wholeScopes: [],
        faults: [],
      };
      const { written } = await importFlow(northwind.world(), { read, enforcer: 'portal', adopt: new Set(), overrides: [] });
      expect(written).toBe(true);
    };
    await set(false, 40);
    await set(true, 130);
    northwind.now = START + 131 * DAY;
    const reports = new Reports();
    await reports.run(northwind.world());
    const overdue = reports.latest('html').split('aria-labelledby="overdue"')[1]?.split('</section>')[0] ?? '';
    const ada = overdue.split('<tr>').find((row) => row.includes('ada@northwind.example')) ?? '';
    expect(ada).toContain('<time datetime="2026-12-25T08:00:00Z">');
    expect(ada).toContain('re-enabled on <time datetime="2027-04-04T08:00:00Z">');
    expect(overdue.match(/re-enabled/g)).toHaveLength(1);
  } finally {
    await northwind.close();
  }
});
