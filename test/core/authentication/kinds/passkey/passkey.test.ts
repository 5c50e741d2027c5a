import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { authenticationOptions, verifyAuthentication } from '../../../../../src/core/authentication/kinds/passkey/authentication.ts';
import { claimOf } from '../../../../../src/core/authentication/kinds/passkey/ceremony.ts';
import type { Passkey } from '../../../../../src/core/authentication/kinds/passkey/credential.ts';
import { registrationOptions, verifyRegistration } from '../../../../../src/core/authentication/kinds/passkey/registration.ts';
import { Authenticator, type Manner, type Page } from './authenticator.ts';

const RP = { rpId: 'northwind.example', origin: 'https://mfa.northwind.example' };
const USER = 42;
const OTHER = 'https://mfa.northwlnd.example';
/** A signature over something else. */
const STRAY = sign('sha256', Buffer.from('something else'), generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
let page: Page;
let authenticator: Authenticator;
beforeEach(() => {
  page = { ...RP, challenge: randomBytes(32) };
  authenticator = new Authenticator();
});

const register = (manner: Manner = {}) => verifyRegistration(authenticator.create(page, manner), page);
const wrong = (why: string) => ({ outcome: 'wrong', why });

async function registered(manner: Manner = {}): Promise<Passkey> {
  const result = await register(manner);
  if (result.outcome !== 'accepted') throw new Error(result.why);
  return result.passkey;
}

describe('options for making one', () => {
  const request = {
    rpId: RP.rpId,
    rpName: 'Northwind IT',
    user: { id: USER, address: 'a.berg@northwind.example', name: 'Anna Berg' },
    challenge: Buffer.from('a challenge'),
    existing: [{ id: 'AQID', transports: ['usb'] as const }],
  };

  test('ask for no attestation, prefer a person who is verified, and leave out those that are there', async () => {
    expect(await registrationOptions(request)).toEqual({
      rp: { id: RP.rpId, name: 'Northwind IT' },
      user: { id: Buffer.from('42').toString('base64url'), name: 'a.berg@northwind.example', displayName: 'Anna Berg' },
      challenge: Buffer.from('a challenge').toString('base64url'),
      timeout: 300_000,
      attestation: 'none',
      excludeCredentials: [{ id: 'AQID', type: 'public-key', transports: ['usb'] }],
      authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ alg, type: 'public-key' })),
      extensions: { credProps: true },
      hints: [],
    });
  });
});

describe('making one', () => {
  test('gives what is to be kept', async () => {
    expect(await registered()).toEqual({
      id: authenticator.id.toString('base64url'),
      publicKey: expect.stringMatching(/^[\w-]+$/),
      counter: 0,
      transports: ['hybrid', 'internal'],
      verified: true,
      backedUp: true,
    });
  });

  test('without verification of the person, or a place to back up, is taken and said', async () => {
    expect(await registered({ flags: { uv: false, be: false, bs: false }, counter: 7 })).toMatchObject({
      verified: false,
      backedUp: false,
      counter: 7,
    });
  });

  test.each([
    ['nothing', null],
    ['no list', 'usb'],
    ['unknown words', ['usb', 'telepathy', 3, { toString: () => 'nfc' }, 'usb']],
  ])('with transports that are %s keeps the known ones', async (_, transports) => {
    expect((await registered({ transports })).transports).toEqual(
      Array.isArray(transports) ? ['usb'] : transports === null ? ['hybrid', 'internal'] : [],
    );
  });

  test.each<[string, Manner, string]>([
    ['another challenge', { challenge: randomBytes(32) }, 'challenge'],
    ['no challenge', { challenge: new Uint8Array() }, 'challenge'],
    ['another origin', { origin: OTHER }, 'origin'],
    ['another port', { origin: `${RP.origin}:8443` }, 'origin'],
    ['http', { origin: 'http://mfa.northwind.example' }, 'origin'],
    ['the right origin as a prefix', { origin: `${RP.origin}.evil.example` }, 'origin'],
    ['a page within another', { crossOrigin: true }, 'origin'],
    ['another domain', { rpId: 'northwlnd.example' }, 'site'],
    ['a subdomain', { rpId: 'mfa.northwind.example' }, 'site'],
    ['nobody present', { flags: { up: false } }, 'absent'],
    ['an answer to a request', { type: 'webauthn.get' }, 'unreadable'],
    ['a key in one place that is backed up', { flags: { be: false, bs: true } }, 'unreadable'],
    ['a statement where there is none', { attestation: ['none', new Map([['x', 1]])] }, 'unreadable'],
    [
      'a signature over itself that is none',
      {
        attestation: [
          'packed',
          new Map<string, unknown>([
            ['alg', -7],
            ['sig', STRAY],
          ]),
        ],
      },
      'signature',
    ],
    ['an attestation of a maker', { attestation: ['fido-u2f', new Map()] }, 'attestation'],
    ['an attestation of no known form', { attestation: ['constructor', new Map()] }, 'attestation'],
  ])('for %s is refused', async (_, manner, why) => {
    expect(await register(manner)).toEqual(wrong(why));
  });
});

