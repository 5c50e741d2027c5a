import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderSource } from '../../../src/adapters/sources/folder.ts';
import { PadlockError } from '../../../src/core/model/errors.ts';

let root = '';
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'padlock-folder-')));
});
afterEach(() => rm(root, { recursive: true }));

async function write(...files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), `text of ${file}`);
  }
}

/** Standard input that fails the test when it is read. */
const untouched: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]() {
    throw new Error('standard input was read');
  },
};

async function read(paths: readonly string[], input = untouched): Promise<string[]> {
  const texts = await folderSource(paths, input).read();
  return texts.map(({ file, text }) => `${file.replace(root, '.')}: ${Buffer.from(text as Uint8Array).toString()}`);
}

async function refusal(paths: readonly string[]): Promise<PadlockError> {
  const error = await read(paths).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PadlockError)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

describe('folders', () => {
  test('are read recursively, by name, whatever the order on the disk', async () => {
    await write('b.yaml', 'a.yml', 'myglue/z.json', 'myglue/a.YAML', 'c.yaml');
    expect(await read([root])).toEqual([
      './a.yml: text of a.yml',
      './b.yaml: text of b.yaml',
      './c.yaml: text of c.yaml',
      './myglue/a.YAML: text of myglue/a.YAML',
      './myglue/z.json: text of myglue/z.json',
    ]);
  });

  test('hidden files and folders, and files of other kinds, are left out', async () => {
    await write('.hidden.yaml', '.git/config.yaml', 'README.md', 'a.yaml.bak', 'yaml');
    expect(await read([root])).toEqual([]);
  });

  test('links are followed within the folders that are named, loops survived, and no file is read twice', async () => {
    await write('policies/a.yaml', 'elsewhere/b.yaml');
    await symlink('..', join(root, 'policies/up'));
    await symlink('.', join(root, 'policies/self'));
    await symlink('../elsewhere', join(root, 'policies/shared'));
    await symlink('a.yaml', join(root, 'policies/again.yaml'));
    const texts = ['text of elsewhere/b.yaml', 'text of policies/a.yaml'];
    expect((await read([root])).map((text) => text.split(': ')[1])).toEqual(texts);
    await rm(join(root, 'policies/up'));
    const both = await read([join(root, 'policies'), join(root, 'elsewhere')]);
    expect(both.map((text) => text.split(': ')[1])).toEqual(texts.toReversed());
  });

  test('a link that leads out of them is refused, and what it leads to is not read; one that is named itself is', async () => {
    await write('policies/a.yaml', 'policies-of-others/b.yaml', 'host/secret.json');
    const outside = [
      ['file.yaml', '../host/secret.json'],
      ['folder', '../host'],
      ['beside', '../policies-of-others'],
      ['up', '..'],
      ['absolute.json', join(root, 'host/secret.json')],
      ['twice.yaml', 'chain'],
    ] as const;
    await symlink('../host/secret.json', join(root, 'policies', 'chain'));
    for (const [name, target] of outside) {
      await symlink(target, join(root, 'policies', name));
      const error = await refusal([join(root, 'policies')]);
      expect([error.code, error.exitCode]).toEqual(['document/unreadable', 6]);
      expect(error.message).toMatch(/policies\/\S+ is a link that leads out of the folder; it was not read$/);
      await rm(join(root, 'policies', name));
    }
    await rm(join(root, 'policies', 'chain'));
    await symlink('policies', join(root, 'current'));
    await symlink('host/secret.json', join(root, 'named.json'));
    expect(await read([join(root, 'current'), join(root, 'named.json')])).toEqual([
      './current/a.yaml: text of policies/a.yaml',
      './named.json: text of host/secret.json',
    ]);
  });

  test('a link to nothing is an error, not an empty read', async () => {
    await write('a.yaml');
    await symlink('gone.yaml', join(root, 'b.yaml'));
    const error = await refusal([root]);
    expect([error.code, error.message.replace(root, '.')]).toEqual(['document/unreadable', './b.yaml cannot be read (ENOENT)']);
  });
});

describe('paths', () => {
  test('come in the order in which they are given, each once', async () => {
    await write('b/1.yaml', 'a/2.yaml');
    expect(await read([join(root, 'b'), join(root, 'a'), join(root, 'b/1.yaml'), join(root, 'b')])).toEqual([
      './b/1.yaml: text of b/1.yaml',
      './a/2.yaml: text of a/2.yaml',
    ]);
  });

  test('are named as they were given, plainly', async () => {
    await write('policies/a.yaml');
    const [text] = await folderSource([`${root}/./policies/`], untouched).read();
    expect(text?.file).toBe(`${root}/policies/a.yaml`);
    const [relative] = await folderSource(['./test/golden/faults.yaml'], untouched).read();
    expect(relative?.file).toBe('test/golden/faults.yaml');
  });

  test('a file that is named itself is read whatever it is called', async () => {
    await write('policy.txt', '.hidden');
    expect(await read([join(root, 'policy.txt'), join(root, '.hidden')])).toHaveLength(2);
  });

  test('one that does not exist is wrong usage', async () => {
    await write('a.yaml');
    const error = await refusal([join(root, 'a.yaml'), join(root, 'nope')]);
    expect([error.code, error.exitCode, error.message]).toEqual(['usage/no-such-path', 64, `${root}/nope does not exist`]);
    expect((await refusal([join(root, 'a.yaml/x')])).code).toBe('usage/no-such-path');
  });

  test('one that cannot be entered is an incomplete read', async () => {
    await symlink('loop', join(root, 'loop'));
    const error = await refusal([join(root, 'loop')]);
    expect([error.code, error.exitCode, error.message]).toEqual(['document/unreadable', 6, `${root}/loop cannot be read (ELOOP)`]);
  });

  test('no path holds nothing', async () => {
    expect(await read([])).toEqual([]);
  });
});

describe('standard input', () => {
  test('is read for -, whole', async () => {
    expect(await read(['-'], Readable.from([Buffer.from('a: ä'.slice(0, 3)), Buffer.from('ä\n')]))).toEqual(['-: a: ä\n']);
  });

  test('and never otherwise', async () => {
    await write('a.yaml');
    expect(await read([root])).toHaveLength(1);
  });
});

test('10 000 files are read, one more is refused', async () => {
  const names = Array.from({ length: 10_001 }, (_, index) => `${index}.yaml`);
  await Promise.all(names.map((name) => writeFile(join(root, name), '')));
  expect((await refusal([root])).message).toBe('more than 10000 files are to be read');
  await rm(join(root, '0.yaml'));
  expect(await folderSource([root], untouched).read()).toHaveLength(10_000);
});
