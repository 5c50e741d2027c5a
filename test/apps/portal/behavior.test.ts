import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { overridesOf } from '../../../src/core/plan/renderers/overrides.ts';
import { resetFlow } from '../../../src/flows/reconcile/reset.ts';
import { openBrowser } from '../../browser.ts';
import { DAY, edited, examplePolicies, type Policies } from '../../flows/northwind.ts';
import { PASSWORD } from '../../flows/sign-in/portal.ts';
import { type Served, serveNorthwind } from './served.ts';
import { Visitor } from './visitor.ts';

/** What IT Glue's enforced MFA does, row by row, in a real browser: single sign-on excepted. */

const ADA = 'ada@northwind.example';
const TURN_ON = 'guards: {overdueAtOnce: 100%}';

let browser: Browser;
let served: Served;
let visitors: Visitor[];
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  served = await serveNorthwind();
  visitors = [];
});
afterEach(async () => {
  for (const visitor of visitors) {
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  }
  expect(served.faults).toEqual([]);
  await served.close();
});

async function visitor(): Promise<Visitor> {
  const opened = await Visitor.open(browser, served);
  visitors.push(opened);
  return opened;
}

/** The example's policies, of which the account's asks from the next sign-in, with the app or a passkey for everybody. */
function fromTheNextSignIn(policies: Policies = examplePolicies()): Policies {
  const account = edited(policies, 'policies/account.yaml', 'gracePeriod: 30d\n  factors', `gracePeriod: 0d\n  ${TURN_ON}\n  factors`);
  return edited(account, 'policies/account.yaml', '  factorsByRole:\n    Administrator: [passkey]\n', '');
}

const put = async (policies: Policies) => {
  const { outcome } = (await served.portal.northwind.apply(policies)) as { outcome?: string };
  return outcome;
};

test('whoever has not set MFA up is prompted at the next sign-in: QR code, secret, code, recovery codes', async () => {
  const ada = await visitor();
  await ada.accept(ADA);
  expect(await ada.title()).toBe('My settings');
  await ada.press('Sign out');
  await put(fromTheNextSignIn());
  await ada.signIn(ADA);
  expect(await ada.title()).toBe('Set up a second factor');
  expect(await ada.text()).not.toContain('Not now');
  await ada.go('/settings');
  expect(await ada.title()).toBe('Set up a second factor');
  await ada.press('Set up an app');
  const uri = await ada.scan();
  expect(uri.href).toMatch(
    /^otpauth:\/\/totp\/Northwind%20IT:ada%40northwind\.example\?secret=[A-Z2-7]{32}&issuer=Northwind%20IT&algorithm=SHA1&digits=6&period=30$/,
  );
  await ada.page.click('summary');
  expect((await ada.page.textContent('.secret'))?.replaceAll(' ', '')).toBe(uri.searchParams.get('secret'));
  ada.secret = uri.searchParams.get('secret') ?? '';
  await ada.fill({ code: '000000' });
  await ada.press('Confirm');
  expect(await ada.text()).toContain('This code is wrong');
  expect((await ada.scan()).searchParams.get('secret')).toBe(ada.secret);
  await ada.fill({ code: ada.code(), label: 'my phone' });
  await ada.press('Confirm');
  expect(await ada.title()).toBe('Save your recovery codes');
  expect(await ada.page.locator('.codes li').count()).toBe(10);
  await ada.press('I have saved them');
  expect(await ada.text()).toContain('my phone');
});

test('the account and each MyGlue account ask apart, at doors of their own', async () => {
  await put(fromTheNextSignIn());
  const client = await visitor();
  const nobodyThere = 'zoe@bakery.example';
  await client.signIn(nobodyThere, 'northwind');
  expect(await client.text()).toContain('do not fit');
  const baker = await memberOf('northwind/bakery');
  await client.accept(baker);
  expect(await client.title()).toBe('My settings');
  await client.press('Sign out');
  await client.signIn(baker, 'northwind');
  expect(await client.text()).toContain('do not fit');
  await client.signIn(baker, 'northwind/bakery');
  expect(await client.title()).toBe('My settings');
  expect(await client.page.textContent('.eyebrow')).toContain('Northwind IT');
});

test('a Lite user must set it up too', async () => {
  await put(fromTheNextSignIn());
  const lite = await visitor();
  await lite.accept(await memberOf('northwind', 'Lite'));
  expect(await lite.title()).toBe('Set up a second factor');
});

test('within grace it may wait until the deadline, and not a second longer', async () => {
  await put(examplePolicies());
  const ada = await visitor();
  await ada.accept(ADA);
  expect(await ada.text()).toContain('Your deadline is 25 December 2026 at 08:00 UTC');
  await ada.press('Not now');
  expect(await ada.title()).toBe('My settings');
  served.portal.later(30 * DAY);
  await ada.signIn(ADA);
  expect(await ada.title()).toBe('Set up a second factor');
  expect(await ada.text()).not.toContain('Not now');
});

