import { describe, expect, test } from 'vitest';
import type { BreakGlassPerson } from '../../../src/core/model/findings.ts';
import { breakGlassFindings, breakGlassWords, judgeBreakGlass } from '../../../src/core/report/break-glass.ts';

const DAY = 86_400_000;
const SINCE = Date.parse('2026-11-13T08:00:00Z');
const person: BreakGlassPerson = {
  userId: 9,
  externalId: '9',
  address: 'glass@northwind.example',
  name: null,
  enabled: true,
  localPassword: true,
  kinds: 0,
  lastSignIn: null,
};
const judged = (some: Partial<BreakGlassPerson> | null) =>
  judgeBreakGlass(
    [
      {
        account: 'northwind',
        called: 'glass@northwind.example',
        document: 'northwind',
        person: some === null ? null : { ...person, ...some },
      },
    ],
    SINCE,
  );

describe('a declared user', () => {
  test.each([
    ['never used, nor enrolled', {}, []],
    ['unused for 120 days', { lastSignIn: SINCE - 120 * DAY }, []],
    ['used at the moment of the last report', { lastSignIn: SINCE }, []],
    ['used since', { lastSignIn: SINCE + 1 }, ['used']],
    ['disabled', { enabled: false }, ['disabled']],
    ['without a local password', { localPassword: false }, ['no-local-password']],
    ['of whom all is wrong', { enabled: false, localPassword: false, lastSignIn: SINCE + DAY }, ['disabled', 'no-local-password', 'used']],
    ['who does not exist', null, ['missing']],
  ] as const)('%s', (_, some, findings) => {
    const users = judged(some);
    expect(users[0]?.findings).toEqual(findings);
    expect(breakGlassFindings(users)).toBe(findings.length > 0 ? 1 : 0);
    expect(users.flatMap(breakGlassWords)).toHaveLength(findings.length);
  });

  test('a use is told with its moment', () => {
    expect(judged({ lastSignIn: SINCE + DAY }).flatMap(breakGlassWords)).toEqual(['used on 2026-11-14T08:00:00Z']);
  });
});
