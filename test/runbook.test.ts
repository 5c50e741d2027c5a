import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'runbook.md'), 'utf8');

interface Step {
  readonly command: string;
  readonly status: number;
  readonly says: string;
}

/** The page's sections, each with its commands in order, and how each is said to end. */
const SECTIONS = PAGE.split(/^## /m).map((text) => ({
  title: text.startsWith('#') ? 'First' : (text.split('\n', 1)[0] ?? ''),
  steps: [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap((block) => (block[1] ?? '').trimEnd().split('\n').map(stepOf)),
}));

function stepOf(line: string): Step {
  const { command, status, says } =
    /^(?<command>.*?)(?: +# (?:ends with (?<status>\d+))?(?:, and )?(?:says: (?<says>.+))?)?$/.exec(line)?.groups ?? {};
  return { command: command ?? '', status: Number(status ?? 0), says: says ?? '' };
}

let home: string;
let folder: string;
let count = 0;
const env = {
  TZ: 'UTC',
  HOME: '',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'ops'],
      [`GIT_${who}_EMAIL`, 'ops@northwind.example'],
    ]),
  ),
};

function run(command: string) {
  const PATH = `${join(home, 'bin')}:${process.env['PATH']}`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', env: { ...env, HOME: home, PATH } });
  return { status, said: stdout + stderr };
}

function done(...commands: readonly string[]) {
  for (const command of commands) expect({ command, ...run(command) }).toMatchObject({ status: 0 });
}

function sql(text: string) {
  const database = new Database(join(folder, '.padlock', 'padlock.db'));
  database.exec(text);
  database.close();
}

/** What has gone wrong before a section begins. */
const PREPARED: Readonly<Record<string, () => void>> = {
  First: () => undefined,
  'Somebody is locked out': () => undefined,
  'A reset waits for approval': () => undefined,
  'A bad policy was merged': () => {
    const file = join(folder, 'policies/myglue/clinic.yaml');
    done('git init -q', 'git add policies', 'git commit -qm before');
    writeFileSync(file, readFileSync(file, 'utf8').replace('14d', '0d'));
    done('git commit -qam "No grace for the clinic"', 'padlock apply policies/');
  },
  'The key is lost': () => {
    mkdirSync(join(folder, 'safe'));
    renameSync(join(folder, '.padlock/keys.json'), join(folder, 'safe/keys.json'));
  },
  'The key is lost for good': () => rmSync(join(folder, '.padlock/keys.json')),
  'A key may be known to others': () => undefined,
  'The store is lost, and a backup is restored': () =>
    done(
      'padlock directory export --account northwind --out people.csv',
      'padlock store backup backup.db',
      "padlock reset carla@northwind.example --account northwind --reason 'stolen phone' --request-id HELP-1043",
    ),
  'The heads are lost': () => rmSync(join(folder, '.padlock/heads.jsonl')),
  'The audit log does not verify': () => sql("update audit set body = replace(body, 'factor.seed', 'factor.none') where seq = 2"),
  'The sole administrator is gone': () => {
    const gone = "(select id from users where address in ('admin.dana@northwind.example', 'ilse@northwind.example'))";
    sql(`update users set enabled = 0 where id in ${gone}; update memberships set active = 0 where user_id in ${gone}`);
  },
};

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'padlock-runbook-'));
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin', 'padlock'), `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'bin', 'padlock.mjs')}' "$@"\n`);
  chmodSync(join(home, 'bin', 'padlock'), 0o755);
  folder = join(home, 'template');
  mkdirSync(folder);
  cpSync(join(ROOT, 'policies'), join(folder, 'policies'), { recursive: true });
  cpSync(join(ROOT, 'padlock.yaml'), join(folder, 'padlock.yaml'));
  done('padlock demo', 'padlock apply policies/');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

beforeEach(() => {
  count += 1;
  folder = join(home, String(count));
  cpSync(join(home, 'template'), folder, { recursive: true });
});

describe('docs/runbook.md', () => {
  test.each(SECTIONS.map((section) => [section.title, section] as const))('%s', (title, { steps }) => {
    const prepare = PREPARED[title];
    if (prepare === undefined) throw new Error(`nothing is prepared for "${title}"`);
    prepare();
    expect(steps.length).toBeGreaterThan(0);
    for (const { command, status, says } of steps) {
      const ended = run(command);
      expect(ended.status, `${command}\n${ended.said}`).toBe(status);
      // Whatever the width, words are told in one piece.
      expect(ended.said.replace(/\s+/g, ' '), command).toContain(says);
    }
  });

  test('has every section that the program sends its readers to', () => {
    const sent = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...readFileSync(join(ROOT, 'src', file), 'utf8').matchAll(/"([^"\n]+)" in docs\/runbook\.md/g)])
      .map((match) => match[1] ?? '');
    expect(sent.length).toBeGreaterThan(3);
    expect(sent.filter((title) => !SECTIONS.some((section) => section.title === title))).toEqual([]);
  });

  test('has a section for all that is prepared, and says how at least half of its steps end', () => {
    expect(SECTIONS.map((section) => section.title)).toEqual(Object.keys(PREPARED));
    const steps = SECTIONS.flatMap((section) => section.steps);
    expect(steps.filter((step) => step.says !== '').length).toBeGreaterThan(steps.length / 2);
  });
});

test('after the key was lost for good, one reset leaves one factor less unreadable, and the rest enrolled', () => {
  rmSync(join(folder, '.padlock/keys.json'));
  done('padlock keys rotate --lost');
  const unreadable = () => {
    const { unreadable: found } = JSON.parse(run('padlock status --output json').said) as { unreadable: { count: number } };
    return found.count;
  };
  const before = unreadable();
  expect(before).toBeGreaterThan(20);
  done("padlock reset carla@northwind.example --account northwind --reason 'key lost'");
  expect(unreadable()).toBe(before - 1);
});
