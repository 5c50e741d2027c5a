import { readFileSync } from 'node:fs';
import { PadlockError } from '../core/model/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Notifier } from '../core/ports/notifier.ts';
import type { CommonPasswords } from '../core/ports/passwords.ts';
import type { Random } from '../core/ports/random.ts';
import type { KeptReports } from '../flows/administering/archive.ts';
import type { OperatedWorld } from '../flows/world.ts';
import type { MailConfiguration, PortalConfiguration } from './configuration/portal.ts';
import type { RunningPortal } from './portal/run.ts';

/** Composes and starts a portal over a world, and loads for it what nothing else needs: the other half of compose.ts. */
export async function startPortal(
  portal: PortalConfiguration,
  reports: KeptReports,
  world: OperatedWorld,
  random: Random,
  alone: boolean,
): Promise<RunningPortal> {
  const [{ argon2Hasher }, { runPortal }, { portalLog }] = await Promise.all([
    import('../adapters/hasher/argon2.ts'),
    import('./portal/run.ts'),
    import('./portal/log.ts'),
  ]);
  const { tls, breachedPasswords } = portal;
  return runPortal({
    portal,
    reports,
    world,
    alone,
    random,
    hasher: argon2Hasher(),
    passwords: await commonPasswords(breachedPasswords),
    notifier: await notifierOf(portal.mail, world.clock, random),
    log: portalLog(world.clock),
    certificate: tls && { certificate: textOf(tls.certificate), key: textOf(tls.key) },
  });
}

/** The well-known ones, and those of a file, which is tried at the start: else the first who chooses a password would find it missing. */
async function commonPasswords(file: string | undefined): Promise<CommonPasswords> {
  const { wellKnownPasswords } = await import('../adapters/passwords/well-known.ts');
  const known = await wellKnownPasswords();
  if (file === undefined) return known;
  const { breachedPasswords } = await import('../adapters/passwords/breached.ts');
  const breached = breachedPasswords(file);
  breached.has('');
  return { has: (password) => known.has(password) || breached.has(password) };
}

async function notifierOf(mail: MailConfiguration, clock: Clock, random: Random): Promise<Notifier> {
  if (mail.by === 'server') {
    const { mailNotifier } = await import('../adapters/notify/mail.ts');
    return mailNotifier(mail);
  }
  const { folderNotifier } = await import('../adapters/notify/folder.ts');
  return folderNotifier({ ...mail, clock, random });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new PadlockError('config/unreadable', `${path} cannot be read`, { fix: 'correct portal.tls in the configuration', cause });
  }
}