test('turning it off leaves MFA on until the user turns it off; while it is on, they cannot', async () => {
  await put(fromTheNextSignIn());
  const ada = await visitor();
  await ada.accept(ADA);
  await ada.setUpApp();
  await prove(ada);
  await ada.press('Remove Authenticator app');
  expect(await ada.text()).toContain('This factor stays');
  const off = edited(fromTheNextSignIn(), 'policies/account.yaml', 'requireMfa: true\n  # Counted', 'requireMfa: false\n  # Counted');
  await put({ ...off, ...(await overrideFor(off)) });
  served.portal.later(60_000);
  await ada.press('Sign out');
  await ada.signIn(ADA);
  expect(await ada.title()).toBe('Prove that it is you');
  await ada.fill({ code: ada.code() });
  await ada.press('Sign in');
  await prove(ada);
  await ada.press('Remove Authenticator app');
  expect(await ada.text()).toContain('The factor was removed');
  await ada.press('Sign out');
  await ada.signIn(ADA);
  expect(await ada.title()).toBe('My settings');
});

test('a recovery code goes into the same field, works once, leaves MFA on, and warns', async () => {
  await put(fromTheNextSignIn());
  const ada = await visitor();
  await ada.accept(ADA);
  await ada.setUpApp();
  const [first = ''] = ada.codes;
  await ada.press('Sign out');
  await ada.signIn(ADA);
  await ada.fill({ code: ` ${first.toUpperCase().replaceAll('-', ' ')} ` });
  await ada.press('Sign in');
  expect(await ada.text()).toContain('You signed in with a recovery code, which works once');
  expect(await ada.text()).toContain('9 of 10 are left');
  await ada.press('Sign out');
  await ada.signIn(ADA);
  await ada.fill({ code: first });
  await ada.press('Sign in');
  expect(await ada.text()).toContain('was used before');
  await ada.fill({ code: ada.code() });
  await ada.press('Sign in');
  await prove(ada);
  await ada.press('Make new ones');
  const fresh = await ada.page.locator('.codes li').allInnerTexts();
  expect(fresh).toHaveLength(10);
  expect(fresh.filter((code) => ada.codes.includes(code))).toEqual([]);
});

test('locked after ten wrong codes; unlocked by a mailed link, or by a new password; neither passes the second factor', async () => {
  await put(fromTheNextSignIn());
  const ada = await visitor();
  await ada.accept(ADA);
  await ada.setUpApp();
  await ada.press('Sign out');
  const lock = async () => {
    await ada.signIn(ADA);
    for (let i = 0; i < 10; i++) {
      await ada.fill({ code: '000000' });
      await ada.press('Sign in');
    }
    expect(await ada.title()).toBe('Your sign-in is locked');
    await ada.signIn(ADA);
    expect(await ada.text()).toContain('Too many wrong codes have locked your sign-in');
  };
  await lock();
  await ada.go(`/unlock/${await served.portal.link(ADA, 'unlock')}`);
  await ada.press('Unlock');
  await ada.press('Sign in');
  await ada.signIn(ADA);
  expect(await ada.title()).toBe('Prove that it is you');
  await lock();
  await ada.go(`/password-reset/${await served.portal.link(ADA, 'password-reset')}`);
  await ada.fill({ password: 'another walk by the river', again: 'another walk by the river' });
  await ada.press('Set the password');
  await ada.press('Sign in');
  await ada.signIn(ADA, 'northwind', 'another walk by the river');
  expect(await ada.title()).toBe('Prove that it is you');
  await ada.fill({ code: ada.code() });
  await ada.press('Sign in');
  expect(await ada.title()).toBe('My settings');
});

test('an administrator resets: at once, live sessions included, and the next sign-in prompts again', async () => {
  await put(fromTheNextSignIn());
  const [ada, half] = [await visitor(), await visitor()];
  await ada.accept(ADA);
  await ada.setUpApp();
  await half.signIn(ADA);
  served.portal.later(1000);
  const world = served.portal.northwind.world();
  const reset = await resetFlow(world, { requestId: 'HELP-1', account: 'northwind', user: ADA, reason: 'lost phone' });
  expect(reset.outcome).toBe('Executed');
  await ada.go('/settings');
  expect(await ada.text()).toContain('You were signed out because your account was changed');
  half.secret = ada.secret;
  await half.fill({ code: half.code() });
  await half.press('Sign in');
  expect(await half.title()).not.toBe('My settings');
  await ada.signIn(ADA);
  expect(await ada.title()).toBe('Set up a second factor');
});

test('a passkey is a second factor, and enough alone where its holder was verified', async () => {
  await put(fromTheNextSignIn());
  const ada = await visitor();
  await ada.withPasskeys();
  await ada.accept(ADA);
  await ada.press('Set up a passkey');
  await ada.fill({ label: 'laptop' });
  await ada.press('Make the passkey');
  await ada.page.waitForSelector('.codes');
  await ada.press('I have saved them');
  expect(await ada.text()).toContain('laptop');
  await ada.press('Sign out');
  await ada.signIn(ADA);
  await ada.press('Use your passkey');
  await ada.page.waitForURL('**/settings**');
  await ada.press('Sign out');
  await ada.press('Use a passkey instead');
  await ada.page.waitForURL('**/settings**');
  expect(await ada.title()).toBe('My settings');
});

