// DEC-07: "not now" is remembered for ever. Elsewhere a stored mark of having skipped the set-up let the user past a policy that had become
// mandatory. Here nothing is remembered: postponing gives this session, the next sign-in is asked again, and at the deadline there is no postponing.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { postpone } from '../../src/flows/sign-in/postpone.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { DAY } from '../flows/northwind.ts';
import { Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
  await portal.welcome(ADA);
});
afterEach(() => portal.close());

it('asked at every sign-in of the grace period, postponed every time, and at the deadline not any more', async () => {
  const begun = portal.northwind.now;
  await portal.rules(['requireMfa: true', 'gracePeriod: 3d']);
  const until = begun + 3 * DAY;
  for (const day of [0, 1, 2]) {
    portal.northwind.now = begun + day * DAY;
    const { token, step } = await portal.entered(ADA);
    expect(step).toMatchObject({ step: 'set-up', until });
    expect(await postpone(portal.world, token, '')).toMatchObject({ step: { step: 'session' } });
    expect(await postpone(portal.world, token, '')).toBeUndefined();
  }
  portal.northwind.now = until - 1;
  const before = await portal.entered(ADA);
  portal.northwind.now = until;
  // The form was sent in time, and came too late.
  expect(await postpone(portal.world, before.token, '')).toBeUndefined();
  const { token, step } = await portal.entered(ADA);
  expect(step).toMatchObject({ step: 'set-up', until: null });
  expect(await postpone(portal.world, token, '')).toBeUndefined();
});

it('shortening the grace, or turning the policy on for good, counts for whoever has postponed', async () => {
  await portal.rules(['requireMfa: true', 'gracePeriod: 30d']);
  await postpone(portal.world, (await portal.entered(ADA)).token, '');
  const half = await portal.entered(ADA);
  portal.later(DAY);
  await portal.rules(['requireMfa: true', 'gracePeriod: 1d']);
  expect(await postpone(portal.world, half.token, '')).toBeUndefined();
  expect(await portal.entered(ADA)).toMatchObject({ step: { step: 'set-up', until: null } });
});

it('no row of the person tells that they postponed', async () => {
  await portal.rules(['requireMfa: true', 'gracePeriod: 30d']);
  await postpone(portal.world, (await portal.entered(ADA)).token, '');
  expect(contentOf(portal.northwind.opened.raw)).not.toMatch(/postpone|skip/i);
});