test("an id that is not the key's own, or longer than any is, is refused", async () => {
  const other = new Authenticator().id.toString('base64url');
  expect(await verifyRegistration({ ...authenticator.create(page), id: other, rawId: other }, page)).toEqual(wrong('unreadable'));
  expect(await verifyRegistration(new Authenticator(1023).create(page), page)).toMatchObject({ outcome: 'accepted' });
  expect(await verifyRegistration(new Authenticator(1024).create(page), page)).toEqual(wrong('unreadable'));
});

describe('certificates', () => {
  test.each(['packed', 'tpm', 'android-key', 'apple', 'android-safetynet'])(
    'of %s are not looked at, and nothing is fetched',
    async (format) => {
      const fetched = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'));
      const statement = new Map<string, unknown>([
        ['alg', -7],
        ['sig', Buffer.alloc(70)],
        ['x5c', [Buffer.alloc(300)]],
      ]);
      expect(await register({ attestation: [format, statement] })).toEqual(wrong('attestation'));
      expect(fetched).not.toHaveBeenCalled();
      fetched.mockRestore();
    },
  );
});

describe('options for signing in', () => {
  const request = { rpId: RP.rpId, challenge: Buffer.from('a challenge') };

  test('name the passkeys of a person who is known', async () => {
    const { id, transports } = await registered();
    expect(await authenticationOptions({ ...request, allowed: [{ id, transports }] })).toMatchObject({
      rpId: RP.rpId,
      challenge: Buffer.from('a challenge').toString('base64url'),
      userVerification: 'preferred',
      allowCredentials: [{ id, type: 'public-key', transports: ['hybrid', 'internal'] }],
    });
  });

  test('name none, and require verification, where the passkey alone says who it is', async () => {
    const options = await authenticationOptions({ ...request, allowed: [] });
    expect(options.allowCredentials).toBeUndefined();
    expect(options.userVerification).toBe('required');
  });
});

describe('signing in', () => {
  let passkey: Passkey;
  beforeEach(async () => {
    passkey = await registered();
  });
  const answer = (manner: Manner = {}, handle: string | null = String(USER)) => authenticator.get(page, handle, manner);
  const verify = (sent: unknown, known: Partial<Passkey> = {}) =>
    verifyAuthentication(sent, { ...page, userId: USER, passkey: { ...passkey, ...known } });

  test('is accepted, with the counter to keep', async () => {
    expect(await verify(answer())).toEqual({ outcome: 'accepted', counter: 1, verified: true });
    expect(await verify(answer({}, null), { counter: 1 })).toEqual({ outcome: 'accepted', counter: 2, verified: true });
    expect(await verify(answer({}, ''), { counter: 2 })).toMatchObject({ outcome: 'accepted' });
  });

  test('without verification of the person is accepted and said', async () => {
    expect(await verify(answer({ flags: { uv: false } }))).toEqual({ outcome: 'accepted', counter: 1, verified: false });
  });

  test.each<[string, Manner, string]>([
    ['another challenge', { challenge: randomBytes(32) }, 'challenge'],
    ['a challenge that names an origin', { challenge: Buffer.from(' response origin "') }, 'challenge'],
    ['another origin', { origin: OTHER }, 'origin'],
    ['a page within another', { crossOrigin: true }, 'origin'],
    ['a page within another that is named', { crossOrigin: true, topOrigin: OTHER }, 'origin'],
    ['a page beside another that is named', { topOrigin: OTHER }, 'origin'],
    ['another domain', { rpId: 'northwlnd.example' }, 'site'],
    ['nobody present', { flags: { up: false } }, 'absent'],
    ['nobody present, though verified', { flags: { up: false, uv: true } }, 'absent'],
    ['another key', { signer: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }, 'signature'],
    ['an answer to making one', { type: 'webauthn.create' }, 'unreadable'],
  ])('with %s is refused', async (_, manner, why) => {
    expect(await verify(answer(manner))).toEqual(wrong(why));
  });

  test('with the passkey or the handle of somebody else is refused', async () => {
    const other = new Authenticator();
    expect(await verify(other.get(page, String(USER)))).toEqual(wrong('another'));
    expect(await verify({ ...other.get(page, String(USER)), id: passkey.id, rawId: passkey.id })).toEqual(wrong('signature'));
    expect(await verify(answer({}, '43'))).toEqual(wrong('another'));
  });

  test('with bytes that were changed after they were signed is refused', async () => {
    const sent = answer();
    const data = Buffer.from(sent.response.authenticatorData, 'base64url');
    data[36] = 99;
    const changed = { ...sent, response: { ...sent.response, authenticatorData: data.toString('base64url') } };
    expect(await verify(changed)).toEqual(wrong('signature'));
  });

  describe('counts', () => {
    test.each([
      [5, 6, 'accepted'],
      [5, 5, 'wrong'],
      [5, 4, 'wrong'],
      [5, 0, 'wrong'],
      [0, 1, 'accepted'],
      [0, 0, 'accepted'],
      [0, 0xffffffff, 'accepted'],
      [0xffffffff, 0xffffffff, 'wrong'],
    ])('%i, then %i: %s', async (kept, sent, outcome) => {
      const result = await verify(answer({ counter: sent }), { counter: kept });
      expect(result).toMatchObject(outcome === 'wrong' ? wrong('counter') : { outcome, counter: sent });
    });

    test('for nothing before the signature holds', async () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      expect(await verify(answer({ counter: 1, signer: privateKey }), { counter: 5 })).toEqual(wrong('signature'));
    });
  });
});

