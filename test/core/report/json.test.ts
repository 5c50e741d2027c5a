import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JudgedMembership } from '../../../src/core/model/findings.ts';
import { REASONS } from '../../../src/core/model/requirement.ts';
import { reportJson, summaryJson } from '../../../src/core/report/json.ts';
import { findingRow, padlockOf } from '../../../src/core/report/rows.ts';
import { summarize } from '../../../src/core/report/summary.ts';
import { headOf } from './html/page.ts';
import { COUNTS, facts, gather, HELD, member, OPEN, reset, SCOPES } from './northwind.ts';

const head = headOf({
  summary: summarize(SCOPES, COUNTS, HELD),
  resets: [reset(), reset({ outcome: 'NoSuchUser', userId: null, executedAt: null })],
});
const none = async () => null;

test('golden', async () => {
  const text = (await gather(reportJson(head, OPEN, OPEN.length, none))).join('');
  await expect(`${JSON.stringify(JSON.parse(text), null, 2)}\n`).toMatchFileSnapshot(
    `${import.meta.dirname}/../../golden/report/report.json`,
  );
});

test('is one valid document, with nobody and with many, of whatever names', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 30 }), async (names) => {
      const rows = names.map((name) => member('northwind', 'x', 'past-deadline', { name }));
      const read = JSON.parse((await gather(reportJson(head, rows, rows.length, none))).join(''));
      expect(read.people.map((person: { name: string }) => person.name)).toEqual(names.map((name) => JSON.parse(JSON.stringify(name))));
      expect(read).toMatchObject(summaryJson(head.summary));
    }),
  );
});

test('comes in chunks: the whole is never held, however many there are', async () => {
  const people = 20_000;
  let given = 0;
  async function* many(): AsyncGenerator<JudgedMembership> {
    for (; given < people; given += 1) yield member('northwind', `u${given}`, 'within-grace');
  }
  let longest = 0;
  let firstAt = 0;
  for await (const chunk of reportJson(head, many(), people, none)) {
    longest = Math.max(longest, chunk.length);
    if (chunk.includes('u0@')) firstAt = given;
  }
  expect(given).toBe(people);
  expect(longest).toBeLessThan(100_000);
  expect(firstAt).toBeLessThan(people / 10);
});

describe('a list that is not whole is refused', () => {
  test.each([
    ['too few', OPEN.slice(1), OPEN.length],
    ['too many', OPEN, OPEN.length - 1],
    ['somebody of a scope that was not read', [member('elsewhere', 'eve', 'enrolled')], 1],
  ])('%s', async (_, rows, expected) => {
    await expect(gather(reportJson(head, rows, expected, none))).rejects.toThrow(expect.objectContaining({ code: 'report/incomplete' }));
  });

  test('a source that fails fails the report with its own error', async () => {
    async function* broken(): AsyncGenerator<JudgedMembership> {
      yield member('northwind', 'ada', 'enrolled');
      throw new Error('connection lost');
    }
    await expect(gather(reportJson(head, broken(), 2, none))).rejects.toThrow('connection lost');
  });
});

describe('the padlock of a membership', () => {
  test.each([
    ['enrolled', 1, 'closed'],
    ['past-deadline', 0, 'open'],
    ['past-deadline', 1, 'open'],
    ['exempted', 0, 'open'],
    ['proven-upstream', 0, 'open'],
    ['proven-upstream', null, 'unknown'],
    ['cannot-tell', null, 'unknown'],
    ['turned-off', 1, 'closed'],
    ['turned-off', 0, 'open'],
    ['disabled', 2, 'closed'],
  ] as const)('%s with kinds %s is %s', (reason, kinds, padlock) => {
    expect(padlockOf({ reason, kinds })).toBe(padlock);
  });
});

test('each row has the state of its reason', () => {
  for (const { reason, state } of REASONS)
    expect(findingRow(member('northwind', 'ada', reason), facts('northwind'))).toMatchObject({ reason, state });
});
