import { expect, it } from 'vitest';
import { PadlockError } from '../../../../src/core/model/errors.ts';
import { refuseEmpty } from '../../../../src/core/plan/guards/incomplete.ts';

it('no document at all stops the run with exit 6, and says where it looked', () => {
  expect(() => refuseEmpty(1, ['policies'])).not.toThrow();
  const error = (() => {
    try {
      return refuseEmpty(0, ['policies', 'more']);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(PadlockError);
  expect(error).toMatchObject({
    code: 'document/none',
    exitCode: 6,
    message: '0 documents in policies, more; nothing was planned or changed',
  });
});
