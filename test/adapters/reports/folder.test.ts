import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportFolder } from '../../../src/adapters/reports/folder.ts';
import { gather } from '../../core/report/northwind.ts';
import { temporaryFolder } from '../store/opened.ts';

describe('the folder of reports', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());
  const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text);
  const lines = (name: string) => gather(reportFolder(folder.path).lines(name));

  test('names the files that may be reports, in their order; a manifest is none', async () => {
    for (const name of ['padlock-2.json', 'padlock-1.json', 'padlock-1.csv', 'padlock-1.html', 'padlock-1.sig.json']) write(name, '');
    expect(await reportFolder(folder.path).names()).toEqual(['padlock-1.json', 'padlock-2.json']);
  });

  test('that is not there yet holds none, and is not made', async () => {
    const missing = join(folder.path, 'reports');
    expect(await reportFolder(missing).names()).toEqual([]);
    await expect(reportFolder(join(missing, 'x')).names()).resolves.toEqual([]);
  });

  test('that is a file holds none', async () => {
    write('file', '');
    expect(await reportFolder(join(folder.path, 'file')).names()).toEqual([]);
  });

  test.each([
    ['with a line feed at the end', 'a\nb\n', ['a', 'b']],
    ['without', 'a\nb', ['a', 'b']],
    ['empty', '', []],
    ['with letters of several bytes', 'Zoë\n山田', ['Zoë', '山田']],
  ])('gives the lines of a file %s', async (_, text, expected) => {
    write('padlock-1.json', text);
    expect(await lines('padlock-1.json')).toEqual(expected);
  });

  test('gives lines that are longer than a step of reading whole, and letters across two steps', async () => {
    const long = `${'x'.repeat(300_001)}山`.repeat(3);
    write('padlock-1.json', `${long}\n${long}`);
    expect(await lines('padlock-1.json')).toEqual([long, long]);
  });

  test('gives a whole file with its digest, and none that is larger than asked, or cannot be read', async () => {
    write('padlock-1.html', 'Zoë');
    const archive = reportFolder(folder.path);
    const found = await archive.whole('padlock-1.html', 4);
    expect(found).toEqual({ ...(await archive.digest('padlock-1.html')), content: Buffer.from('Zoë') });
    expect([await archive.whole('padlock-1.html', 3), await archive.whole('x', 4), await archive.whole('.', 4)]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test('a file that is not there, and one that is a folder, cannot be read', async () => {
    mkdirSync(join(folder.path, 'padlock-1.json'));
    for (const name of ['padlock-0.json', 'padlock-1.json']) {
      await expect(lines(name)).rejects.toMatchObject({ code: 'report/unreadable', exitCode: 1 });
    }
  });
});
