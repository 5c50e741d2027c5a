import { expect, it } from 'vitest';
import { editsBetween, same } from '../../../src/core/plan/edits.ts';

const source = {
  file: 'a.yaml',
  line: 1,
  at: { '/spec': { line: 2, column: 1 }, '/spec/mode': { line: 4, column: 3 }, '/spec/myGlueDefault/roles': { line: 9, column: 5 } },
};

it('nothing differs, in whatever order the keys stand', () => {
  expect(editsBetween({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, source)).toEqual([]);
  expect(editsBetween(null, null, null)).toEqual([]);
});

it('fields in the order of the document, those that went last, each with its line', () => {
  expect(editsBetween({ gracePeriod: '7d', requireMfa: true }, { requireMfa: false, mode: 'ReportOnly' }, source)).toEqual([
    { field: 'requireMfa', before: true, after: false, place: 'a.yaml:2' },
    { field: 'mode', before: undefined, after: 'ReportOnly', place: 'a.yaml:4' },
    { field: 'gracePeriod', before: '7d', after: undefined, place: 'a.yaml:2' },
  ]);
});

it('a new document is all edits, one that goes too', () => {
  expect(editsBetween(null, { requireMfa: true }, null)).toEqual([{ field: 'requireMfa', before: undefined, after: true, place: null }]);
  expect(editsBetween({ requireMfa: true }, null, null)).toEqual([{ field: 'requireMfa', before: true, after: undefined, place: null }]);
});

it('the default for MyGlue accounts is opened where both sides have one, and whole where one has', () => {
  const [before, after] = [{ requireMfa: true }, { requireMfa: true, roles: ['Lite'] }];
  expect(editsBetween({ myGlueDefault: before }, { myGlueDefault: after }, source)).toEqual([
    { field: 'myGlueDefault.roles', before: undefined, after: ['Lite'], place: 'a.yaml:9' },
  ]);
  expect(editsBetween({}, { myGlueDefault: after }, source)).toMatchObject([{ field: 'myGlueDefault', before: undefined, after }]);
  expect(editsBetween({ guards: { resets: 1 } }, { guards: { resets: 2 } }, source)).toMatchObject([{ field: 'guards' }]);
});

it('absent equals absent alone', () => {
  expect(same(undefined, undefined)).toBe(true);
  expect(same(undefined, null)).toBe(false);
  expect(same(null, undefined)).toBe(false);
  expect(same(['a', 'b'], ['b', 'a'])).toBe(false);
});
