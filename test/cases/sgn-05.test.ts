// SGN-05: locked, waited, went on guessing. Elsewhere the half-done sign-in outlived the lock, or the counter never locked again. Here a
// lock ends every half-done sign-in, waiting lifts nothing, and after an unlocking the cap is the same again.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CODE_CAP } from '../../src/core/authentication/throttle.ts';
import { unlockByLink } from '../../src/flows/sign-in/links.ts';
import { DAY } from '../flows/northwind.ts';
import { Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
  await portal.rules(['requireMfa: true']);
  await portal.enrolled(ADA);
});
afterEach(() => portal.close());

async function guessUntilLocked(): Promise<string> {
  const { token } = await portal.entered(ADA);
  for (let i = 1; i < CODE_CAP; i++) expect(await portal.code(token, 'zzzz-zzzz-zzzz-zzzz')).toMatchObject({ outcome: 'wrong' });
  expect(await portal.code(token, 'zzzz-zzzz-zzzz-zzzz')).toEqual({ outcome: 'locked' });
  return token;
}

it('the same browser goes on after the lock: over, at once, in an hour and after a year', async () => {
  const token = await guessUntilLocked();
  for (const wait of [0, 3_600_000, 365 * DAY]) {
    portal.later(wait);
    expect(await portal.code(token, portal.codeOf(ADA))).toEqual({ outcome: 'over' });
    expect(await portal.password(ADA)).toEqual({ outcome: 'locked' });
  }
});

it('unlocked, the password is asked again; the old half-done sign-in stays over; and the tenth guess locks again', async () => {
  for (let round = 0; round < 3; round++) {
    const token = await guessUntilLocked();
    expect(await unlockByLink(portal.world, await portal.link(ADA, 'unlock'))).toMatchObject({ is: 'open' });
    expect(await portal.code(token, portal.codeOf(ADA))).toEqual({ outcome: 'over' });
  }
  await portal.signedIn(ADA);
});
