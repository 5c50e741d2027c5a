import { describe, expect, test } from 'vitest';
import { failureText, resultText } from '../../../../src/apps/cli/output/result.ts';
import { EXIT, type Fault, PadlockError } from '../../../../src/core/model/errors.ts';

describe('a result', () => {
  test.each([
    [EXIT.ok, true],
    [EXIT.changes, true],
    [EXIT.error, false],
    [EXIT.notCompliant, false],
    [EXIT.refused, false],
    [EXIT.stale, false],
    [EXIT.incomplete, false],
    [EXIT.usage, false],
  ])('with exit code %d is ok: %s', (exitCode, ok) => {
    const text = resultText('PlanResult', exitCode, { digest: '3f9c1b' });
    expect(JSON.parse(text)).toEqual({ apiVersion: 'padlock.dev/v1alpha1', kind: 'PlanResult', ok, exitCode, digest: '3f9c1b' });
    expect(text.endsWith('}\n')).toBe(true);
  });

  test('steers no terminal that it is printed on', () => {
    expect(resultText('PlanResult', 0, { name: 'a\u001b[2J' })).not.toContain('\u001b');
  });
});

describe('a failure', () => {
  const fault: Fault = {
    code: 'document/invalid-duration',
    message: '"14 days" is not a duration',
    file: 'b.yaml',
    line: 9,
    column: 16,
    text: '14 days',
    fix: 'write 14d',
  };
  const { fix: _fix, text: _text, ...bare } = { ...fault, file: 'a.yaml' };

  test('has its code, what to do, and every fault in the order of its place', () => {
    const error = new PadlockError('document/syntax', '2 errors', { faults: [fault, bare], data: { documents: 8 } });
    expect(JSON.parse(failureText('ValidateResult', error))).toEqual({
      apiVersion: 'padlock.dev/v1alpha1',
      kind: 'ValidateResult',
      ok: false,
      exitCode: 1,
      error: {
        code: 'document/syntax',
        message: '2 errors',
        fix: null,
        faults: [{ ...bare, text: null, fix: null }, fault],
        data: { documents: 8 },
      },
    });
  });

  test('keeps private detail to itself, and carries what the command knows besides', () => {
    const error = new PadlockError('store/unavailable', 'the store cannot be opened', {
      fix: 'check the path',
      cause: new Error('hunter2'),
    });
    const text = failureText('PlanResult', error, { digest: '3f9c1b' });
    expect(text).not.toContain('hunter2');
    expect(JSON.parse(text)).toMatchObject({ exitCode: 6, error: { fix: 'check the path', data: null }, digest: '3f9c1b' });
  });
});
