import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { originOf } from '../../../../src/adapters/directory/itglue/address.ts';
import { ApiKey } from '../../../../src/adapters/directory/itglue/api-key.ts';
import { BOUNDS, type Bounds, httpTransport } from '../../../../src/adapters/directory/itglue/transport.ts';
import { fileWith } from '../file/files.ts';
import { SMALL } from './people.ts';
import { type Fault, itGlueFor, PLANTED_KEY, startItGlue } from './server.ts';

const KEY = new ApiKey(PLANTED_KEY, 'the test');

async function ask(fault: Fault | undefined, bounds: Partial<Bounds> = {}, key = KEY) {
  const api = await itGlueFor({ ...SMALL, fault: () => fault });
  const answer = await httpTransport(api.origin, key, { ...BOUNDS, ...bounds })('/users?page%5Bsize%5D=2');
  return { answer, requests: api.requests };
}

describe('a request', () => {
  it('carries the key, and gives the document', async () => {
    const { answer } = await ask(undefined);
    expect(answer).toMatchObject({ kind: 'document', body: { data: [{ id: '1' }, { id: '2' }], meta: { 'total-count': 6 } } });
  });

  it('with another key is refused with 403', async () => {
    expect((await ask(undefined, {}, new ApiKey('ITG.another', 'the test'))).answer).toEqual({
      kind: 'refused',
      status: 403,
      retryAfter: null,
    });
  });

  it.each([
    [{ status: 401 }, { kind: 'refused', status: 401, retryAfter: null }],
    [
      { status: 429, headers: { 'retry-after': '7' }, body: 'slow down' },
      { kind: 'refused', status: 429, retryAfter: '7' },
    ],
    [{ status: 204 }, { kind: 'refused', status: 204, retryAfter: null }],
    [
      { status: 503, body: '<h1>down</h1>' },
      { kind: 'refused', status: 503, retryAfter: null },
    ],
    ['hang up', { kind: 'silent', why: 'UND_ERR_SOCKET' }],
    ['half', { kind: 'silent', why: 'UND_ERR_SOCKET' }],
    [
      { status: 200, body: '<h1>Welcome</h1>' },
      { kind: 'broken', why: 'an answer is not JSON, or was cut short' },
    ],
    [
      { status: 200, body: '{"data":[' },
      { kind: 'broken', why: 'an answer is not JSON, or was cut short' },
    ],
    [
      { status: 200, body: '' },
      { kind: 'broken', why: 'an answer is not JSON, or was cut short' },
    ],
    [
      { status: 200, body: new Uint8Array([0x22, 0xff, 0x22]) },
      { kind: 'broken', why: 'an answer is not JSON, or was cut short' },
    ],
  ] as const)('%j', async (fault, answer) => {
    expect((await ask(fault)).answer).toEqual(answer);
  });

  it('does not follow a redirect: the key stays here', async () => {
    const elsewhere = await itGlueFor(SMALL);
    const { answer } = await ask({ status: 302, headers: { location: `${elsewhere.origin}/users` } });
    expect(answer).toEqual({ kind: 'refused', status: 302, retryAfter: null });
    expect(elsewhere.requests).toEqual([]);
  });

  it('waits so long, and no longer', async () => {
    expect((await ask('silence', { timeout: 100 })).answer).toEqual({ kind: 'silent', why: 'no whole answer within 0.1 s' });
  });

  it('takes in so much, and no more, packed or not', async () => {
    const big = JSON.stringify('x'.repeat(100_000));
    const packed = { status: 200, headers: { 'content-encoding': 'gzip' }, body: gzipSync(big) };
    for (const fault of [{ status: 200, body: big }, packed]) {
      expect((await ask(fault, { bytes: 50_000 })).answer).toEqual({ kind: 'broken', why: 'an answer is larger than a page can be' });
      expect((await ask(fault)).answer).toMatchObject({ kind: 'document' });
    }
  });

  it('to where nobody listens is silent, with the word of the network', async () => {
    const gone = await startItGlue();
    await gone.close();
    expect(await httpTransport(gone.origin, KEY)('/users')).toEqual({ kind: 'silent', why: 'ECONNREFUSED' });
  });
});

it('to somebody who cannot prove to be it is broken, and hears no key', async () => {
  const folder = dirname(fileWith('none', ''));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=localhost'];
  execFileSync('openssl', [...words, '-keyout', key, '-out', cert], { stdio: 'pipe' });
  let heard = 0;
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, () => heard++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const answer = await httpTransport(`https://localhost:${(server.address() as AddressInfo).port}`, KEY)('/users');
  expect(answer).toEqual({ kind: 'broken', why: 'its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)' });
  expect(heard).toBe(0);
});

describe('the address', () => {
  it.each([
    [{ region: 'us' }, 'https://api.itglue.com'],
    [{ region: 'eu' }, 'https://api.eu.itglue.com'],
    [{ region: 'au' }, 'https://api.au.itglue.com'],
    [{ baseUrl: 'https://gateway.northwind.example:8443/' }, 'https://gateway.northwind.example:8443'],
    [{ baseUrl: 'http://127.0.0.1:8080' }, 'http://127.0.0.1:8080'],
    [{ baseUrl: 'http://127.1' }, 'http://127.0.0.1'],
    [{ baseUrl: 'http://[::1]:8080' }, 'http://[::1]:8080'],
    [{ baseUrl: 'http://localhost' }, 'http://localhost'],
  ] as const)('%j: %s', (address, origin) => {
    expect(originOf(address)).toBe(origin);
  });

  it.each(['http://api.itglue.com', 'http://localhost.example', 'http://127.0.0.1.example', 'http://10.0.0.1', 'ftp://localhost'])(
    '%s would carry the key in the open: never',
    (baseUrl) => {
      expect(() => originOf({ baseUrl })).toThrow(RangeError);
    },
  );
});
