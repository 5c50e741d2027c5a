import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { bashCompletion } from '../../../../src/apps/cli/completion/bash.ts';
import { fishCompletion } from '../../../../src/apps/cli/completion/fish.ts';
import { completedCommands } from '../../../../src/apps/cli/completion/tree.ts';
import { zshCompletion } from '../../../../src/apps/cli/completion/zsh.ts';
import { COMMANDS } from '../../../../src/apps/cli/main.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
let folder: string;
const scripts: Record<string, string> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-completion-'));
  mkdirSync(join(folder, 'policies'));
  mkdirSync(join(folder, 'plan'));
  writeFileSync(join(folder, 'policies', 'a b.yaml'), '');
  writeFileSync(join(folder, 'people.csv'), '');
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin', 'padlock.mjs'), 'completion', shell], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    scripts[shell] = stdout;
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the real bash would offer for a line whose words, split as bash splits them, are these; the last is being written. */
function offered(...words: readonly string[]): string[] {
  const ask = `set -u
source /dev/stdin <<'SCRIPT'
${scripts['bash']}
SCRIPT
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_padlock
for word in \${COMPREPLY[@]+"\${COMPREPLY[@]}"}; do printf '%s\\n' "$word"; done`;
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '--noprofile', '-c', ask, 'bash', 'padlock', ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('bash, the real one', () => {
  test('commands: every one of them', () => {
    expect(offered('')).toEqual(COMMANDS.map((c) => c.name));
    expect(offered('e')).toEqual(['explain', 'export']);
    expect(offered('directory', '')).toEqual(['import', 'export', 'erase']);
  });

  test('options of the command, the common ones with them', () => {
    expect(offered('plan', '--')).toEqual(
      expect.arrayContaining(['--out', '--output', '--names', '--detailed-exitcode', '--help', '--config']),
    );
    expect(offered('plan', '--store')).toEqual([]);
    expect(offered('drift', '--store')).toEqual(['--store-only']);
    expect(offered('directory', 'export', '--f')).toContain('--format');
    expect(offered('--v')).toEqual(['--version']);
  });

  test('values where they are known, however they are written', () => {
    expect(offered('plan', '--output', '')).toEqual(['text', 'json', 'markdown', 'html']);
    expect(offered('plan', '-o', 'm')).toEqual(['markdown']);
    expect(offered('plan', '--output', '=')).toEqual(['text', 'json', 'markdown', 'html']);
    expect(offered('plan', '--output', '=', 'h')).toEqual(['html']);
    expect(offered('apply', '--output', 'h')).toEqual([]);
    expect(offered('schema', '')).toEqual(['documents', 'configuration']);
    expect(offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  test('files where files belong, a name with a blank whole', () => {
    expect(offered('plan', 'p').sort()).toEqual(['people.csv', 'plan', 'policies']);
    expect(offered('validate', 'policies/')).toEqual(['policies/a b.yaml']);
    expect(offered('plan', '--out', 'peo')).toEqual(['people.csv']);
    expect(offered('directory', 'import', 'peo')).toEqual(['people.csv']);
  });

  test('nothing where only people know, and nothing after a word that is no command', () => {
    expect(offered('explain', '')).toEqual([]);
    expect(offered('status', '--account', '')).toEqual([]);
    expect(offered('status', '--names', '')).toEqual([]);
  });

  test('a value that reads like a command is none', () => {
    expect(offered('plan', '--out', 'apply', '--detailed')).toEqual(['--detailed-exitcode']);
  });
});

describe.each(['bash', 'zsh', 'fish'])('the script for %s', (shell) => {
  it('says how to use it, and is complete', () => {
    const script = scripts[shell] ?? '';
    expect(script).toMatch(new RegExp(`# padlock completion for ${shell}; use it with: .*padlock completion ${shell}`));
    for (const { name } of COMMANDS) expect(script).toContain(name);
    expect(script).toContain('store-only');
  });

  it.skipIf(spawnSync(shell, ['-c', 'exit 0']).status !== 0)('is understood by the shell', () => {
    const { status, stderr } = spawnSync(shell, ['-n'], { input: scripts[shell], encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('as one JSON document', () => {
    const { stdout } = spawnSync(process.execPath, [join(ROOT, 'bin', 'padlock.mjs'), 'completion', shell, '-o', 'json'], {
      encoding: 'utf8',
    });
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'CompletionResult', ok: true, shell, script: scripts[shell] });
  });
});

describe('what is read from commands', () => {
  const program = new Command('padlock').option('--config <file>', "the owner's file");
  program
    .command('act')
    .summary("it's an act")
    .addOption(new Option('-f, --form <form>', 'a form').choices(['round', 'square']))
    .option('--reason <text>', 'why')
    .option('--quiet', 'say nothing')
    .addArgument(new Argument('[paths...]', 'files'));
  const commands = completedCommands(program);

  it('paths, choices, texts and flags apart', () => {
    expect(commands.map((c) => c.path)).toEqual(['', 'act']);
    expect(commands[0]).toMatchObject({
      commands: [{ name: 'act', summary: "it's an act" }],
      options: [
        { flags: ['--config'], value: 'path' },
        { flags: ['-h', '--help'], value: null },
      ],
    });
    expect(commands[1]).toMatchObject({
      operands: ['path'],
      options: [
        { flags: ['-f', '--form'], value: { words: ['round', 'square'] } },
        { flags: ['--reason'], value: 'text' },
        { flags: ['--quiet'], value: null },
        {},
      ],
    });
  });

  it('apostrophes in what is said are quoted as each shell wants it', () => {
    expect([...zshCompletion(commands)].join('\n')).toContain("'act:it'\\''s an act'");
    expect([...fishCompletion(commands)].join('\n')).toContain("-a act -d 'it\\'s an act'");
    const bash = [...bashCompletion(commands)].join('\n');
    expect(bash).not.toContain('act: ');
    expect(spawnSync('bash', ['-n'], { input: bash, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('fish: a nested quote is quoted twice', () => {
    expect([...fishCompletion(commands)].join('\n')).toContain("-n '__padlock_at \\'act\\''");
  });
});
