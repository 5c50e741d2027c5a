import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkManifest, disprove, manifestText } from '../../../src/core/report/manifest.ts';
import { keyOf } from './keys.ts';

const NOW = Date.parse('2026-11-20T08:00:00Z');
const fileOf = (name: string, text: string) => ({ name, bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') });
const FILES = [fileOf('padlock-1.csv', 'a,b'), fileOf('padlock-1.html', '<html>')];
const ours = keyOf('aa11');
const text = manifestText(FILES, NOW, '0.1.0', ours.signer);
const wrong = (manifest: string, check = ours.check) => {
  const checked = checkManifest(manifest, check);
  return 'wrong' in checked ? checked.wrong : null;
};

test('what was signed is proven by the known key', () => {
  expect(checkManifest(text, ours.check)).toEqual({ generatedAt: NOW, keyId: 'aa11', files: FILES });
});

test('every single changed byte is found', () => {
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += 1) {
    for (const flip of [1, 0x20]) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ flip;
      expect(wrong(changed.toString('utf8')), `byte ${i} of ${text}`).not.toBeNull();
    }
  }
});

describe('a manifest that proves nothing', () => {
  test('signed with another key, whatever it says of itself', () => {
    const theirs = keyOf('bb22');
    expect(wrong(manifestText(FILES, NOW, '0.1.0', theirs.signer))).toContain('which is not known (known: aa11)');
    const posing = keyOf('aa11');
    expect(wrong(manifestText(FILES, NOW, '0.1.0', posing.signer))).toContain('not the one that is known by the id aa11');
    const claimed = { ...posing.signer, key: () => ours.key };
    expect(wrong(manifestText(FILES, NOW, '0.1.0', claimed))).toContain('its signature does not hold');
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null\n'],
    ['another kind', text.replace('ReportSignature', 'ReportSignatures')],
    ['another spelling of the same', text.replace('{\n', '{\n ')],
    ['a second signature', text.replace('"signature"', '"signature": "x",\n  "signature"')],
    ['a field more', text.replace('"padlock"', '"more": 1,\n  "padlock"')],
    ['a name that leads out of the folder', text.replace('padlock-1.csv', '../padlock-1.csv')],
    ['cut off', text.slice(0, -10)],
  ])('%s', (_, manifest) => {
    expect(wrong(manifest)).not.toBeNull();
  });

  test('where no key is known', () => {
    expect(wrong(text, { ...ours.check, known: () => [] })).toContain('known: none');
  });
});

describe('a file beside what the manifest says of it', () => {
  const manifest = { generatedAt: NOW, keyId: 'aa11', files: FILES };
  test.each([
    ['as it was signed', 'padlock-1.csv', 'a,b', null],
    ['one byte changed', 'padlock-1.csv', 'a,c', 'it was changed after it was signed'],
    ['longer', 'padlock-1.csv', 'a,b\n', 'it was changed after it was signed (4 bytes, of 3)'],
    ['another file of the same run under its name', 'padlock-1.csv', '<html>', 'it was changed after it was signed (6 bytes, of 3)'],
    ['one that it does not name', 'padlock-2.csv', 'a,b', 'the manifest does not name it'],
    ['one that is not there', 'padlock-1.csv', null, 'it is missing, and the manifest names it'],
  ])('%s', (_, name, content, said) => {
    expect(disprove(manifest, name, content === null ? null : fileOf(name, content))).toBe(said);
  });
});
