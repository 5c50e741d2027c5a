import { describe, expect, it } from 'vitest';
import { createClient } from '../../../../src/adapters/directory/itglue/client.ts';
import { PATIENCE } from '../../../../src/adapters/directory/itglue/retry.ts';
import type { Answer } from '../../../../src/adapters/directory/itglue/transport.ts';

const document: Answer = { kind: 'document', body: { fit: true } };
const limited = (seconds: number): Answer => ({ kind: 'refused', status: 429, retryAfter: String(seconds) });
const understand = (body: unknown) => ((body as { fit: boolean }).fit ? { read: body } : 'it does not fit');

/** A client whose requests are answered in this order, the last answer without end; what it waited. */
function clientOf(...answers: readonly Answer[]) {
  const waits: number[] = [];
  let asked = 0;
  const get = createClient(
    async () => answers[Math.min(asked++, answers.length - 1)] ?? document,
    { origin: 'https://api.itglue.com', keyPlace: 'the file key' },
    { clock: { now: () => 0 }, random: { bytes: (length) => new Uint8Array(length) }, sleep: async (wait) => waits.push(wait) },
  );
  return { get: () => get('/users', understand), waits, asked: () => asked };
}

describe('a client', () => {
  it('gives what is made of a document', async () => {
    expect(await clientOf(document).get()).toEqual({ read: { fit: true } });
  });

  it('does not ask again for a document that is none', async () => {
    const { get, asked } = clientOf({ kind: 'document', body: { fit: false } });
    await expect(get()).rejects.toMatchObject({ code: 'directory/contract-broken', message: expect.stringContaining('it does not fit') });
    expect(asked()).toBe(1);
  });

  it('has so many tries again for all requests together', async () => {
    const each = [limited(1), limited(1), limited(1), limited(1), limited(1), document];
    const { get, waits } = clientOf(...Array.from({ length: 20 }, () => each).flat());
    for (let request = 0; request < PATIENCE.again / 5; request++) await get();
    await expect(get()).rejects.toMatchObject({ code: 'directory/incomplete', data: { reason: 'directory/rate-limited' } });
    expect(waits).toHaveLength(PATIENCE.again);
  });

  it('and so much time', async () => {
    const minutes = PATIENCE.longestAsked / 60_000;
    const { get, waits } = clientOf(...Array.from({ length: 20 }, () => [limited(PATIENCE.longestAsked / 1000), document]).flat());
    const most = Math.floor(PATIENCE.waited / 60_000 / minutes);
    for (let request = 0; request < most; request++) await get();
    await expect(get()).rejects.toMatchObject({ code: 'directory/incomplete' });
    expect(waits).toHaveLength(most);
  });
});
