import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeWhole, stageFile, writeFileWhole } from '../../../../src/apps/cli/output/file.ts';
import { RANDOM } from '../../../adapters/store/opened.ts';

/** A name that an attacker would know. */
const SAME = { bytes: (length: number) => new Uint8Array(length).fill(7) };
const PART = `${'07'.repeat(8)}.part`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a temporary name is another each time, ends in .part, and its file is its owner alone', async () => {
  const names = new Set<string>();
  for (let i = 0; i < 5; i++) {
    const staged = await stageFile(join(folder, 'out.csv'), ['a'], RANDOM);
    const [name = ''] = readdirSync(folder);
    expect(name).toMatch(/^out\.csv\.[0-9a-f]{16}\.part$/);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    names.add(name);
    await staged.discard();
  }
  expect(names.size).toBe(5);
});

test('a link laid where the temporary file will be leads nowhere', async () => {
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'mine');
  symlinkSync(victim, join(folder, `out.csv.${PART}`));
  expect(await writeFileWhole(join(folder, 'out.csv'), ['a', 'b'], SAME)).toBe(2);
  expect([readFileSync(victim, 'utf8'), readFileSync(join(folder, 'out.csv'), 'utf8')]).toEqual(['mine', 'ab']);
});

test('what cannot be made leaves nothing', async () => {
  mkdirSync(join(folder, `out.csv.${PART}`));
  await expect(writeFileWhole(join(folder, 'out.csv'), ['a'], SAME)).rejects.toMatchObject({ code: 'report/not-written' });
  const failing = placeWhole(join(folder, 'copy.db'), RANDOM, async (temporary) => {
    writeFileSync(temporary, 'half');
    throw new RangeError('cut');
  });
  await expect(failing).rejects.toThrow('cut');
  expect(readdirSync(folder)).toEqual([`out.csv.${PART}`]);
});
