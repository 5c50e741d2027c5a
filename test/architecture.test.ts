import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { cruise, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** The world comes in through ports; these are its doors, and compose.ts alone opens them. */
const DOORS: Readonly<Record<string, RegExp>> = {
  'the environment': /\bprocess\s*\.\s*env\b|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/,
  'the clock':
    /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(\(\s*\)|(?!\s*\())|\bperformance\s*\.\s*(now|timeOrigin)\b|\bhrtime\b|\bTemporal\s*\.\s*Now\b/,
  randomness: /\bMath\s*\.\s*random\b|\brandom(Bytes|UUID|Int|Fill|FillSync)\b|\bgetRandomValues\b|\bgenerateKey(Sync|Pair|PairSync)?\b/,
  // Adapters that write SQL would otherwise ask the database for what the ports give.
  "the database's clock and randomness":
    /\bCURRENT_TIMESTAMP\b|\bdatetime\s*\(\s*'now'|\bstrftime\s*\([^)]*'now'|\bunixepoch\s*\(\s*\)|\brandomblob\b|\bRANDOM\s*\(\s*\)/,
};
const COMPOSE = join('src', 'apps', 'compose.ts');

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

function openedDoors(text: string): string[] {
  return Object.keys(DOORS).filter((door) => DOORS[door]?.test(withoutComments(text)));
}

describe('only compose.ts reads the environment, the clock and randomness', () => {
  test('in all of src/', () => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join('src', file));
    expect(files.length).toBeGreaterThan(10);
    const found = files.flatMap((file) => openedDoors(readFileSync(join(ROOT, file), 'utf8')).map((door) => `${file} opens ${door}`));
    expect(found.filter((line) => !line.startsWith(COMPOSE))).toEqual([]);
  });

  test.each([
    ['const home = process.env.HOME;', ['the environment']],
    ['const { env } = process;', ['the environment']],
    ['const now = Date.now();', ['the clock']],
    ['const now = new Date();', ['the clock']],
    ['const now = new Date;', ['the clock']],
    ['const now = performance.now();', ['the clock']],
    ['const dice = Math.random();', ['randomness']],
    ["import { randomUUID } from 'node:crypto';", ['randomness']],
    ['const nonce = randomBytes(12);', ['randomness']],
    ["sql`SELECT datetime('now')`", ["the database's clock and randomness"]],
    ['const day = new Date(instant).toISOString();', []],
    ['const day = new Date(Date.UTC(2026, 1, 1));', []],
    ['// Date.now() would be wrong here\nconst environment = 1;', []],
    ['/** Never Math.random(). */\nconst processed = environment;', []],
  ])('%s', (text, doors) => {
    expect(openedDoors(text)).toEqual(doors);
  });
});

/** A file, what it imports (`lazy`: when called; `type`: its types alone), and the rule that refuses it; none for an edge that stands. */
const EDGES: readonly (readonly [from: string, to: string, rule?: string])[] = [
  ['src/core/model/a.ts', 'src/core/model/b.ts'],
  ['src/core/model/c.ts', 'src/core/ports/b.ts', 'core-model'],
  ['src/core/ports/a.ts', 'src/core/model/b.ts'],
  ['src/core/ports/c.ts', 'src/core/documents/b.ts', 'core-ports'],
  ['src/core/documents/a.ts', 'yaml'],
  ['src/core/documents/b2.ts', 'src/core/ports/b.ts'],
  ['src/core/documents/schema.ts', 'typebox'],
  ['src/core/documents/c.ts', 'typebox', 'documents-use-yaml'],
  ['src/core/documents/d.ts', 'src/core/policy/b.ts', 'core-documents'],
  ['src/core/policy/a.ts', 'src/core/documents/b.ts'],
  ['src/core/policy/c.ts', 'src/core/plan/b.ts', 'core-policy'],
  ['src/core/policy/d.ts', 'yaml', 'core-uses-no-package'],
  ['src/core/plan/a.ts', 'src/core/policy/b.ts'],
  ['src/core/plan/c.ts', 'src/core/rights/b.ts', 'core-plan'],
  ['src/core/plan/d.ts', 'node:crypto'],
  ['src/core/plan/e.ts', 'node:fs', 'core-is-pure'],
  ['src/core/plan/f.ts', 'src/flows/reconcile/b.ts', 'core-knows-no-floor-above'],
  ['src/core/report/a.ts', 'src/core/documents/values.ts'],
  ['src/core/report/c.ts', 'src/core/documents/b.ts', 'core-report'],
  ['src/core/rights/c.ts', 'src/core/policy/b.ts', 'core-rights'],
  ['src/core/authentication/a.ts', 'src/core/model/b.ts'],
  ['src/core/authentication/c.ts', 'src/core/rights/b.ts', 'core-authentication'],
  ['src/core/authentication/d.ts', 'otplib', 'core-uses-no-package'],
  ['src/core/authentication/kinds/totp/a.ts', 'otplib'],
  ['src/core/authentication/kinds/totp/c.ts', 'lazy @simplewebauthn/server', 'kind-uses-otplib'],
  ['src/core/authentication/kinds/passkey/a.ts', 'lazy @simplewebauthn/server'],
  ['src/core/authentication/kinds/passkey/c.ts', '@simplewebauthn/server', 'heavy-packages-on-demand'],
  ['src/core/authentication/kinds/passkey/d.ts', 'otplib', 'kind-uses-@simplewebauthn/server'],
  ['src/core/helpers/a.ts', 'src/core/model/b.ts'],
  ['src/flows/reconcile/h.ts', 'src/core/helpers/a.ts', 'core-has-known-rooms'],
  ['src/flows/reconcile/a.ts', 'src/core/plan/b.ts'],
  ['src/flows/reconcile/c.ts', 'src/adapters/store/b.ts', 'flows-know-core-alone'],
  ['src/flows/reconcile/d.ts', 'node:fs', 'flows-know-core-alone'],
  ['src/adapters/store/a.ts', 'src/core/ports/b.ts'],
  ['src/adapters/store/c.ts', 'src/core/policy/b.ts', 'adapters-know-model-and-ports'],
  ['src/adapters/store/d.ts', 'src/adapters/directory/b.ts', 'adapters-never-each-other'],
  ['src/adapters/store/e.ts', 'src/flows/reconcile/b.ts', 'adapters-know-model-and-ports'],
  ['src/adapters/directory/itglue/a.ts', 'src/adapters/directory/rows/b.ts'],
  ['src/adapters/directory/itglue/c.ts', 'src/adapters/directory/file/b.ts', 'directories-share-rows-alone'],
  ['src/adapters/directory/rows/c.ts', 'src/adapters/directory/file/b.ts', 'directories-share-rows-alone'],
  ['src/adapters/kubernetes/a.ts', 'src/core/model/b.ts', 'adapter-kubernetes-knows-nothing-of-padlock'],
  ['src/adapters/kubernetes/c.ts', '@pulumi/pulumi', 'heavy-packages-on-demand'],
  ['src/adapters/kubernetes/d.ts', 'lazy @pulumi/pulumi'],
  ['src/adapters/hasher/a.ts', '@node-rs/argon2'],
  ['src/adapters/store/f.ts', '@node-rs/argon2', 'home-of-@node-rs/argon2'],
  ['src/adapters/passwords/a.ts', 'lazy @zxcvbn-ts/language-common'],
  ['src/flows/sign-in/a.ts', 'otplib', 'home-of-otplib'],
  ['src/apps/compose.ts', 'src/adapters/store/b.ts'],
  ['src/apps/cli/doctor.ts', 'type src/adapters/store/b.ts'],
  ['src/apps/cli/plan.ts', 'src/adapters/store/b.ts', 'only-compose-names-adapters'],
  ['src/apps/cli/apply.ts', 'src/apps/cli/output/b.ts'],
  ['src/apps/cli/status.ts', 'src/apps/cli/plan.ts', 'commands-never-each-other'],
  ['src/apps/cli/main.ts', 'src/apps/cli/apply.ts'],
  ['src/apps/portal/a.ts', 'src/apps/configuration/b.ts'],
  ['src/apps/portal/qr.ts', 'qrcode'],
  ['src/apps/portal/e.ts', 'qrcode', 'home-of-qrcode'],
  ['src/apps/portal/c.ts', 'src/apps/cli/plan.ts', 'apps-never-each-other'],
  ['src/apps/portal/d.ts', 'src/apps/cli/main.ts', 'nobody-imports-entry-points'],
  ['src/core/policy/e.ts', 'src/core/policy/f.ts', 'no-cycles'],
  // The same cycle, which is reported once.
  ['src/core/policy/f.ts', 'src/core/policy/e.ts'],
  ['src/core/policy/g.ts', 'src/core/policy/nowhere.ts', 'everything-resolves'],
  ['src/apps/cli/drift.ts', 'vitest', 'only-declared-packages'],
];

/** Packages that the edges name. */
const PACKAGES = [
  'yaml',
  'typebox',
  'vitest',
  'otplib',
  'qrcode',
  '@simplewebauthn/server',
  '@node-rs/argon2',
  '@zxcvbn-ts/language-common',
];

describe('dependency rules', () => {
  let root: string;
  let broken: Map<string, Set<string>>;

  /** A tree that holds every edge of the table, cruised by the repository's own rules. */
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'padlock-edges-'));
    const text = new Map<string, string>();
    text.set('src/core/model/alone.ts', 'export const b = 1;\n');
    for (const [from, edge] of EDGES) {
      const to = edge.replace(/^(lazy|type) /, '');
      const inTree = to.startsWith('src/');
      const name = `'${inTree ? `./${relative(dirname(from), to)}` : to}'`;
      text.set(
        from,
        edge.startsWith('lazy ')
          ? `await import(${name});\n`
          : edge.startsWith('type ')
            ? `import type { b } from ${name};\n`
            : `import ${name};\n`,
      );
      if (inTree && !text.has(to) && !to.includes('nowhere')) text.set(to, 'export const b = 1;\n');
    }
    for (const [path, content] of text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    manifest.dependencies['@pulumi/pulumi'] = '*';
    writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
    mkdirSync(join(root, 'node_modules', '@pulumi', 'pulumi'), { recursive: true });
    writeFileSync(join(root, 'node_modules', '@pulumi', 'pulumi', 'index.js'), '');
    for (const name of PACKAGES) {
      mkdirSync(dirname(join(root, 'node_modules', name)), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), join(root, 'node_modules', name));
    }
    broken = await cruiseTree(root);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test.each(EDGES.map(([from, to, rule]) => [from, to, rule ?? 'stands'] as const))('%s → %s: %s', (from, _to, rule) => {
    const rules = [...(broken.get(from) ?? [])];
    if (rule === 'stands') expect(rules).toEqual([]);
    else expect(rules).toContain(rule);
  });

  test('a file that nobody imports is found', () => {
    expect([...broken].filter(([, rules]) => rules.has('no-orphans')).map(([file]) => file)).toEqual(['src/core/model/alone.ts']);
  });
});

/** The names of the rules that each file of a tree breaks. */
async function cruiseTree(baseDir: string): Promise<Map<string, Set<string>>> {
  const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
  const { tsConfig: _, ...rest } = options;
  const ruleSet: IFlattenedRuleSet = { forbidden };
  const result = await cruise(['src'], { ...rest, baseDir, ruleSet, validate: true }, rest.enhancedResolveOptions);
  const found = new Map<string, Set<string>>();
  for (const { from, rule } of (result.output as ICruiseResult).summary.violations) {
    const rules = found.get(from) ?? new Set();
    found.set(from, rules.add(rule.name));
  }
  return found;
}
