import { expect, it } from 'vitest';
import { faultAt } from '../../../src/core/model/place.ts';

it.each([
  ['people.csv:7', 'people.csv', 7, 'wrong'],
  ['C:\\data\\people.csv:7', 'C:\\data\\people.csv', 7, 'wrong'],
  ['users.json: data[6]', 'users.json', 0, 'data[6]: wrong'],
  ['users.json', 'users.json', 0, 'wrong'],
])('a fault at %s', (place, file, line, message) => {
  expect(faultAt(place, 'directory/invalid-row', 'wrong', 'mend it')).toMatchObject({
    code: 'directory/invalid-row',
    file,
    line,
    message,
    fix: 'mend it',
  });
});

it('shows at most 80 characters of the text at fault', () => {
  expect(faultAt('people.csv:7', 'directory/invalid-row', 'wrong', 'mend it', 'x'.repeat(100)).text).toHaveLength(80);
});
