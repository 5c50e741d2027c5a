import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, runIn } from './program.ts';

// What an admin does around a pull request, with the real program: comment and page, drift, export.

let folder: string;

const padlock = (...argv: readonly string[]) => runIn(folder, argv);

/** Somebody edits the store's file with their own hands. */
function byHand(statement: string): void {
  const database = new Database(join(folder, '.padlock', 'padlock.db'));
  try {
    expect(database.prepare(statement).run().changes).toBeGreaterThan(0);
  } finally {
    database.close();
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-pull-request-'));
  cpSync(join(ROOT, 'policies'), join(folder, 'policies'), { recursive: true });
  cpSync(join(ROOT, 'padlock.yaml'), join(folder, 'padlock.yaml'));
  expect(padlock('demo', '--tour').status).toBe(0);
  const bakery = readFileSync(join(folder, 'policies/myglue/bakery.yaml'), 'utf8');
  cpSync(join(ROOT, 'policies'), join(folder, 'proposed'), { recursive: true });
  writeFileSync(join(folder, 'proposed/myglue/bakery.yaml'), bakery.replace('requireMfa: false', 'requireMfa: true'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the comment and the page: the exit code is that of the text', () => {
  test('plan', () => {
    expect(padlock('plan', 'proposed').status).toBe(4);
    const comment = padlock('plan', 'proposed', '--output', 'markdown');
    expect(comment).toMatchObject({ status: 4, stderr: '' });
    expect(comment.stdout.split('\n', 1)[0]).toBe('### padlock plan: 1 change, 1 held by a guard');
    const page = padlock('plan', 'proposed', '-o', 'html');
    expect(page).toMatchObject({ status: 4, stderr: '' });
    expect(page.stdout.startsWith('<!doctype html>')).toBe(true);
    expect(page.stdout.endsWith('</html>\n')).toBe(true);
  });

  test('a saved plan takes no text with it that holds no document of ours', () => {
    writeFileSync(
      join(folder, 'proposed/other.yaml'),
      'apiVersion: v1\nkind: Secret\nmetadata:\n  name: other\nstringData:\n  token: t0ken\n',
    );
    expect(padlock('plan', 'proposed', '--out', 'saved.plan').status).toBe(4);
    rmSync(join(folder, 'proposed/other.yaml'));
    const saved = readFileSync(join(folder, 'saved.plan'), 'utf8');
    expect(saved).toContain('proposed/myglue/bakery.yaml');
    expect(saved).not.toMatch(/other\.yaml|t0ken/);
  });

  test('apply, with what it did', () => {
    const { status, stdout } = padlock('apply', 'proposed', '--output', 'markdown');
    expect(status).toBe(4);
    expect(stdout).toContain('**nothing applied · 1 held**');
    // Its documents stand where they stood again.
    expect(padlock('apply').status).toBe(0);
  });

  test('a format that a command does not have is wrong usage', () => {
    expect(padlock('apply', '--output', 'html').status).toBe(64);
    expect(padlock('status', '--output', 'markdown').status).toBe(64);
  });
});

describe('drift', () => {
  test('none: 0, whatever is compared', () => {
    expect(padlock('drift')).toMatchObject({ status: 0, stdout: expect.stringContaining('no drift') });
    expect(padlock('drift', '--store-only')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('no declared documents compared'),
    });
    expect(padlock('drift', 'policies', '--store-only').status).toBe(64);
  });

  test('a row edited by hand: 2, named; plan shows it, apply restores it, and then there is none', () => {
    byHand("update terms set require_mfa = 0 where scope_id = (select id from scopes where key = 'northwind')");
    const { status, stdout } = padlock('drift', '--store-only');
    expect(status).toBe(2);
    expect(stdout).toContain('account northwind · changed by hand · policies/account.yaml:9');
    expect(stdout).toContain('requireMfa was true, is false');
    const json = JSON.parse(padlock('drift', '-o', 'json').stdout) as object;
    expect(json).toMatchObject({
      kind: 'DriftResult',
      ok: true,
      exitCode: 2,
      findings: [{ kind: 'by-hand', of: 'scope', name: 'northwind', fields: [{ field: 'requireMfa', was: true, is: false }] }],
    });
    expect(padlock('plan', '--detailed-exitcode')).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('restore requireMfa false → true'),
    });
    expect(padlock('apply')).toMatchObject({ status: 0, stdout: expect.stringContaining('applied 1 change') });
    expect(padlock('drift').status).toBe(0);
  });

  test('no document at all is an incomplete read, and no drift', () => {
    mkdirSync(join(folder, 'empty'));
    expect(padlock('drift', 'empty').status).toBe(6);
    expect(padlock('drift', 'nowhere').status).toBe(64);
  });
});

describe('export', () => {
  test('to a folder: valid, and the next plan is empty', () => {
    expect(padlock('export', '--out', 'exported')).toMatchObject({ status: 0, stdout: '6 documents written to exported\n' });
    expect(readdirSync(join(folder, 'exported'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.yaml'))).toHaveLength(6);
    const text = readFileSync(join(folder, 'exported/northwind/account.yaml'), 'utf8');
    expect(text).toMatch(
      /^# Exported by padlock \S+ on \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ from \.padlock\/padlock\.db: what is in force\.\napiVersion: /,
    );
    expect(padlock('validate', 'exported').status).toBe(0);
    expect(padlock('plan', 'exported', '--detailed-exitcode').status).toBe(0);
    expect(padlock('drift', 'exported').status).toBe(0);
  });

  test('to a pipe: one stream of documents', () => {
    const { status, stdout } = padlock('export');
    expect(status).toBe(0);
    writeFileSync(join(folder, 'stream.yaml'), stdout);
    expect(padlock('plan', 'stream.yaml', '--detailed-exitcode').status).toBe(0);
    const json = JSON.parse(padlock('export', '-o', 'json').stdout) as { documents: unknown[] };
    expect(json).toMatchObject({ kind: 'ExportResult', ok: true, out: null, elsewhere: [] });
    expect(json.documents).toHaveLength(6);
  });

  test('never among files that were there before', () => {
    writeFileSync(join(folder, 'exported/other.yaml'), '');
    for (const target of ['exported', 'exported/other.yaml']) {
      expect(padlock('export', '--out', target)).toMatchObject({
        status: 64,
        stdout: '',
        stderr: expect.stringContaining('nothing was written'),
      });
    }
    expect(padlock('export', '--account', 'southwind').status).toBe(1);
  });
});

test('PLN-07: every document but one is renamed away: plan keeps each requirement, drift names each orphan, 2', () => {
  const clinic = join(folder, 'policies/myglue/clinic.yaml');
  const garage = join(folder, 'policies/myglue/garage.yaml');
  for (const file of [clinic, garage]) renameSync(file, `${file}.bak`);
  expect(padlock('plan')).toMatchObject({ status: 0 });
  const { status, stdout } = padlock('drift');
  expect(status).toBe(2);
  expect(stdout.match(/document gone, requirement kept/g)).toHaveLength(2);
  for (const name of ['clinic', 'garage']) expect(stdout).toContain(`! myglue ${name} of northwind`);
  for (const file of [clinic, garage]) renameSync(`${file}.bak`, file);
});
