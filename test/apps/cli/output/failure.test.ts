import { describe, expect, test } from 'vitest';
import { asFailure, renderFailure } from '../../../../src/apps/cli/output/failure.ts';
import { plainStyle } from '../../../../src/core/layout/style.ts';
import { type Fault, PadlockError } from '../../../../src/core/model/errors.ts';

const render = (error: PadlockError, more: { verbose?: boolean; documents?: number; isTerminal?: boolean; width?: number } = {}) => [
  ...renderFailure(error, { style: plainStyle, isTerminal: false, width: 120, verbose: false, ...more }),
];
const fault = (more: Partial<Fault>): Fault => ({
  code: 'document/invalid-duration',
  message: '"14 days" is not a duration',
  file: 'policies/myglue/bakery.yaml',
  line: 9,
  column: 16,
  fix: 'write 14d',
  ...more,
});

describe('faults', () => {
  test('as people were promised', () => {
    expect(render(new PadlockError('document/syntax', 'invalid', { faults: [fault({})] }), { documents: 8 })).toEqual([
      'policies/myglue/bakery.yaml:9:16  error  document/invalid-duration  "14 days" is not a duration; write 14d',
      '1 error in 8 documents',
    ]);
  });

  test('golden: several, in the order of their places', async () => {
    const { fix: _, ...unfixed } = fault({
      file: 'policies/account.yaml',
      line: 12,
      column: 3,
      code: 'document/unknown-field',
      message: '"grace" is no field',
    });
    const faults = [
      fault({}),
      unfixed,
      fault({ line: 0, column: 0, code: 'document/too-large', message: 'larger than 256 KiB', fix: 'split it' }),
    ];
    const text = render(new PadlockError('document/syntax', 'invalid', { faults }), { documents: 1 }).join('\n');
    await expect(`${text}\n`).toMatchFileSnapshot(`${import.meta.dirname}/../../../golden/failure/faults.txt`);
  });

  test('cannot steer the terminal by what they quote', () => {
    expect(
      render(new PadlockError('document/syntax', 'x', { faults: [fault({ message: 'a\u001b[2Jb', file: '\u009b.yaml' })] })).join(''),
    ).not.toMatch(/\p{Cc}/u);
  });
});

test('without faults: code, what and why, and what to do next', () => {
  expect(render(new PadlockError('store/missing', 'there is no store in .padlock', { fix: 'run padlock apply first' }))).toEqual([
    'error  store/missing  there is no store in .padlock',
    '  run padlock apply first',
  ]);
  expect(render(new PadlockError('store/missing', 'there is no store'))).toHaveLength(1);
});

test('on a terminal no line is wider than it; on a pipe each fault is one line', () => {
  const message = 'a word that nobody expected in a place where the schema of the documents has another one, which is said at length';
  const errors = [
    new PadlockError('document/syntax', 'x', { faults: [fault({ message })] }),
    new PadlockError('store/missing', message, { fix: message }),
  ];
  for (const error of errors) {
    const shown = render(error, { isTerminal: true, width: 80 });
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(shown.join(' ').replace(/ +/g, ' ')).toBe(render(error).join(' ').replace(/ +/g, ' '));
  }
});

describe('what nobody expected', () => {
  const thrown = Object.assign(new SyntaxError('Unexpected token h in "hunter2"'), { code: 'ESECRET' });

  test('is named by class and code; its message may hold a secret, and is kept back', () => {
    const failure = asFailure(thrown);
    expect(failure).toMatchObject({ code: 'internal/unexpected', exitCode: 1, cause: thrown });
    expect(render(failure).join('\n')).toContain('SyntaxError (ESECRET)');
    expect(render(failure).join('\n')).not.toMatch(/hunter2|\.ts:/);
  });

  test('shows the stacks of all its causes with --verbose, and ends even where causes go round', () => {
    const [inner, outer] = [new Error('inner'), new Error('outer')];
    outer.cause = inner;
    inner.cause = outer;
    const text = render(asFailure(outer), { verbose: true }).join('\n');
    expect(text).toMatch(/Error: outer\n +at /);
    expect(text).toMatch(/Error: inner\n +at /);
  });

  test.each([
    ['text', 'string'],
    [undefined, 'undefined'],
    [null, 'object'],
  ])('%j thrown is told, too', (value, name) => {
    expect(asFailure(value).message).toContain(name);
  });

  test('an error with a code of ours stays itself', () => {
    const error = new PadlockError('plan/stale', 'x');
    expect(asFailure(error)).toBe(error);
  });
});
