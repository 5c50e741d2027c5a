import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PadlockError } from '../../src/core/model/errors.ts';
import { comparisonJson } from '../../src/core/report/json.ts';
import { contentOf, RANDOM } from '../adapters/store/opened.ts';
import { keyOf } from '../core/report/keys.ts';
import { DAY, edited, examplePolicies, Northwind, START } from './northwind.ts';
import { Reports } from './reports.ts';

let northwind: Northwind;
let reports: Reports;
beforeEach(async () => {
  northwind = await Northwind.open();
  reports = new Reports();
  await northwind.apply(examplePolicies());
});
afterEach(() => northwind.close());

const enroll = async (who: string) => {
  const world = northwind.world();
  await world.store.write(northwind.now, async (transaction) => {
    const [found] = await transaction.findUsers([{ account: 'northwind', called: who }]);
    const secret = RANDOM.bytes(20);
    await transaction.enroll([{ userId: found?.id ?? 0, kind: 'totp', label: 'phone', secret, enrolledAt: northwind.now }]);
  });
};

describe('compared with the run before', () => {
  test('the first has nothing to compare with, the second is told who moved', async () => {
    expect(await reports.run(northwind.world())).toMatchObject({ comparison: null, head: { history: { previous: null, faults: [] } } });
    await enroll('ada@northwind.example');
    northwind.now = START + 31 * DAY;
    const { comparison } = await reports.run(northwind.world());
    expect(comparison?.previous.generatedAt).toBe(START);
    expect(comparison?.scopes.get('northwind')).toEqual({ newlyEnrolled: 1, newlyOpen: 0, newlyOverdue: 11, joined: 0, gone: 0 });
    expect(comparison?.scopes.get('northwind/bakery')).toMatchObject({ newlyEnrolled: 0, newlyOpen: 0 });
    const json = JSON.parse(reports.latest('json')) as { comparison: unknown };
    expect(json.comparison).toEqual(JSON.parse(JSON.stringify(comparisonJson(comparison))));
    expect(reports.latest('html')).toContain('11 newly overdue');
  });

  test('whatever the formats are, the same is told; with HTML alone the people are read for it', async () => {
    await reports.run(northwind.world());
    await enroll('ada@northwind.example');
    northwind.now = START + DAY;
    const told = [];
    for (const formats of [['csv'], ['html'], ['json'], ['csv', 'json', 'html']] as const) {
      const { comparison } = await reports.run(northwind.world(), { formats, name: 'elsewhere' });
      told.push(comparison?.total);
    }
    expect(told).toEqual(told.map(() => ({ newlyEnrolled: 1, newlyOpen: 0, newlyOverdue: 0, joined: 0, gone: 0 })));
  });

  test('reading alone: no row is written', async () => {
    const before = contentOf(northwind.opened.raw);
    await reports.run(northwind.world());
    northwind.now = START + DAY;
    await reports.run(northwind.world());
    expect(contentOf(northwind.opened.raw)).toBe(before);
  });

  test('the trend has the last 26 runs, oldest first', async () => {
    for (let i = 0; i < 28; i += 1) {
      northwind.now = START + i * DAY;
      await reports.run(northwind.world(), { formats: ['json'] });
    }
    northwind.now = START + 28 * DAY;
    const { runs, previous } = (await reports.run(northwind.world())).head.history;
    expect(runs.map((run) => (run.generatedAt - START) / DAY)).toEqual(Array.from({ length: 26 }, (_, i) => i + 2));
    expect(previous?.generatedAt).toBe(START + 27 * DAY);
  });
});

