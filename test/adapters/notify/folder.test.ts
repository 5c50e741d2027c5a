import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderNotifier } from '../../../src/adapters/notify/folder.ts';
import { type Inbox, notifierContract } from '../../contract/notifier.ts';
import { RANDOM, temporaryFolder } from '../store/opened.ts';

/** A folder that is not there yet. */
function openFolder(): Inbox & { readonly folder: string } {
  const home = temporaryFolder();
  const folder = join(home.path, 'deep', 'mail');
  let now = Date.UTC(2026, 10, 25);
  const clock = { now: () => (now += 1) };
  const notifier = folderNotifier({ folder, from: 'Northwind IT <mfa@northwind.example>', clock, random: RANDOM });
  return {
    folder,
    notifier,
    mails: async () =>
      (statSync(folder, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(folder).sort()).map((name) =>
        mailIn(join(folder, name)),
      ),
    breakDown: async () => {
      mkdirSync(join(home.path, 'deep'), { recursive: true });
      writeFileSync(folder, 'a file in its place');
    },
    close: async () => home.remove(),
  };
}

function mailIn(path: string) {
  const whole = readFileSync(path, 'utf8');
  const end = whole.indexOf('\n\n');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(whole.slice(0, end))?.[1] ?? '';
  return { to: header('To'), subject: header('Subject'), text: whole.slice(end + 2) };
}

notifierContract('mails in a folder', async () => openFolder());

test('each is for its owner alone, whole, and nothing else is left', async () => {
  const { notifier, folder, close } = openFolder();
  await Promise.all([1, 2, 3, 4].map((n) => notifier.send({ to: 'a@b.example', subject: String(n), text: 'x\n' })));
  const names = readdirSync(folder);
  expect(names).toHaveLength(4);
  for (const name of names) {
    expect(name).toMatch(/^2026-11-25T[\d-]+\.\d{3}Z-[0-9a-f]{8}\.eml$/);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  }
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  await close();
});
