import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PadlockError } from '../../../src/core/model/errors.ts';
import type { Administrator } from '../../../src/flows/administering/acting.ts';
import { type ArchivedRun, archivedFileFlow, archiveFlow, type KeptReports } from '../../../src/flows/administering/archive.ts';
import { keyOf } from '../../core/report/keys.ts';
import { Reports } from '../reports.ts';
import { CARLA, DANA, Office, southwind } from './office.ts';

const ACCOUNT = 'northwind';

let office: Office;
let reports: Reports;
let kept: KeptReports;
let dana: Administrator;
beforeEach(async () => {
  office = await Office.open();
  dana = await office.by(DANA);
  const key = keyOf('the key');
  reports = new Reports(key);
  kept = { archive: reports, check: key.check };
});
afterEach(() => office.close());

const run = async (account?: string) => {
  office.portal.later(1000);
  await reports.run(office.portal.northwind.world(), account === undefined ? {} : { account });
};

async function listed(more: { by?: Administrator; after?: string; from?: KeptReports | undefined } = {}) {
  const archive = await archiveFlow((more.by ?? dana).world, 'from' in more ? more.from : kept, ACCOUNT, more.after);
  if (archive.state !== 'listed') throw new Error(archive.state);
  return archive;
}

const give = ({ id }: Pick<ArchivedRun, 'id'>, format: 'html' | 'csv' | 'json', by = dana) =>
  archivedFileFlow(by.world, kept, ACCOUNT, { id, format });

describe('which runs are listed', () => {
  test('those on the account alone, whether it was named or is the only one; newest first', async () => {
    await run();
    await run(ACCOUNT);
    const { runs, wider, untold, more, older, keyless } = await listed();
    expect({ wider, untold, more, older, keyless }).toEqual({ wider: 0, untold: 0, more: false, older: false, keyless: false });
    expect(runs.map(({ wrong, files }) => [wrong, files.map((file) => [file.format, file.wrong])])).toEqual(
      runs.map(() => [
        null,
        [
          ['csv', null],
          ['json', null],
          ['html', null],
        ],
      ]),
    );
    expect(runs.map(({ generatedAt }) => generatedAt)).toEqual([office.portal.northwind.now, office.portal.northwind.now - 1000]);
  });

  test('one on several accounts is left out and counted; of one on others alone nothing is said', async () => {
    await run();
    southwind(office.portal);
    await run();
    await run('southwind');
    const { runs, wider, untold } = await listed();
    expect([runs.length, wider, untold]).toEqual([1, 1, 0]);
    for (const [name] of reports.files) {
      const id = name.replace('.json', '');
      expect([id, await give({ id }, 'json')]).toEqual([id, undefined]);
    }
  });

  test('whoever may read reports in each of its accounts sees one on several', async () => {
    southwind(office.portal);
    await run();
    expect((await listed()).runs).toHaveLength(0);
    office.portal.northwind.opened.raw.exec(`insert into identities (account_id, channel, subject, user_id)
      values (90, 'portal', '${await office.portal.idOf(DANA)}', 9000)`);
    expect(await listed()).toMatchObject({ runs: [{ wrong: null }], wider: 0 });
  });

  test('what does not say which accounts it is on is left out and counted', async () => {
    await run();
    const [name = ''] = await reports.names();
    const text = reports.files.get(name) ?? '';
    const [head = ''] = text.split('\n');
    for (const [key, value] of [
      ['accounts', 7],
      ['accounts', [{}]],
      ['resets', [null]],
      ['exemptions', 'x'],
    ] as const) {
      const changed = JSON.stringify({ ...(JSON.parse(`${head}]}`) as object), people: undefined, [key]: value });
      reports.files.set('padlock-0.json', `${changed.slice(0, -1)},"people":[\n]}`);
      expect([key, (await listed()).untold]).toEqual([key, 1]);
    }
    reports.files.set('padlock-0.json', 'not JSON');
    reports.files.set('other.json', text);
    reports.files.set('padlock-"\r\nx.json', text);
    expect(await listed()).toMatchObject({ untold: 1, runs: [{}] });
  });

  test('ten a page, each once', async () => {
    for (let i = 0; i < 12; i++) await run(ACCOUNT);
    const first = await listed();
    const second = await listed({ after: first.runs.at(-1)?.id ?? '' });
    expect([first.runs.length, first.more, second.runs.length, second.more]).toEqual([10, true, 2, false]);
    expect(new Set([...first.runs, ...second.runs].map(({ id }) => id)).size).toBe(12);
  });

  test('no folder, and one that cannot be read', async () => {
    expect(await archiveFlow(dana.world, undefined, ACCOUNT)).toEqual({ state: 'none' });
    const fail = async () => {
      throw new PadlockError('report/unreadable', 'x', { fix: 'y' });
    };
    expect(
      await archiveFlow(dana.world, { ...kept, archive: Object.assign(Object.create(reports), { names: fail }) as Reports }, ACCOUNT),
    ).toEqual({
      state: 'unreadable',
    });
  });

  test('nobody who may not read reports', async () => {
    await run();
    const [mine = { id: '' }] = (await listed()).runs;
    const carla = await office.by(CARLA);
    await expect(listed({ by: carla })).rejects.toMatchObject({ code: 'rights/denied' });
    await expect(give(mine, 'html', carla)).rejects.toMatchObject({ code: 'rights/denied' });
  });
});

