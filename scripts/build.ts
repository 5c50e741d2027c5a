/**
 * Bundles the command line into dist/, or the folder given: `padlock.mjs` and one chunk for each part that is loaded
 * when called. Packages stay outside, so that what is installed is what the lockfile names. The folder is emptied first.
 */
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const outdir = process.argv[2] ?? join(root, 'dist');

rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: {
    padlock: 'src/apps/cli/main.ts',
    worker: 'src/apps/reading/worker.ts',
    survey: 'src/adapters/store/sqlite/survey-worker.ts',
  },
  outdir,
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node22.19',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'part-[hash]',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

const files = Object.entries(metafile.outputs);
const bytes = files.reduce((sum, [, file]) => sum + file.bytes, 0);
console.log(`${relative(process.cwd(), outdir)}: ${files.length} files, ${Math.ceil(bytes / 1024)} KiB`);
