import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, runIn } from './program.ts';

let folder: string;

/** Runs the real program in the folder. */
const padlock = (...argv: readonly string[]) => runIn(folder, argv);

interface Result {
  readonly files: readonly string[];
  readonly failedOn: readonly string[];
  readonly signedBy: string | null;
  readonly notComparable: readonly { readonly file: string; readonly why: string }[];
  readonly comparison: { readonly file: string } | null;
}

/** A report into a folder of its own, as JSON tells of it. */
function report(out: string, ...more: readonly string[]): Result & { readonly status: number | null } {
  const { status, stdout } = padlock('report', '--out', out, ...more, '--output', 'json');
  return { ...(JSON.parse(stdout) as Result), status };
}

const pathOf = (file: string | undefined) => join(folder, file ?? '');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-report-'));
  cpSync(join(ROOT, 'policies'), join(folder, 'policies'), { recursive: true });
  cpSync(join(ROOT, 'padlock.yaml'), join(folder, 'padlock.yaml'));
  expect(padlock('demo')).toMatchObject({ status: 0, stderr: '' });
  expect(padlock('apply', 'policies')).toMatchObject({ status: 0, stderr: '' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('--fail-on', () => {
  test('DEC-01: a ReportOnly scope is not enforced: exit 3, and the files are written all the same', () => {
    const result = report('failing', '--fail-on', 'not-enforced');
    expect(result).toMatchObject({ status: 3, ok: false, failedOn: ['not-enforced'] });
    expect(result.files.map((file) => existsSync(pathOf(file)))).toEqual([true, true, true, true]);
  });

  test('several, by commas or one by one; only those that are met are told', () => {
    expect(report('failing', '--fail-on', 'overdue,missing', '--fail-on', 'break-glass')).toMatchObject({
      status: 3,
      failedOn: ['missing'],
    });
    expect(report('failing', '--fail-on', 'overdue,unknown')).toMatchObject({ status: 0, ok: true, failedOn: [] });
    expect(padlock('report', '--out', 'failing', '--fail-on', 'missing').stdout).toContain('\n--fail-on: missing\n');
  });

  test('a word that is none: 64, and the list; nothing is written', () => {
    const { status, stderr } = padlock('report', '--out', 'none', '--fail-on', 'overdue,late');
    expect(status).toBe(64);
    expect(stderr).toContain('not-enforced, not-compliant, overdue, missing, unknown, break-glass');
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});

test('several at once, or within a second: each has its own name, and none is overwritten', async () => {
  const run = (format: string) =>
    new Promise<string>((resolve) => {
      const child = spawn(process.execPath, [join(ROOT, 'bin', 'padlock.mjs'), 'report', '--out', 'at-once', '--format', format], {
        cwd: folder,
      });
      let said = '';
      child.stdout.on('data', (chunk) => {
        said += chunk;
      });
      child.on('close', () => resolve(said));
    });
  const said = await Promise.all(['csv', 'json', 'html', 'csv,json'].map(run));
  const written = said.map((text) => [...text.matchAll(/^written: (.*)$/gm)].map((match) => match[1] ?? ''));
  expect(written.map((files) => files.length)).toEqual([2, 2, 2, 3]);
  // Each run's manifest proves all that the run wrote: nobody has put another in its place.
  for (const files of written) expect(padlock('report', 'verify', ...files)).toMatchObject({ status: 0 });
  const manifests = written.map((files) => files.at(-1));
  expect(new Set(manifests).size).toBe(4);
  expect(readdirSync(join(folder, 'at-once')).filter((name) => name.endsWith('.part'))).toEqual([]);
});

describe('compared with the newest in the folder', () => {
  test('a report named by hand goes before; one that is of no use is told', () => {
    const { files } = report('first', '--format', 'json');
    writeFileSync(join(folder, 'notes.json'), '{"mine":true}\n');
    expect(report('second', '--format', 'csv').comparison).toBeNull();
    expect(report('second', '--format', 'csv', '--previous', files[0] ?? '').comparison).toMatchObject({ file: basename(files[0] ?? '') });
    const foreign = report('second', '--format', 'csv', '--previous', 'notes.json');
    expect(foreign).toMatchObject({ status: 0, comparison: null });
    expect(foreign.notComparable).toEqual([{ file: 'notes.json', why: 'it is not a report that this padlock wrote' }]);
    const before = readdirSync(join(folder, 'second'));
    const absent = padlock('report', '--out', 'second', '--format', 'csv', '--previous', 'nothing.json');
    expect(absent).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('report/unreadable') });
    expect(readdirSync(join(folder, 'second'))).toEqual(before);
  });
});

describe('signed', () => {
  let files: readonly string[];
  let signed: string;
  beforeAll(() => {
    signed = 'signed';
    files = report(signed).files;
    writeFileSync(join(folder, 'auditor.pem'), padlock('report', 'key').stdout);
  });
  const verify = (...argv: readonly string[]) => padlock('report', 'verify', ...argv);

  test('each file, or the manifest for all of them, is proven: exit 0', () => {
    for (const file of files) expect(verify(file)).toMatchObject({ status: 0, stderr: '' });
    expect(verify(files.at(-1) ?? '').stdout.match(/✓/g)).toHaveLength(4);
    expect(verify(`./${files[0] ?? ''}`).status).toBe(0);
  });

  test('by the public key that an auditor holds, without any configuration', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'padlock-auditor-'));
    try {
      for (const file of files) copyFileSync(pathOf(file), join(elsewhere, basename(file)));
      copyFileSync(join(folder, 'auditor.pem'), join(elsewhere, 'auditor.pem'));
      const run = (...argv: readonly string[]) =>
        spawnSync(process.execPath, [join(ROOT, 'bin', 'padlock.mjs'), 'report', 'verify', ...argv], { cwd: elsewhere, encoding: 'utf8' });
      expect(run(basename(files[2] ?? ''), '--key', 'auditor.pem')).toMatchObject({ status: 0, stderr: '' });
      expect(run(basename(files[2] ?? ''))).toMatchObject({ status: 1, stderr: expect.stringContaining('keys/missing') });
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });

  /** A copy of the run, with something done to it. */
  const tampered = (name: string, edit: (path: (end: string) => string) => void) => {
    cpSync(join(folder, signed), join(folder, name), { recursive: true });
    const path = (end: string) => join(folder, name, basename(files.find((file) => file.endsWith(end)) ?? ''));
    edit(path);
    return (end: string) => {
      const { status, stdout } = verify(path(end));
      return { status, stdout };
    };
  };

  test('a changed byte: exit 1, of that file alone, and of all that the manifest names', () => {
    const run = tampered('changed', (path) => {
      const bytes = readFileSync(path('.html'));
      bytes[2000] = (bytes[2000] ?? 0) ^ 1;
      writeFileSync(path('.html'), bytes);
    });
    expect(run('.html')).toMatchObject({ status: 1, stdout: expect.stringContaining('it was changed after it was signed') });
    expect(run('.csv').status).toBe(0);
    const all = run('.sig.json');
    expect([all.status, all.stdout.match(/✓/g)?.length, all.stdout.match(/✗/g)?.length]).toEqual([1, 3, 1]);
  });

  test('a file taken away, one that was never signed, and a manifest taken away: exit 1', () => {
    const taken = tampered('taken', (path) => rmSync(path('.csv')));
    expect(taken('.sig.json')).toMatchObject({ status: 1, stdout: expect.stringContaining('it is missing, and the manifest names it') });
    const added = tampered('added', (path) => renameSync(path('.csv'), path('.html').replace('.html', '.txt')));
    expect(verify(join(folder, 'added', basename(files[0] ?? '').replace('.csv', '.txt')))).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('the manifest does not name it'),
    });
    expect(added('.html').status).toBe(0);
    const alone = tampered('alone', (path) => rmSync(path('.sig.json')));
    expect(alone('.html')).toMatchObject({ status: 1, stdout: expect.stringContaining('nothing proves it') });
  });

  test('a changed manifest, and one of another key: exit 1', () => {
    const manifest = tampered('manifest', (path) =>
      writeFileSync(path('.sig.json'), readFileSync(path('.sig.json'), 'utf8').replace('0.1.0', '0.1.1')),
    );
    expect(manifest('.csv')).toMatchObject({ status: 1, stdout: expect.stringContaining('its signature does not hold') });
    const other = spawnSync(process.execPath, [join(ROOT, 'bin', 'padlock.mjs'), 'report', 'key', '--create'], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], PADLOCK_SIGNING: join(folder, 'other', 'signing.pem') },
    });
    writeFileSync(join(folder, 'other.pem'), other.stdout);
    const stranger = verify(files[0] ?? '', '--key', 'other.pem');
    expect(stranger).toMatchObject({ status: 1, stdout: expect.stringContaining('which is not known') });
    expect(verify(files[0] ?? '', '--key', 'other.pem', '--key', 'auditor.pem').status).toBe(0);
  });

  test('every outcome is one JSON document', () => {
    const { status, stdout } = verify(files[0] ?? '', 'nothing.csv', '--output', 'json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'ReportResult',
      ok: false,
      exitCode: 1,
      files: [{ wrong: null }, { file: 'nothing.csv' }],
    });
    expect(JSON.parse(padlock('report', 'key', '--output', 'json').stdout)).toMatchObject({ ok: true, algorithm: 'Ed25519' });
  });

  test('the key is its owner alone, and stands in no output', () => {
    const path = join(folder, '.padlock', 'signing.pem');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const secret = readFileSync(path, 'utf8').split('\n')[1] ?? '';
    expect(secret.length).toBeGreaterThan(40);
    const outputs = [padlock('report', 'key'), padlock('report', 'key', '--verbose'), verify(files[0] ?? '')].map(
      ({ stdout, stderr }) => stdout + stderr,
    );
    for (const text of [...outputs, ...files.map((file) => readFileSync(pathOf(file), 'utf8'))])
      expect(text).not.toContain(secret.slice(-30));
  });
});

