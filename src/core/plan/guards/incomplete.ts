import { PadlockError } from '../../model/errors.ts';

/**
 * An empty read never means "delete everything" or "all is well": it stops the run (exit 6), and cannot be overridden.
 * `count` is the number of documents read, `paths` where.
 */
export function refuseEmpty(count: number, paths: readonly string[]): void {
  if (count > 0) return;
  throw new PadlockError('document/none', `0 documents in ${paths.join(', ')}; nothing was planned or changed`, {
    fix: 'check the path; documents are .yaml files with apiVersion: padlock.dev/v1alpha1',
  });
}
