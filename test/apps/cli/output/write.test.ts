import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { writeLines, writeText } from '../../../../src/apps/cli/output/write.ts';

/** Takes one chunk at a time, slowly, and remembers how much waited. */
function slowStream() {
  const taken: string[] = [];
  const stream = new Writable({
    highWaterMark: 16,
    decodeStrings: false,
    write(chunk: string, _, done) {
      taken.push(chunk);
      setImmediate(done);
    },
  });
  return { stream, taken };
}

describe('writing', () => {
  test('all of it, in order, and the stream stays open', async () => {
    const { stream, taken } = slowStream();
    await writeText(stream, ['a', 'b']);
    await writeLines(stream, ['c', 'd']);
    expect(taken.join('')).toBe('abc\nd\n');
    expect(stream.writable).toBe(true);
  });

  test('nothing is fine, too', async () => {
    const { stream, taken } = slowStream();
    await writeText(stream, []);
    await writeLines(stream, []);
    expect(taken).toEqual([]);
  });

  test('no faster than it is taken', async () => {
    const { stream, taken } = slowStream();
    let ahead = 0;
    function* chunks(): Generator<string> {
      for (let i = 0; i < 200; i += 1) {
        ahead = Math.max(ahead, i - taken.length);
        yield 'x'.repeat(32);
      }
    }
    await writeText(stream, chunks());
    expect(taken.join('')).toHaveLength(200 * 32);
    expect(ahead).toBeLessThan(10);
  });

  test('what the source throws is told', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield 'a';
      throw new Error('connection lost');
    }
    await expect(writeText(new PassThrough(), broken())).rejects.toThrow('connection lost');
  });

  test('a stream that cannot be written for another reason is told', async () => {
    const full = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('no space left'), { code: 'ENOSPC' })) });
    await expect(writeText(full, ['a'])).rejects.toThrow('no space left');
  });

  test('a reader who has gone is no error, now or later', async () => {
    const gone = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })) });
    await writeText(gone, ['a', 'b']);
    await writeText(gone, ['c']);
  });
});

test('a process whose reader goes away ends by itself, without a word on standard error', async () => {
  const write = JSON.stringify(join(import.meta.dirname, '../../../../src/apps/cli/output/write.ts'));
  const code = `
    const { writeLines } = await import(${write});
    function* lines() { for (let i = 0; i < 500_000; i += 1) yield 'line ' + i; }
    await writeLines(process.stdout, lines());
    await writeLines(process.stdout, ['more']);
    process.exitCode = 2;`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect([(await closed)[0], errors]).toEqual([2, '']);
});