describe('whatever is no answer is refused, and nothing throws', () => {
  const deep = JSON.parse(`${'{"response":'.repeat(1000)}{}${'}'.repeat(1000)}`);
  const hostile: readonly [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['a text', 'answer'],
    ['a list', []],
    ['an empty object', {}],
    ['no response', { id: 'AQID', rawId: 'AQID', type: 'public-key' }],
    ['a response that is none', { id: 'AQID', rawId: 'AQID', type: 'public-key', response: 'x' }],
    ['fields of other types', { id: 'AQID', rawId: 'AQID', type: 'public-key', response: { clientDataJSON: 1, attestationObject: {} } }],
    ['client data that is no JSON', { id: 'AQID', rawId: 'AQID', type: 'public-key', response: { clientDataJSON: 'AQID' } }],
    ['client data of null', { id: 'AQID', rawId: 'AQID', type: 'public-key', response: { clientDataJSON: 'bnVsbA' } }],
    ['an id of another type', { id: ['AQID'], rawId: ['AQID'], type: 'public-key', response: {} }],
    ['a prototype', JSON.parse('{"__proto__":{"id":"AQID"},"response":{"constructor":{}}}')],
    ['depth', deep],
  ];

  test.each(hostile)('%s', async (_, sent) => {
    const passkey = await registered();
    expect(await verifyRegistration(sent, page)).toEqual(wrong('unreadable'));
    expect(await verifyAuthentication(sent, { ...page, userId: USER, passkey })).toMatchObject({ outcome: 'wrong' });
  });

  test('any part of a good answer replaced', async () => {
    const passkey = await registered();
    const value = fc.oneof(fc.anything(), fc.base64String(), fc.string());
    const good = () => authenticator.get(page, String(USER));
    const fields = fc.constantFrom('clientDataJSON', 'authenticatorData', 'signature', 'userHandle', 'attestationObject', 'transports');
    await fc.assert(
      fc.asyncProperty(fields, value, async (field, put) => {
        const made = authenticator.create(page);
        const answered = good();
        await verifyRegistration({ ...made, response: { ...made.response, [field]: put } }, page);
        const sent = { ...answered, response: { ...answered.response, [field]: put } };
        const result = await verifyAuthentication(sent, { ...page, userId: USER, passkey });
        if (['clientDataJSON', 'authenticatorData', 'signature'].includes(field)) expect(result.outcome).toBe('wrong');
      }),
    );
  });

  test('a key that is kept and is none', async () => {
    const passkey = await registered();
    for (const publicKey of ['AQID', 'oA', passkey.publicKey.slice(0, -4)]) {
      const sent = authenticator.get(page, null);
      expect(await verifyAuthentication(sent, { ...page, userId: USER, passkey: { ...passkey, publicKey } })).toMatchObject({
        outcome: 'wrong',
      });
    }
  });
});

describe('what an answer claims', () => {
  test('is its id, and whose it is when it says so', () => {
    const id = authenticator.id.toString('base64url');
    expect(claimOf(authenticator.get(page, '42'))).toEqual({ id, userId: 42 });
    expect(claimOf(authenticator.get(page, null))).toEqual({ id, userId: null });
  });

  test.each(['0', '-1', '1e3', '042', '4 2', 'a.berg@northwind.example', '9'.repeat(16)])('is nothing with the handle %j', (handle) => {
    expect(claimOf(authenticator.get(page, handle))).toBeNull();
  });
});

test("a key's signature over itself is taken: browsers leave it in", async () => {
  const made = authenticator.create(page);
  const authData = Buffer.from(made.response.attestationObject, 'base64url').subarray(-(37 + 18 + 16 + 77));
  const clientDataHash = await crypto.subtle.digest('SHA-256', Buffer.from(made.response.clientDataJSON, 'base64url'));
  const sig = sign('sha256', Buffer.concat([authData, Buffer.from(clientDataHash)]), authenticator.key);
  expect(
    await register({
      attestation: [
        'packed',
        new Map<string, unknown>([
          ['alg', -7],
          ['sig', sig],
        ]),
      ],
    }),
  ).toMatchObject({ outcome: 'accepted' });
});