test('a security key without a PIN is a second factor beside the password', async () => {
  await put(fromTheNextSignIn());
  const ada = await visitor();
  await ada.withPasskeys(false);
  await ada.accept(ADA);
  await ada.press('Set up a passkey');
  await ada.press('Make the passkey');
  await ada.page.waitForSelector('.codes');
  await ada.press('I have saved them');
  await ada.press('Sign out');
  await ada.signIn(ADA);
  await ada.press('Use your passkey');
  await ada.page.waitForURL('**/settings**');
});

test('kinds narrowed: the old factor is asked for, then one of an allowed kind is set up, and only then is there a session', async () => {
  await put(fromTheNextSignIn());
  const ada = await visitor();
  await ada.withPasskeys();
  await ada.accept(ADA);
  await ada.setUpApp();
  await ada.press('Sign out');
  const narrowed = edited(fromTheNextSignIn(), 'policies/account.yaml', 'factors: [totp, passkey]', 'factors: [passkey]');
  await put({ ...narrowed, ...(await overrideFor(narrowed)) });
  await ada.signIn(ADA);
  expect(await ada.title()).toBe('Prove that it is you');
  await ada.fill({ code: ada.code() });
  await ada.press('Sign in');
  expect(await ada.title()).toBe('Set up a second factor');
  expect(await ada.text()).not.toContain('Authenticator app');
  await ada.press('Set up a passkey');
  await ada.press('Make the passkey');
  await ada.page.waitForURL('**/settings**');
  expect(await ada.title()).toBe('My settings');
});

test('a deadline that passes while somebody is signed in: the session goes on, the next sign-in sets up; with Revoke it ends', async () => {
  await put(edited(examplePolicies(), 'policies/account.yaml', 'gracePeriod: 30d\n  factors', 'gracePeriod: 1h\n  factors'));
  const ada = await visitor();
  await ada.accept(ADA);
  await ada.press('Not now');
  for (let i = 0; i < 4; i++) {
    served.portal.later(20 * 60_000);
    await ada.go('/settings');
  }
  expect(await ada.title()).toBe('My settings');
  expect(await ada.text()).toContain('A second factor is required of you');
  await put(
    edited(
      examplePolicies(),
      'policies/account.yaml',
      'gracePeriod: 30d\n  factors',
      'gracePeriod: 1h\n  existingSessions: Revoke\n  factors',
    ),
  );
  await ada.go('/settings');
  expect(await ada.text()).toContain('because a second factor is due now');
  await ada.signIn(ADA);
  expect(await ada.title()).toBe('Set up a second factor');
});

test('the sole administrator is gone: the declared emergency administrator signs in and resets them', async () => {
  await put(fromTheNextSignIn());
  const glass = await visitor();
  await resetFlow(served.portal.northwind.world(), {
    requestId: 'GLASS',
    account: 'northwind',
    user: 'breakglass@northwind.example',
    reason: 'drill',
  });
  served.portal.later(1000);
  await glass.accept('breakglass@northwind.example');
  expect(await glass.title()).toBe('Set up a second factor');
  await glass.setUpApp();
  expect(await glass.title()).toBe('My settings');
  const world = served.portal.northwind.world(undefined, {
    channel: 'portal',
    subject: String(await served.portal.idOf('breakglass@northwind.example')),
  });
  const reset = await resetFlow(world, {
    requestId: 'SOLE',
    account: 'northwind',
    user: 'admin.dana@northwind.example',
    reason: 'lost phone',
  });
  expect(reset.outcome).toBe('Executed');
});

/** Proves again who somebody is, with the password and the next code. */
async function prove(visitor: Visitor): Promise<void> {
  served.portal.later(60_000);
  await visitor.go('/prove?for=settings');
  await visitor.fill({ password: PASSWORD, code: visitor.code() });
  await visitor.press('Continue');
  served.portal.later(30_000);
  expect(await visitor.title()).toBe('My settings');
}

/** An enabled person of a scope who has no factor. */
async function memberOf(scope: string, role?: string): Promise<string> {
  const rows = await served.portal.world.store.read(async (reader) =>
    Array.fromAsync(reader.memberships(served.portal.northwind.now, { scope })),
  );
  const found = rows.find(
    (row) => row.kinds === 0 && row.address !== null && (role === undefined || row.role === role) && row.reason !== 'disabled',
  );
  if (found?.address == null) throw new Error(`nobody in ${scope}`);
  return found.address;
}

/** The overrides that a plan of these policies asks for. */
async function overrideFor(policies: Policies): Promise<Policies> {
  const plan = await served.portal.northwind.plan(policies);
  return { 'policies/override.yaml': overridesOf(plan).join('\n') };
}
