import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');

const KUBECONFORM = 'v0.8.0';

/** kubeconform, built by Go into a cache outside the checkout; nothing where there is no Go. */
export function kubeconform(): string | undefined {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'padlock-bench', `kubeconform-${KUBECONFORM}`);
  const program = join(folder, 'kubeconform');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  try {
    const module = `github.com/yannh/kubeconform/cmd/kubeconform@${KUBECONFORM}`;
    execFileSync('go', ['install', module], { env: { ...process.env, GOBIN: folder, GOFLAGS: '' }, stdio: 'inherit' });
  } catch (error) {
    console.error(`kubeconform cannot be built: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  return program;
}

/** The package as it is installed: the bundle, without the sources, in a folder of its own. */
export function bundled(): string {
  const folder = mkdtempSync(join(tmpdir(), 'padlock-bench-'));
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.ts'), join(folder, 'dist')], { stdio: 'ignore' });
  for (const path of ['bin', 'package.json']) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'bin', 'padlock.mjs');
}

/** The program of the checkout. */
export const SOURCE = join(ROOT, 'bin', 'padlock.mjs');
