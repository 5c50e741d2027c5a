import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { generateSync } from 'otplib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openPostOffice } from '../../adapters/notify/post-office.ts';
import { Client } from '../portal/client.ts';
import { Place } from '../portal/running.ts';
import { PASSWORD, signUp } from '../portal/sign-up.ts';

let place: Place;
beforeAll(() => {
  place = Place.made();
}, 120_000);
afterEach(() => place.endAll());
afterAll(() => place.remove());

const status = async (url: string) => (await fetch(url)).status;

describe('serve', () => {
  test('says where, answers, and ends with 0 at SIGTERM', async () => {
    const running = await place.start(['serve', '--port', '0']);
    expect(running.stdout).toMatch(/^http:\/\/localhost:(\d+) {3}listening on 127\.0\.0\.1:\1\n$/);
    expect([await status(`${running.origin}/healthz`), await status(`${running.origin}/readyz`)]).toEqual([200, 200]);
    expect(await status(`${running.origin}/sign-in/northwind`)).toBe(200);
    expect(await status(`${running.origin}/metrics`)).toBe(404);
    expect(await running.kill('SIGTERM')).toBe(0);
    expect(running.lines.map(({ msg }) => msg).filter((msg) => msg !== 'request' && msg !== 'mails')).toEqual([
      'listening',
      'stopping',
      'stopped',
    ]);
  });

  test('ends with 0 at SIGINT too, and says where as one JSON document', async () => {
    const running = await place.start(['serve', '--port', '0', '--output', 'json']);
    expect(await running.kill('SIGINT')).toBe(0);
    const listening = expect.stringMatching(/^127\.0\.0\.1:\d+$/);
    expect(JSON.parse(running.stdout)).toMatchObject({ kind: 'ServeResult', ok: true, listening, metrics: null, missing: null });
  });

  test.each([
    [
      'a port that is taken',
      async () => ({ argv: ['serve'], env: { PADLOCK_PORTAL_LISTEN: await taken() }, code: 1, says: 'portal/not-listening' }),
    ],
    [
      'an address of another machine',
      async () => ({
        argv: ['serve'],
        env: { PADLOCK_PORTAL_LISTEN: '192.0.2.1:80', PADLOCK_PORTAL_URL: 'https://a.example' },
        code: 1,
        says: 'portal/not-listening',
      }),
    ],
    [
      'a certificate that is not there',
      async () => ({
        argv: ['serve', '--port', '0'],
        env: { PADLOCK_PORTAL_TLS_CERTIFICATE: 'no.pem', PADLOCK_PORTAL_TLS_KEY: 'no.pem' },
        code: 64,
        says: 'config/unreadable',
      }),
    ],
    [
      'a certificate that is none',
      async () => ({
        argv: ['serve', '--port', '0'],
        env: { PADLOCK_PORTAL_TLS_CERTIFICATE: 'padlock.yaml', PADLOCK_PORTAL_TLS_KEY: 'padlock.yaml' },
        code: 1,
        says: 'portal/not-listening',
      }),
    ],
    [
      'breached passwords that are not there',
      async () => ({
        argv: ['serve', '--port', '0'],
        env: { PADLOCK_PORTAL_BREACHED_PASSWORDS: 'no.txt' },
        code: 1,
        says: 'sign-in/breached-unreadable',
      }),
    ],
    [
      'a store that is not there',
      async () => ({
        argv: ['serve', '--port', '0'],
        env: { PADLOCK_STORE: 'sqlite:no.db', PADLOCK_HEADS: 'no.jsonl' },
        code: 6,
        says: 'store/missing',
      }),
    ],
    ['no port', async () => ({ argv: ['serve', '--port', '70000'], env: {}, code: 64, says: 'usage/invalid' })],
  ])('%s: it does not start, and says why', async (_, given) => {
    const { argv, env, code, says } = await given();
    const { status: ended, stdout, stderr } = place.run(argv, env);
    expect({ ended, stdout }).toEqual({ ended: code, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('--check says what is missing, and sends nothing', () => {
    expect(place.run(['serve', '--port', '0', '--check']).status).toBe(0);
    const { status: ended, stdout } = place.run(['serve', '--port', '0', '--check', '-o', 'json'], {
      PADLOCK_KEYS: 'no.json',
      PADLOCK_HEADS: '.padlock/heads.jsonl',
    });
    expect({ ended, missing: (JSON.parse(stdout) as { missing: string }).missing }).toEqual({ ended: 1, missing: 'keys' });
  });
});

async function taken(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

describe('the demo served', () => {
  test('two people are invited; one comes in, and a second run invites again', async () => {
    const running = await place.start(['demo', '--portal', '--port', '0']);
    const links = [...running.stdout.matchAll(/^ {2}an? (?:administrator|user) +(\S+@\S+) +http\S+?(\/invitation\/[\w-]{43})$/gm)];
    expect(links.map(([, address]) => address)).toEqual(['ilse@northwind.example', 'ada@northwind.example']);
    const { secret } = await signUp(running.origin, links[1]?.[2] ?? '');
    await running.until(() => place.mails().some((mail) => /^To: ada@.*\nSubject: A second factor was added/m.test(mail)));

    const again = new Client(running.origin);
    await again.get('/sign-in/northwind');
    expect(await again.post('/sign-in/northwind', { address: 'ada@northwind.example', password: PASSWORD })).toMatchObject({
      location: '/code',
    });
    await again.get('/code');
    const code = generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + 30 });
    expect((await again.post('/code', { code })).location).toMatch(/^\/settings/);
    expect((await again.get('/settings')).status).toBe(200);
    expect(await running.kill('SIGTERM')).toBe(0);

    const second = await place.start(['demo', '--portal', '--port', '0']);
    expect(second.stdout.match(/\/invitation\/[\w-]{43}/g)).toHaveLength(2);
    expect(second.stdout).not.toContain(links[0]?.[2]);
    expect(await second.kill('SIGTERM')).toBe(0);
  });
});

describe('while it stops', () => {
  test('a request that is under way is answered, another is not taken, and it is not ready', async () => {
    const running = await place.start(['serve', '--port', '0']);
    const port = Number(running.at.split(':')[1]);
    const slow = connect(port, '127.0.0.1');
    let answer = '';
    slow.on('data', (chunk: Buffer) => {
      answer += chunk.toString('utf8');
    });
    slow.write(
      `POST /sign-out HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: ${running.origin}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\nfor`,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    running.child.kill('SIGTERM');
    await running.until(() => running.stderr.includes('stopping'));
    await expect(fetch(`${running.origin}/healthz`)).rejects.toThrow();
    slow.write('m=x');
    await running.until(() => answer.includes('403')).catch(() => undefined);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    slow.destroy();
    expect(await running.over()).toBe(0);
  });

  test('who never comes to an end is cut off after ten seconds', async () => {
    const running = await place.start(['serve', '--port', '0']);
    const port = Number(running.at.split(':')[1]);
    const stuck = connect(port, '127.0.0.1').on('error', () => undefined);
    stuck.write(
      `POST /sign-out HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: ${running.origin}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60\r\n\r\nfor`,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    const began = Date.now();
    expect(await running.kill('SIGTERM')).toBe(0);
    expect(Date.now() - began).toBeGreaterThan(8_000);
    expect(Date.now() - began).toBeLessThan(14_000);
  });
});

test('figures are at their own address alone, and name no path', async () => {
  const running = await place.start(['serve', '--port', '0'], { PADLOCK_PORTAL_METRICS: '127.0.0.1:0' });
  const at = /figures on (\S+)/.exec(running.stdout)?.[1];
  const token = 'T'.repeat(43);
  await fetch(`${running.origin}/invitation/${token}`);
  await fetch(`${running.origin}/no/such/${token}`, { method: 'PURGE' });
  const text = await (await fetch(`http://${at}/metrics`)).text();
  expect(text).toContain('padlock_http_requests_total{method="GET",route="/invitation/:token",status="410"} 1');
  expect(text).toMatch(/padlock_http_requests_total\{method="other",[^}]*status="404"\} 1/);
  expect(text).toMatch(/^padlock_mails_waiting \d+$/m);
  expect(text).not.toContain(token);
  expect([await status(`${running.origin}/metrics`), await status(`http://${at}/healthz`)]).toEqual([404, 404]);
  expect(await running.kill('SIGTERM')).toBe(0);
});

test.each([
  ['small, without a length', 'form=x', 403],
  ['larger than any form, without a length', `form=${'x'.repeat(200_000)}`, 400],
])('a form that is %s', async (_, body, is) => {
  const running = await place.start(['serve', '--port', '0']);
  const stream = new Blob([body]).stream();
  const headers = { origin: running.origin, 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(`${running.origin}/sign-out`, { method: 'POST', headers, body: stream, duplex: 'half' } as RequestInit);
  expect(answer.status).toBe(is);
  expect(await running.kill('SIGTERM')).toBe(0);
});

test('TLS of its own', async () => {
  const [key, cert] = [join(place.folder, 'key.pem'), join(place.folder, 'cert.pem')];
  const words = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
  ];
  execFileSync('openssl', [...words, '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], { stdio: 'pipe' });
  const running = await place.start(['serve', '--port', '0'], { PADLOCK_PORTAL_TLS_CERTIFICATE: cert, PADLOCK_PORTAL_TLS_KEY: key });
  expect(running.origin).toMatch(/^https:\/\/localhost:\d+$/);
  const ca = execFileSync('cat', [cert]);
  const answer = await new Promise<{ status: number | undefined; hsts: unknown; protocol: string | null }>((resolve, reject) => {
    const sent = httpsRequest(`${running.origin}/sign-in/northwind`, { ca }, (response) => {
      const { socket } = response as unknown as { socket: { getProtocol(): string | null } };
      resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'], protocol: socket.getProtocol() });
      response.resume();
    });
    sent.on('error', reject);
    sent.end();
  });
  expect(answer).toEqual({ status: 200, hsts: expect.stringContaining('max-age'), protocol: 'TLSv1.3' });
  await expect(fetch(running.origin.replace('https', 'http'))).rejects.toThrow();
  expect(await running.kill('SIGTERM')).toBe(0);
});

describe('mails', () => {
  const database = () => new Database(join(place.folder, '.padlock', 'padlock.db'));
  const waiting = () => {
    const open = database();
    const ids = open.prepare('select id, due_at from notices').all() as { id: number; due_at: number }[];
    open.close();
    return ids;
  };
  const reset = (user: string) =>
    place.run(['reset', `${user}@northwind.example`, '--account', 'northwind', '--reason', 'lost phone', '--request-id', `NW-${user}`]);

  test('killed between taking a mail and sending it: the next process sends it when its time is over', async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const address = mute.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const env = { PADLOCK_PORTAL_MAIL_SERVER: `smtp://localhost:${port}`, PADLOCK_PORTAL_MAIL_FROM: 'mfa@northwind.example' };
    const first = await place.start(['serve', '--port', '0'], env);
    expect(reset('uwe').status).toBe(0);
    await first.until(() => sockets.length > 0);
    expect(await first.kill('SIGKILL')).toBe('SIGKILL');
    for (const socket of sockets) socket.destroy();
    mute.close();

    expect(waiting()).toHaveLength(1);
    expect(waiting()[0]?.due_at).toBeGreaterThan(Date.now() + 60_000);
    const open = database();
    open.prepare('update notices set due_at = ?').run(Date.now());
    open.close();
    const office = await openPostOffice({ user: '', password: '', port: port ?? 0 });
    const second = await place.start(['serve', '--port', '0'], env);
    await second.until(() => office.mails.length > 0);
    expect(office.mails.map(({ to, subject }) => [to.join(), subject])).toEqual([
      ['uwe@northwind.example', 'Your second factor at Northwind IT was reset'],
    ]);
    await second.until(() => waiting().length === 0);
    expect(await second.kill('SIGTERM')).toBe(0);
    await office.close();
  });

  test('a server that is gone stops no page, and is told in the log', async () => {
    const env = { PADLOCK_PORTAL_MAIL_SERVER: 'smtp://ada:hunter2@localhost:1', PADLOCK_PORTAL_MAIL_FROM: 'mfa@northwind.example' };
    const running = await place.start(['serve', '--port', '0'], env);
    expect(reset('vera').status).toBe(0);
    await running.until(() => running.lines.some(({ msg, code }) => msg === 'background' && code === 'notify/failed'));
    expect(await status(`${running.origin}/readyz`)).toBe(200);
    expect(running.stderr).not.toMatch(/hunter2|vera@/);
    expect(await running.kill('SIGTERM')).toBe(0);
  });
});

test('what signing in depends on is gone: not ready, one word; back again: ready', async () => {
  const running = await place.start(['serve', '--port', '0']);
  const keys = join(place.folder, '.padlock', 'keys.json');
  const text = execFileSync('cat', [keys]);
  rmSync(keys);
  await running.until(async () => (await (await fetch(`${running.origin}/readyz`)).text()) === 'keys\n');
  expect(await status(`${running.origin}/healthz`)).toBe(200);
  writeFileSync(keys, text, { mode: 0o600 });
  await running.until(async () => (await status(`${running.origin}/readyz`)) === 200);
  expect(await running.kill('SIGTERM')).toBe(0);
});