describe('an earlier file of no use is said, and the next older one is compared with', () => {
  const NEWER = 'padlock-2026-11-26T080000Z.json';
  const next = async (text: string | undefined, some = {}) => {
    await reports.run(northwind.world());
    if (text !== undefined) reports.files.set(NEWER, text);
    northwind.now = START + 2 * DAY;
    const reported = await reports.run(northwind.world(), some);
    return {
      faults: reported.head.history.faults.map(({ file, why }) => `${file}: ${why}`),
      at: reported.comparison?.previous.generatedAt,
    };
  };

  test.each([
    ['no report', '{"hello":1}', 'it is not a report that this padlock wrote'],
    ['empty', '', 'it is not a report that this padlock wrote'],
  ])('%s', async (_, text, why) => {
    expect(await next(text)).toEqual({ faults: [`${NEWER}: ${why}`], at: START });
    expect(reports.latest('html')).toContain(`<code>${NEWER}</code>: ${why}`);
    expect(JSON.parse(reports.latest('json'))).toMatchObject({ notComparable: [{ file: NEWER, why }] });
  });

  test('cut off in the middle of its people', async () => {
    const other = new Reports();
    northwind.now = START + DAY;
    await other.run(northwind.world());
    const whole = other.latest('json');
    northwind.now = START;
    expect(await next(whole.slice(0, Math.floor(whole.length * 0.9)))).toMatchObject({
      faults: [expect.stringMatching(/cannot be read|cut off/)],
      at: START,
    });
  });

  test('of a later time', async () => {
    const later = new Reports();
    northwind.now = START + 9 * DAY;
    await later.run(northwind.world());
    northwind.now = START;
    expect(await next(later.latest('json'))).toEqual({ faults: [`${NEWER}: it is of a later time: 2026-12-04T08:00:00Z`], at: START });
  });

  test('on other accounts', async () => {
    const other = new Reports();
    await other.run(northwind.world(), { account: 'northwind' });
    expect(await next(other.latest('json'))).toEqual({
      faults: [`${NEWER}: it is on the account northwind alone, and this report on all accounts`],
      at: START,
    });
  });

  test('one named by hand is compared with, or said to be of no use; no other takes its place', async () => {
    const archive = new Reports();
    northwind.now = START - 5 * DAY;
    await archive.run(northwind.world(), { name: 'by-hand' });
    northwind.now = START;
    const by = (name: string) => ({ past: { archive: reports, check: null, previous: { archive, name } } });
    expect(await next(undefined, by('by-hand.json'))).toEqual({ faults: [], at: START - 5 * DAY });
    expect(await next(undefined, by('nothing.json'))).toEqual({
      faults: ['nothing.json: it is not a report that this padlock wrote'],
      at: undefined,
    });
  });

  test('one that cannot be read is said too; what is no such failure is not taken for one', async () => {
    await reports.run(northwind.world());
    const failing = (error: Error): Reports => {
      const copy = new Reports();
      for (const [file, text] of reports.files) copy.files.set(file, text);
      copy.lines = () => {
        throw error;
      };
      return copy;
    };
    northwind.now = START + DAY;
    const past = (error: Error) => ({ past: { archive: failing(error), check: null } });
    const reported = await reports.run(northwind.world(), past(new PadlockError('report/unreadable', 'x')));
    expect(reported.head.history.faults).toEqual([{ file: 'padlock-2026-11-25T080000Z.json', why: 'it cannot be read' }]);
    await expect(reports.run(northwind.world(), past(new TypeError('a bug')))).rejects.toThrow('a bug');
  });
});

