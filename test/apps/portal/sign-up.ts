import { generateSync } from 'otplib';
import { Client } from './client.ts';

/** A password that is long enough. */
export const PASSWORD = 'a long walk by the river';

/** Sets an authenticator app up at a server, by somebody who is at that step. Gives its secret, and the page with the recovery codes. */
export async function setUpApp(client: Client): Promise<{ readonly secret: string; readonly text: string }> {
  await client.get('/set-up');
  await client.post('/set-up/open', { kind: 'totp' });
  const page = await client.get('/set-up/totp');
  const secret = (/class="secret">([A-Z2-7 ]+)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '');
  const { status, text } = await client.post('/set-up/totp', { code: generateSync({ secret }), label: 'phone' });
  if (status !== 200) throw new Error(`the app was not set up: ${status}`);
  return { secret, text };
}

/** Somebody who signed up. */
export interface SignedUp {
  readonly client: Client;
  readonly secret: string;
  readonly codes: readonly string[];
  readonly address: string;
}

/** Somebody without a factor, from an invitation to a session. */
export async function signUp(origin: string, link: string): Promise<SignedUp> {
  const client = new Client(origin);
  const address = /invited as <b>([^<]+)</.exec((await client.get(link)).text)?.[1] ?? '';
  const { location } = await client.post(link, { password: PASSWORD, again: PASSWORD });
  if (location !== '/set-up') throw new Error(`the invitation led to ${location}`);
  const { secret, text } = await setUpApp(client);
  const codes = [...text.matchAll(/<li>([0-9a-z-]{19})<\/li>/g)].map(([, code]) => code ?? '');
  return { client, secret, codes, address };
}
