// RPT-05: who is the break-glass account. Elsewhere a tool guessed it and picked service accounts, and the real one failed the
// check for staleness for ever. Here they are those declared: listed apart, unused is no finding, disabled or used is one.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keyOf } from '../core/report/keys.ts';
import { DAY, edited, examplePolicies, Northwind, START } from '../flows/northwind.ts';
import { Reports } from '../flows/reports.ts';

let northwind: Northwind;
const reports = new Reports(keyOf('aa11'));
beforeEach(async () => {
  northwind = await Northwind.open();
  const declared = '    - breakglass@northwind.example\n    - ada@northwind.example';
  await northwind.apply(edited(examplePolicies(), 'policies/account.yaml', '    - breakglass@northwind.example', declared));
  // The demo's Ada signed in, as somebody of every day.
  set('ada', 'last_sign_in = null');
});
afterEach(() => northwind.close());

const set = (who: string, text: string) => northwind.opened.raw.exec(`update users set ${text} where address = '${who}@northwind.example'`);

it('two declared, one disabled, one used yesterday: two findings, and nobody else is among them', async () => {
  set('ada', 'enabled = 0');
  set('breakglass', `last_sign_in = ${START - DAY}`);
  // A service account that is exempt over and over is what others guessed.
  set('ben', 'service = 1');
  const { head } = await reports.run(northwind.world());
  expect(head.breakGlass.map(({ called, findings }) => [called, findings])).toEqual([
    ['ada@northwind.example', ['disabled']],
    ['breakglass@northwind.example', ['used']],
  ]);
  expect(reports.latest('html')).toContain('used on 2026-11-24T08:00:00Z');
});

it('unused for 120 days is no finding, and compliance is not affected by it; they count neither as exempt nor as missing', async () => {
  const before = await reports.run(northwind.world());
  set('breakglass', `last_sign_in = ${START - 120 * DAY}`);
  northwind.now = START + 7 * DAY;
  const { head } = await reports.run(northwind.world());
  expect(head.breakGlass.map(({ findings }) => findings)).toEqual([[], []]);
  const [account] = head.summary.scopes;
  expect(account?.compliant).toBe(before.head.summary.scopes[0]?.compliant);
  expect(account?.classes['break-glass']).toBe(2);
  expect(reports.latest('html').split('aria-labelledby="missing"')[1]?.split('</section>')[0]).not.toContain('ada@northwind.example');
});

it('a use is one since the last report: told once, not for ever', async () => {
  set('breakglass', `last_sign_in = ${START + DAY}`);
  const findings = async (day: number) => {
    northwind.now = START + day * DAY;
    return (await reports.run(northwind.world())).head.breakGlass.flatMap((user) => user.findings);
  };
  expect([await findings(9), await findings(16)]).toEqual([[], []]);
  reports.files.clear();
  expect(await findings(9)).toEqual(['used']);
  expect(await findings(16)).toEqual([]);
});