describe('an earlier report that nothing proves', () => {
  const GLASS = 'breakglass@northwind.example';
  const OLDER = 'padlock-2026-11-20T080000Z.json';
  const FORGED = 'padlock-2026-11-25T070000Z.json';
  let signed: Reports;
  beforeEach(async () => {
    signed = new Reports(keyOf('aa11'));
    northwind.now = START - 5 * DAY;
    await signed.run(northwind.world());
    northwind.opened.raw.exec(`update users set last_sign_in = ${START - DAY} where address = '${GLASS}'`);
    northwind.now = START;
  });
  const findings = async (some = {}) => {
    const { head } = await signed.run(northwind.world(), some);
    return [head.breakGlass.flatMap((user) => user.findings), head.history.previous?.file, head.history.faults];
  };
  /** As whoever writes to the folder makes it: of an hour ago, and of a day on which nothing was used yet. */
  const forge = () => {
    const text = signed.files.get(OLDER) ?? '';
    signed.files.set(FORGED, text.replace('2026-11-20T08:00:00Z', '2026-11-25T07:00:00Z'));
  };

  test('silences no finding, enters no figure, and is named with the reason', async () => {
    forge();
    const why = 'it is not proven: there is no padlock-2026-11-25T070000Z.sig.json beside it';
    expect(await findings()).toEqual([['used'], OLDER, [{ file: FORGED, why }]]);
    expect(signed.latest('html')).toContain(why);
  });

  test.each([
    ['signed with another key', () => new Reports(keyOf('bb22')).sign([FORGED], signed), 'not known'],
    [
      'beside the manifest of another run',
      () => signed.copy('padlock-2026-11-20T080000Z.sig.json', 'padlock-2026-11-25T070000Z.sig.json'),
      'does not name it',
    ],
  ])('%s: the same', async (_, more, why) => {
    forge();
    more();
    expect(await findings()).toEqual([['used'], OLDER, [{ file: FORGED, why: expect.stringContaining(why) }]]);
  });

  test('changed after it was signed: nothing is left to compare with, and uses count for 90 days', async () => {
    signed.files.set(OLDER, (signed.files.get(OLDER) ?? '').replace('"userId":1,', '"userId":2,'));
    expect(await findings()).toEqual([['used'], undefined, [{ file: OLDER, why: expect.stringContaining('changed after it was signed') }]]);
    northwind.now = START + 100 * DAY;
    signed.files.clear();
    expect(await findings()).toEqual([[], undefined, []]);
  });

  test('named by hand: the same', async () => {
    forge();
    const past = { archive: signed, check: signed.key?.check ?? null, previous: { archive: signed, name: FORGED } };
    expect((await findings({ past }))[0]).toEqual(['used']);
  });

  test('is compared with by a report that is not signed itself, which says so; uses count for 90 days', async () => {
    forge();
    expect(await findings({ past: { archive: signed, check: null } })).toEqual([['used'], FORGED, []]);
    expect(signed.latest('html')).toContain(`<code>${FORGED}</code>, which nothing proves`);
  });
});

describe('what a report names', () => {
  test('an exemption with its reason, its ticket and who put it in force', async () => {
    const { head } = await reports.run(northwind.world());
    expect(head.exemptions).toEqual([
      {
        account: 'northwind',
        document: 'field-work',
        reason: 'on a site without phones',
        ticket: 'NW-4711',
        by: { channel: 'cli', subject: 'admin.dana@northwind.example' },
        at: START,
      },
    ]);
    expect(reports.latest('html')).toContain('put in force by <bdi>admin.dana@northwind.example</bdi> (cli)');
  });

  test('a reset with who asked for it and what became of it', async () => {
    const { head } = await reports.run(northwind.world());
    expect(head.resets).toMatchObject([{ outcome: 'Executed', requestedBy: { subject: 'admin.dana@northwind.example' } }]);
  });

  test('a figure is that of the store: people once, memberships each', async () => {
    const { head } = await reports.run(northwind.world());
    expect(head.people).toEqual([{ account: 'northwind', held: 62, considered: 62 }]);
    expect(head.summary.total.members).toBe(62);
  });

  test('a policy that is edited changes the next report, not the last', async () => {
    await reports.run(northwind.world());
    const first = reports.latest('json');
    northwind.now = START + DAY;
    await northwind.apply(edited(examplePolicies(), 'policies/myglue/garage.yaml', 'mode: ReportOnly', 'mode: Enforce'));
    const { head } = await reports.run(northwind.world());
    expect(head.summary.enforcedScopes).toBe(3);
    expect(JSON.parse(first)).toMatchObject({ enforcedScopes: 2 });
  });
});
