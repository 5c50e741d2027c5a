import { randomBytes } from 'node:crypto';
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authenticationOptions, verifyAuthentication } from '../../../../../src/core/authentication/kinds/passkey/authentication.ts';
import { claimOf } from '../../../../../src/core/authentication/kinds/passkey/ceremony.ts';
import { readPasskey, sealablePasskey } from '../../../../../src/core/authentication/kinds/passkey/credential.ts';
import { registrationOptions, verifyRegistration } from '../../../../../src/core/authentication/kinds/passkey/registration.ts';
import { openBrowser } from '../../../../browser.ts';

const RP = { rpId: 'northwind.example', origin: 'https://mfa.northwind.example' };
const USER = { id: 42, address: 'a.berg@northwind.example', name: 'Anna Berg' };

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** A page of the portal's address, in a browser with an authenticator of its own: nothing is fetched for it. */
async function openTab(): Promise<Tab> {
  const tab = await browser.newPage();
  await tab.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>x</title>' }));
  await tab.goto(RP.origin);
  const devtools = await tab.context().newCDPSession(tab);
  await devtools.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
  } as const;
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
  return tab;
}

/** What the browser answers to options, as its own JSON. */
function asked(tab: Tab, method: 'create' | 'get', options: object): Promise<unknown> {
  const parse = method === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON';
  return tab.evaluate(`navigator.credentials.${method}({ publicKey: PublicKeyCredential.${parse}(${JSON.stringify(options)}) })
    .then((credential) => credential.toJSON())`);
}

test('a real browser makes a passkey and signs in by it, named and alone, and not by an old answer', async () => {
  const tab = await openTab();
  const making = { ...RP, challenge: randomBytes(32) };
  const request = { ...making, rpName: 'Northwind IT', user: USER, existing: [] };
  const made = await verifyRegistration(await asked(tab, 'create', await registrationOptions(request)), making);
  expect(made).toMatchObject({ outcome: 'accepted', passkey: { verified: true, transports: ['internal'] } });
  if (made.outcome !== 'accepted') return;
  const passkey = readPasskey(sealablePasskey(made.passkey));
  if (passkey === null) throw new Error('it cannot be read again');
  await expect(asked(tab, 'create', await registrationOptions({ ...request, existing: [passkey] }))).rejects.toThrow('InvalidStateError');

  let counter = passkey.counter;
  for (const allowed of [[passkey], []]) {
    const signingIn = { ...RP, challenge: randomBytes(32) };
    const answer = await asked(tab, 'get', await authenticationOptions({ ...signingIn, allowed }));
    expect(claimOf(answer)).toEqual({ id: passkey.id, userId: USER.id });
    const known = { userId: USER.id, passkey: { ...passkey, counter } };
    const result = await verifyAuthentication(answer, { ...signingIn, ...known });
    expect(result).toMatchObject({ outcome: 'accepted', verified: true });
    expect(await verifyAuthentication(answer, { ...signingIn, ...known, challenge: randomBytes(32) })).toEqual({
      outcome: 'wrong',
      why: 'challenge',
    });
    if (result.outcome === 'accepted') counter = result.counter;
    expect(await verifyAuthentication(answer, { ...signingIn, userId: USER.id, passkey: { ...passkey, counter } })).toEqual({
      outcome: 'wrong',
      why: 'counter',
    });
  }
  await tab.close();
});
