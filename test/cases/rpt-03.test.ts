// RPT-03: unknown is not missing. Elsewhere people protected in a way that the report could not see were listed as missing.
// Here each membership is in exactly one class, the sum is the total, and missing are only those of whom it is known.
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { NONE } from '../../src/adapters/enforcers/none/enforcer.ts';
import { portalEnforcer } from '../../src/adapters/enforcers/portal/enforcer.ts';
import { FACTOR_KINDS } from '../../src/core/model/words.ts';
import type { World } from '../../src/flows/world.ts';
import { type Opened, openTemporary } from '../adapters/store/opened.ts';
import { ANY_KIND, changesOf, created, DAY, factorOf, T0, termsOf } from '../contract/store-world.ts';
import { Reports } from '../flows/reports.ts';

const NOW = T0 + 60 * DAY;
const TRUST = [{ provider: 'entra', claim: 'amr', value: 'mfa', maxAge: 12 * 3_600_000 }] as const;

/** Nine people where the portal enforces: 3 enrolled, 3 who sign in upstream, 1 exempt, 2 without; and one where nothing can be told. */
async function tenPeople({ store, raw }: Opened): Promise<World> {
  const upstream = { sso: true, localPassword: false };
  const people = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((id) =>
    created(id, { address: `p${id}@northwind.example`, ...('456'.includes(id) && upstream) }, ['northwind', 'Editor']),
  );
  const southwind = { account: 'southwind', newAccount: true, newScopes: ['southwind'] };
  await store.write(T0, async (transaction) => {
    await transaction.importDirectory(
      changesOf({ newAccount: true, newScopes: ['northwind'], created: people }),
      { name: 'portal', enrollment: 'store' },
      new Map(),
    );
    const tenth = [created('10', { address: 'p10@southwind.example' }, ['southwind', 'Editor'])];
    await transaction.importDirectory(changesOf({ ...southwind, created: tenth }), { name: 'none', enrollment: 'directory' }, new Map());
    const terms = ['northwind', 'southwind'].map((scope) => ({ scope, terms: termsOf(scope, { trust: TRUST }), version: null }));
    await transaction.putTerms(terms);
    await transaction.addObligations(terms.map(({ scope }) => ({ scope, demand: ANY_KIND, since: T0 })));
    const found = await transaction.findUsers(['1', '2', '3', '7'].map((called) => ({ account: 'northwind', called })));
    const idOf = (called: string) => found.find((one) => one.called === called)?.id ?? 0;
    await transaction.enroll(['1', '2', '3'].map((called) => factorOf(idOf(called), 'totp', T0)));
    const users = [{ called: '7', userId: idOf('7') }];
    await transaction.putExemptions([
      { account: 'northwind', document: 'away', channel: 'file', users, startsAt: T0, expiresAt: NOW + DAY },
    ]);
  });
  const prove = raw.prepare(`insert into upstream_proofs (user_id, provider, claim, value, at)
    select id, 'entra', 'amr', 'mfa', ? from users where external_id = ?`);
  for (const [id, at] of [
    ['4', NOW - 7_200_000],
    ['5', NOW - 7_200_000],
    ['6', NOW - 40 * DAY],
  ] as const)
    prove.run(at, id);
  const actor = { channel: 'cli', subject: 'ops' } as const;
  return {
    store,
    clock: { now: () => NOW },
    enforcers: { portal: portalEnforcer(FACTOR_KINDS), none: NONE },
    rights: { policy: ['Administrator'] },
    actor,
    actorUser: undefined,
  };
}

it('ten people: 3 enrolled, 2 proven today, 1 proven 40 days ago, 1 exempt, 1 unknown, 2 without: each in one class, the sum is ten', async () => {
  const opened = await openTemporary();
  try {
    const reports = new Reports();
    const { head } = await reports.run(await tenPeople(opened));
    const { classes, members } = head.summary.total;
    // The one of 40 days ago follows the age limit: not proven any more, and so missing.
    expect(classes).toMatchObject({ enrolled: 3, upstream: 2, exempt: 1, unknown: 1, missing: 3 });
    expect([members, Object.values(classes).reduce((sum, n) => sum + n, 0)]).toEqual([10, 10]);
    const rows: Record<string, string>[] = parse(reports.latest('csv'), { bom: true, columns: true });
    const of = (found: string) => rows.filter((row) => row['class'] === found).map((row) => row['externalId']);
    expect(['enrolled', 'upstream', 'exempt', 'unknown', 'missing'].map(of)).toEqual([
      ['1', '2', '3'],
      ['4', '5'],
      ['7'],
      ['10'],
      ['6', '8', '9'],
    ]);
    expect(rows.filter((row) => row['class'] === 'upstream').map((row) => [row['provenBy'], row['provenAt']])).toEqual([
      ['entra', '2027-01-01T06:00:00Z'],
      ['entra', '2027-01-01T06:00:00Z'],
    ]);
    expect(reports.latest('html')).toContain('the imported directory does not say what is enrolled');
  } finally {
    await opened.close();
  }
});
