import { chmodSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ApiKey, readApiKey } from '../../../../src/adapters/directory/itglue/api-key.ts';
import { errorOf, fileWith } from '../file/files.ts';
import { PLANTED_KEY } from './server.ts';

function keyFile(content: string, mode = 0o600): string {
  const path = fileWith('itglue.key', content);
  chmodSync(path, mode);
  return path;
}

describe('the key', () => {
  it.each([
    ['alone', PLANTED_KEY],
    ['before a line feed', `${PLANTED_KEY}\n`],
    ['before one of Windows', `${PLANTED_KEY}\r\n`],
  ])('stands in a file %s', (_, content) => {
    const file = keyFile(content);
    const key = readApiKey({ file });
    expect([key.reveal(), key.place()]).toEqual([PLANTED_KEY, `the file ${file}`]);
  });

  it('stands in a variable', () => {
    const key = readApiKey({ variable: 'ITGLUE_KEY', value: PLANTED_KEY });
    expect([key.reveal(), key.place()]).toEqual([PLANTED_KEY, 'the variable ITGLUE_KEY']);
  });

  it.each([0o600, 0o400, 0o440, 0o640])('in a file for its owner and group: %o', (mode) => {
    expect(readApiKey({ file: keyFile(PLANTED_KEY, mode) }).reveal()).toBe(PLANTED_KEY);
  });

  it.each([0o604, 0o602, 0o644, 0o666, 0o777])('in a file for everybody is refused: %o', (mode) => {
    const file = keyFile(PLANTED_KEY, mode);
    const error = errorOf(() => readApiKey({ file }));
    expect(error).toMatchObject({ code: 'directory/no-key', exitCode: 6, message: expect.stringContaining(`(${mode.toString(8)})`) });
    expect(error.fix).toContain(`chmod 600 ${file}`);
  });

  it.each([
    ['nothing', ''],
    ['blanks', '  \n'],
    ['a word too short', 'ITG.x'],
    ['two lines', `${PLANTED_KEY}\n${PLANTED_KEY}`],
    ['a blank before it', ` ${PLANTED_KEY}`],
    ['a header more', `${PLANTED_KEY}\r\nx-evil: 1`],
    ['letters that no header carries', `${PLANTED_KEY}é`],
    ['a whole book', PLANTED_KEY.repeat(20)],
  ])('is not %s', (_, content) => {
    for (const error of [
      errorOf(() => readApiKey({ file: keyFile(content) })),
      errorOf(() => readApiKey({ variable: 'ITGLUE_KEY', value: content })),
    ]) {
      expect(error.code).toBe('directory/no-key');
      expect(inspect(error, { depth: 9 })).not.toContain('Planted');
    }
  });

  it('that is not there says where it was looked for', () => {
    const folder = dirname(keyFile(''));
    mkdirSync(join(folder, 'folder'), { mode: 0o700 });
    expect(errorOf(() => readApiKey({ file: join(folder, 'none') }))).toMatchObject({
      code: 'directory/no-key',
      message: expect.stringMatching(/none \(ENOENT\)$/),
    });
    expect(errorOf(() => readApiKey({ file: join(folder, 'folder') })).message).toContain('(EISDIR)');
    const unset = errorOf(() => readApiKey({ variable: 'ITGLUE_KEY', value: undefined }));
    expect(unset).toMatchObject({ code: 'directory/no-key', message: expect.stringContaining('ITGLUE_KEY') });
  });

  it('shows itself nowhere', () => {
    const key = new ApiKey(PLANTED_KEY, 'the test');
    for (const shown of [
      String(key),
      JSON.stringify({ key }),
      inspect(key, { depth: 9, showHidden: true }),
      inspect({ key }),
      Object.keys(key).join(),
    ]) {
      expect(shown).not.toContain('Planted');
    }
  });
});
