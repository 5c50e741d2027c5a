import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JudgedMembership } from '../../../src/core/model/findings.ts';
import { REASONS } from '../../../src/core/model/requirement.ts';
import { classify } from '../../../src/core/report/classify.ts';
import { type Comparison, readPreviousPeople, Tally } from '../../../src/core/report/comparison.ts';
import { reportJson } from '../../../src/core/report/json.ts';
import { isFault, type PreviousReport, readPreviousHead } from '../../../src/core/report/previous.ts';
import { summarize } from '../../../src/core/report/summary.ts';
import { headOf } from './html/page.ts';
import { count, gather, member, SCOPES } from './northwind.ts';

/** Who stands where, by id. */
type People = readonly JudgedMembership[];
const someone = (id: number, reason: JudgedMembership['reason'], scope = 'northwind', more: Partial<JudgedMembership> = {}) =>
  member(scope, `u${id}`, reason, { userId: id, ...more });

/** The lines of the report that was made of these people. */
async function linesOf(people: People): Promise<string[]> {
  const counts = people.map((row) => count(row.scope, row.reason, 1, { breakGlass: row.breakGlass, enrolled: row.reason === 'enrolled' }));
  const held = new Map(SCOPES.map(({ scope }) => [scope, people.filter((row) => row.scope === scope).length]));
  const head = headOf({ summary: summarize(SCOPES, counts, held) });
  const text = (await gather(reportJson(head, people, people.length, async () => null))).join('');
  return text.trimEnd().split('\n');
}

async function* given(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

function headOfLines(lines: readonly string[]): PreviousReport {
  const head = readPreviousHead('padlock-before.json', lines[0] ?? '');
  if (isFault(head)) throw new Error(head.why);
  return { ...head, proven: true };
}

async function compare(before: People, now: People): Promise<Comparison> {
  const lines = await linesOf(before);
  const head = headOfLines(lines);
  const people = await readPreviousPeople(head, given(lines));
  if (!(people instanceof Map)) throw new Error(JSON.stringify(people));
  const tally = new Tally(head, people, SCOPES);
  for (const row of now) tally.add(row);
  return tally.result();
}

const NOTHING = { newlyEnrolled: 0, newlyOpen: 0, newlyOverdue: 0, joined: 0, gone: 0 };

describe('who moved', () => {
  test.each([
    ['enrolled', someone(1, 'within-grace'), someone(1, 'enrolled'), { newlyEnrolled: 1 }],
    ['proven upstream', someone(1, 'past-deadline'), someone(1, 'proven-upstream'), { newlyEnrolled: 1 }],
    ['from enrolled to proven: protected both times', someone(1, 'enrolled'), someone(1, 'proven-upstream'), {}],
    ['became overdue', someone(1, 'within-grace'), someone(1, 'past-deadline'), { newlyOverdue: 1 }],
    ['lost the factor', someone(1, 'enrolled'), someone(1, 'past-deadline'), { newlyOpen: 1, newlyOverdue: 1 }],
    ['an exemption ended', someone(1, 'exempted'), someone(1, 'within-grace'), { newlyOpen: 1 }],
    ['nothing', someone(1, 'past-deadline'), someone(1, 'past-deadline'), {}],
    ['joined and enrolled: new, not newly enrolled', undefined, someone(1, 'enrolled'), { joined: 1 }],
    ['joined without', undefined, someone(1, 'within-grace'), { joined: 1, newlyOpen: 1 }],
    ['left', someone(1, 'past-deadline'), undefined, { gone: 1 }],
    ['moved to another client', someone(1, 'enrolled'), someone(1, 'turned-off', 'northwind/bakery'), { joined: 1, gone: 1 }],
    ['became break-glass', someone(1, 'past-deadline'), someone(1, 'past-deadline', 'northwind', { breakGlass: true }), {}],
    ['where nothing enforces', someone(1, 'enrolled', 'northwind/garage'), someone(1, 'past-deadline', 'northwind/garage'), {}],
  ])('%s', async (_, before, now, moved) => {
    const comparison = await compare(before === undefined ? [] : [before], now === undefined ? [] : [now]);
    expect(comparison.total).toEqual({ ...NOTHING, ...moved });
  });

  test('the sums are those of counting one by one, whatever the worlds', async () => {
    const world = fc.uniqueArray(
      fc.tuple(fc.nat(30), fc.constantFrom(...REASONS.map(({ reason }) => reason)), fc.constantFrom('northwind', 'northwind/garage')),
      { selector: ([id, , scope]) => `${scope} ${id}`, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(world, world, async (a, b) => {
        const [before, now] = [a, b].map((list) => list.map(([id, reason, scope]) => someone(id, reason, scope)));
        const { total, scopes } = await compare(before ?? [], now ?? []);
        const classOf = (row: JudgedMembership) => classify(row, row.scope === 'northwind');
        const then = new Map((before ?? []).map((row) => [`${row.scope} ${row.userId}`, row]));
        const expected = { ...NOTHING, gone: then.size };
        for (const row of now ?? []) {
          const old = then.get(`${row.scope} ${row.userId}`);
          if (old === undefined) expected.joined += 1;
          else expected.gone -= 1;
          const protectedIn = (one: JudgedMembership) => classOf(one) === 'enrolled' || classOf(one) === 'upstream';
          const missing = (one: JudgedMembership | undefined) => one !== undefined && classOf(one) === 'missing';
          const overdue = (one: JudgedMembership | undefined) => missing(one) && one?.reason === 'past-deadline';
          if (old !== undefined && protectedIn(row) && !protectedIn(old)) expected.newlyEnrolled += 1;
          if (missing(row) && !missing(old)) expected.newlyOpen += 1;
          if (overdue(row) && !overdue(old)) expected.newlyOverdue += 1;
        }
        expect(total).toEqual(expected);
        for (const key of Object.keys(NOTHING) as (keyof typeof NOTHING)[])
          expect([...scopes.values()].reduce((sum, moves) => sum + moves[key], 0)).toBe(total[key]);
      }),
    );
  });
});

describe('half a list is not compared with: everybody else would look gone', () => {
  const people = [1, 2, 3].map((id) => someone(id, 'enrolled'));
  const read = async (edit: (lines: string[]) => string[]) => {
    const lines = await linesOf(people);
    return readPreviousPeople(headOfLines(lines), given(edit(lines)));
  };

  test.each([
    ['cut off after a line', (lines: string[]) => lines.slice(0, 3), 'cut off: 2 of 3 people'],
    ['a person taken out', (lines: string[]) => lines.toSpliced(2, 1), 'cut off: 2 of 3 people'],
    ['a person put in', (lines: string[]) => lines.toSpliced(2, 0, lines[1] ?? ''), 'cut off: 4 of 3 people'],
    ['a line that is no JSON', (lines: string[]) => lines.with(2, '{"account":'), 'damaged: line 3'],
    ['a person without an id', (lines: string[]) => lines.with(2, '{"account":"northwind","userId":"1"},'), 'damaged: line 3'],
    ['a person of no account', (lines: string[]) => lines.with(2, '{"userId":1},'), 'damaged: line 3'],
    ['null', (lines: string[]) => lines.with(2, 'null,'), 'damaged: line 3'],
  ])('%s', async (_, edit, why) => {
    expect(await read(edit)).toMatchObject({ file: 'padlock-before.json', why: expect.stringContaining(why) });
  });

  test('the whole list is', async () => {
    expect(await read((lines) => lines)).toBeInstanceOf(Map);
  });
});
