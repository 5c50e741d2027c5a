import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

describe('the package as npm packs it', () => {
  let home: string;
  let root: string;
  let paths: string[];

  /** Packed and unpacked by hand, with the bundle built into it: the checkout's own dist/ is left alone. */
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'padlock-package-'));
    root = join(home, 'padlock');
    const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
    const packed: { path: string }[] = Object.values(JSON.parse(listed) as Record<string, { files: { path: string }[] }>).flatMap(
      ({ files }) => files,
    );
    paths = packed.map(({ path }) => path).filter((path) => !path.startsWith('dist/'));
    for (const path of paths) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      cpSync(join(ROOT, path), join(root, path));
    }
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.ts'), join(root, 'dist')], { stdio: 'pipe' });
    symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test('holds the program, the examples and the papers, and nothing of the workshop', () => {
    expect(paths).toEqual(expect.arrayContaining(['bin/padlock.mjs', 'LICENSE', 'CHANGELOG.md', 'package.json']));
    expect(paths.filter((path) => !/^(bin|policies)\/|^[^/]+$/.test(path))).toEqual([]);
    expect(paths.filter((path) => /\.ts$|lock\.json$/.test(path))).toEqual([]);
  });

  test('has nothing that publint finds fault with', async () => {
    const { messages } = await publint({ pkgDir: root, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, MANIFEST))).toEqual([]);
  });

  test('runs without src/', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin', 'padlock.mjs'), '--version'], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${MANIFEST.version}\n`, stderr: '' });
  });

  test('loads what a command needs when it is called: the entry is a small part of the whole', () => {
    const size = (file: string) => readFileSync(join(root, 'dist', file)).length;
    const whole = readdirSync(join(root, 'dist')).reduce((sum, file) => sum + size(file), 0);
    expect(size('padlock.mjs')).toBeLessThan(whole / 4);
  });
});

test('every version is exact', () => {
  const { dependencies, optionalDependencies, devDependencies } = MANIFEST;
  const versions = Object.values<string>({ ...dependencies, ...optionalDependencies, ...devDependencies });
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
