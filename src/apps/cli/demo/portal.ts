import { padEnd } from '../../../core/layout/width.ts';
import { EXIT } from '../../../core/model/errors.ts';
import { issueLink } from '../../../flows/sign-in/links.ts';
import { type RunningPortal, serveUntilStopped } from '../output/serving.ts';
import type { Session } from '../output/session.ts';
import { writeLines } from '../output/write.ts';
import type { World, WorldPerson } from './world.ts';

/**
 * Serves the demo's portal, policies applied, and invites two people to it: an administrator and a user. Neither has a factor of the
 * demo, since those are in nobody's phone. Whoever runs it again is invited anew, and keeps what they set up.
 */
export async function tryPortal(session: Session, world: World, port: number | undefined): Promise<void> {
  session.exitCode = await session.run(['apply']);
  if (session.exitCode !== EXIT.ok) return;
  const portal = await session.composition.portal({ port });
  const invited = [
    ['an administrator', personOf(world, (role) => role === 'Administrator')],
    ['a user', personOf(world, (role) => role !== 'Administrator')],
  ] as const;
  const lines: string[] = ['', 'Invited; each link works once, and lets its holder choose a password:'];
  try {
    for (const [as, person] of invited) {
      if (person === undefined) continue;
      lines.push(`  ${padEnd(as, 18)}${padEnd(person.row.address ?? '', 26)}${await invitation(portal, world.account, person)}`);
    }
  } catch (error) {
    await portal.stop();
    throw error;
  }
  const { mail } = session.composition.configuration().portal;
  lines.push('', `They sign in at ${portal.origin}/sign-in/${world.account}`);
  if (mail.by === 'folder') lines.push(`Mails are files in ${mail.folder}`);
  await writeLines(session.stdout, [...lines, '']);
  await serveUntilStopped(session, portal);
}

/** The first of the account itself who has no factor; the same one at each run. */
function personOf(world: World, fits: (role: string) => boolean): WorldPerson | undefined {
  for (const person of world.people()) {
    const { row, enrolled } = person;
    if (row.scope === world.account && enrolled === 0 && row.enabled && !row.service && row.address !== null && fits(row.role))
      return person;
  }
  return undefined;
}

async function invitation({ signIn, origin }: RunningPortal, account: string, { row }: WorldPerson): Promise<string> {
  const now = signIn.clock.now();
  const { token } = await signIn.store.write(now, async (transaction) => {
    const userId = await transaction.userIdCalled(account, row.address ?? '');
    if (userId === undefined) throw new RangeError(`${row.address} is not in the demo's store`);
    return issueLink(signIn, transaction, userId, 'invitation', now);
  });
  return `${origin}/invitation/${token}`;
}