describe('what is handed out', () => {
  test('the file as it was signed, byte for byte', async () => {
    await run();
    const [mine = { id: '' }] = (await listed()).runs;
    for (const format of ['html', 'csv', 'json'] as const) {
      const given = await give(mine, format);
      expect([
        format,
        given?.file.endsWith(`.${format}`),
        Buffer.from(given?.content ?? []).toString() === reports.files.get(given?.file ?? ''),
      ]).toEqual([format, true, true]);
    }
  });

  test('nothing that was changed, is missing, or is not signed; the page says which and why', async () => {
    await run();
    const base = ((await reports.names())[0] ?? '').replace(/[.]json$/, '');
    const [mine = { id: '' }] = (await listed()).runs;
    reports.files.set(`${base}.html`, '<script>');
    reports.files.delete(`${base}.csv`);
    const { runs } = await listed();
    expect(runs[0]?.files).toEqual([
      { format: 'csv', wrong: expect.stringContaining('missing') },
      { format: 'json', wrong: null },
      { format: 'html', wrong: expect.stringContaining('changed after it was signed') },
    ]);
    expect([await give(mine, 'html'), await give(mine, 'csv'), (await give(mine, 'json')) !== undefined]).toEqual([
      undefined,
      undefined,
      true,
    ]);
    // Without its JSON as it was, nothing tells whose people the page names.
    reports.files.set(`${base}.json`, `${reports.files.get(`${base}.json`) ?? ''} `);
    expect((await listed()).runs).toMatchObject([{ wrong: expect.stringContaining('changed'), files: [] }]);
    expect(await give(mine, 'json')).toBeUndefined();
    reports.files.delete(`${base}.sig.json`);
    expect((await listed()).runs).toMatchObject([{ wrong: 'it is not signed', files: [] }]);
    expect(await give(mine, 'html')).toBeUndefined();
  });

  test('files of another run under the same name are not its own', async () => {
    southwind(office.portal);
    await run();
    const wide = reports.latest('html');
    await run(ACCOUNT);
    const [mine = { id: '' }] = (await listed()).runs;
    const name =
      [...reports.files.keys()]
        .filter((file) => file.endsWith('.html'))
        .sort()
        .at(-1) ?? '';
    reports.files.set(name, wide);
    expect(await give(mine, 'html')).toBeUndefined();
  });

  test('where the key cannot be read nothing is, and the list says so', async () => {
    await run();
    const [mine = { id: '' }] = (await listed()).runs;
    const missing = () => {
      throw new PadlockError('keys/missing', 'x', { fix: 'y' });
    };
    kept = { ...kept, check: { ...kept.check, known: missing } };
    expect(await listed()).toMatchObject({ keyless: true, runs: [{ files: [] }] });
    expect(await give(mine, 'html')).toBeUndefined();
  });
});
