import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mailNotifier } from '../../../src/adapters/notify/mail.ts';
import type { Mail } from '../../../src/core/ports/notifier.ts';
import { notifierContract } from '../../contract/notifier.ts';
import { temporaryFolder } from '../store/opened.ts';
import { openPostOffice, type PostOffice } from './post-office.ts';

const FROM = 'Northwind IT <mfa@northwind.example>';
const MAIL: Mail = { to: 'ada@northwind.example', subject: 'a subject', text: 'a text\n' };

notifierContract('mails by SMTP', async () => {
  const office = await openPostOffice({ user: 'padlock', password: 'hunter2' });
  return {
    notifier: mailNotifier({ server: `smtp://padlock:hunter2@localhost:${office.port}`, from: FROM, passwordFile: undefined }),
    mails: async () => office.mails.map(({ to, subject, text }) => ({ to: to.join(), subject, text })),
    breakDown: () => office.close(),
    close: () => office.close(),
  };
});

describe('with a server', () => {
  let office: PostOffice;
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(async () => {
    office = await openPostOffice({ user: 'pad@lock', password: 'p:ss/wörd' });
    folder = temporaryFolder();
  });
  afterEach(async () => {
    folder.remove();
    await office.close();
  });

  test('who sends, and that nobody is to answer by themselves', async () => {
    const server = `smtp://${encodeURIComponent('pad@lock')}:${encodeURIComponent('p:ss/wörd')}@localhost:${office.port}`;
    await mailNotifier({ server, from: FROM, passwordFile: undefined }).send(MAIL);
    expect(office.mails[0]?.from).toBe('mfa@northwind.example');
    expect(office.mails[0]?.raw).toMatch(/^From: Northwind IT <mfa@northwind\.example>\r$/m);
    expect(office.mails[0]?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  });

  test('the password from a file, as it is at that moment', async () => {
    const passwordFile = join(folder.path, 'password');
    const notifier = mailNotifier({
      server: `smtp://${encodeURIComponent('pad@lock')}@localhost:${office.port}`,
      from: FROM,
      passwordFile,
    });
    await expect(notifier.send(MAIL)).rejects.toMatchObject({ code: 'notify/failed', message: expect.stringContaining('ENOENT') });
    writeFileSync(passwordFile, 'wrong-hunter2\n');
    const refused = await notifier.send(MAIL).catch((error: Error) => error);
    expect(refused).toMatchObject({ code: 'notify/failed', message: expect.stringMatching(/EAUTH 535/) });
    expect(JSON.stringify(refused) + String(refused)).not.toContain('hunter2');
    writeFileSync(passwordFile, 'p:ss/wörd\n');
    await notifier.send(MAIL);
    expect(office.mails).toHaveLength(1);
  });

  test('that refuses the address: its code, and nothing that it said', async () => {
    const server = `smtp://${encodeURIComponent('pad@lock')}:${encodeURIComponent('p:ss/wörd')}@localhost:${office.port}`;
    const refused = await mailNotifier({ server, from: FROM, passwordFile: undefined })
      .send({ ...MAIL, to: 'refused@northwind.example' })
      .catch((error: Error) => error);
    expect(refused).toMatchObject({ code: 'notify/failed', message: expect.stringMatching(/EENVELOPE 550/) });
    expect(String(refused)).not.toMatch(/refused@|no such/);
  });
});

test('to another machine never without TLS: not a word of the mail, not the user, not the password', async () => {
  const office = await openPostOffice({ user: 'padlock', password: 'hunter2', host: '0.0.0.0' });
  const server = `smtp://padlock:hunter2@${hostname()}:${office.port}`;
  await expect(mailNotifier({ server, from: FROM, passwordFile: undefined }).send(MAIL)).rejects.toMatchObject({ code: 'notify/failed' });
  expect(office.mails).toEqual([]);
  expect(office.logins).toBe(0);
  await office.close();
});

test('nor over TLS with a certificate that nobody vouches for', async () => {
  const office = await openPostOffice({ user: 'padlock', password: 'hunter2', host: '0.0.0.0', tls: true });
  const server = `smtp://padlock:hunter2@${hostname()}:${office.port}`;
  await expect(mailNotifier({ server, from: FROM, passwordFile: undefined }).send(MAIL)).rejects.toMatchObject({ code: 'notify/failed' });
  expect(office.logins).toBe(0);
  await office.close();
});

describe('a server that is no help', () => {
  const opened: { server: Server; sockets: Socket[] }[] = [];
  afterEach(() => {
    for (const { server, sockets } of opened.splice(0)) {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });

  async function speaking(talk: (socket: Socket) => void): Promise<string> {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      talk(socket);
    });
    opened.push({ server, sockets });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.each<[string, (socket: Socket) => void]>([
    ['says nothing', () => undefined],
    ['hangs up', (socket) => socket.destroy()],
    ['speaks nonsense', (socket) => socket.write('nonsense\r\n'.repeat(10))],
    ['lets fall a byte now and then', (socket) => void setInterval(() => socket.destroyed || socket.write('2'), 20).unref()],
    ['takes nobody', (socket) => socket.end('554 no service\r\n')],
  ])('%s', async (_, talk) => {
    const server = await speaking(talk);
    const began = performance.now();
    await expect(mailNotifier({ server, from: FROM, passwordFile: undefined, patience: 200 }).send(MAIL)).rejects.toMatchObject({
      code: 'notify/failed',
    });
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