describe('without a key', () => {
  const keyless = (run: () => void) => {
    const path = join(folder, '.padlock', 'signing.pem');
    renameSync(path, `${path}.away`);
    try {
      run();
    } finally {
      renameSync(`${path}.away`, path);
    }
  };

  test('no report is written, rather than one that only looks signed; --unsigned writes one that says so', () => {
    keyless(() => {
      expect(padlock('report', '--out', 'keyless')).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringContaining('keys/missing'),
      });
      expect(existsSync(join(folder, 'keyless'))).toBe(false);
      const { files, signedBy, status } = report('keyless', '--unsigned');
      expect([status, signedBy, files.length]).toEqual([0, null, 3]);
      expect(readFileSync(pathOf(files[2]), 'utf8')).toContain('not signed: nothing proves that it was not changed');
      expect(padlock('report', 'verify', files[0] ?? '').status).toBe(1);
      expect(readdirSync(join(folder, 'keyless')).filter((file) => file.endsWith('.sig.json'))).toEqual([]);
    });
  });

  test('a key that cannot be read is not replaced', () => {
    const path = join(folder, '.padlock', 'signing.pem');
    keyless(() => {
      writeFileSync(path, 'broken');
      try {
        expect(padlock('report', 'key', '--create')).toMatchObject({ status: 1, stderr: expect.stringContaining('keys/invalid') });
        expect(readFileSync(path, 'utf8')).toBe('broken');
      } finally {
        rmSync(path);
      }
    });
  });
});
