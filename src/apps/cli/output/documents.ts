import type { PadlockDocument } from '../../../core/documents/document.ts';
import type { Reading } from '../../../core/documents/read.ts';
import { PadlockError } from '../../../core/model/errors.ts';
import { refuseEmpty } from '../../../core/plan/guards/incomplete.ts';
import { conflictsAmong } from '../../../core/policy/conflicts.ts';
import type { SourceText } from '../../../core/ports/source.ts';
import type { Session } from './session.ts';

/** Documents as they were read: checked, and the texts that they came from. */
export interface ReadDocuments {
  readonly documents: readonly PadlockDocument[];
  readonly skipped: Reading['skipped'];
  readonly texts: readonly SourceText[];
}

/**
 * Reads the documents of some paths (those of the configuration when none are given). Everything that is wrong with any of
 * them is thrown at once; no document at all is an incomplete read (`document/none`, exit 6), never "nothing to do".
 */
export async function readPaths(session: Session, paths: readonly string[]): Promise<ReadDocuments> {
  const from = paths.length > 0 ? paths : session.composition.configuration().policies;
  const source = await session.composition.policies(from);
  return await checkTexts(session, await source.read(), from);
}

/** The same for texts that are at hand. `paths` names where they came from. */
export async function checkTexts(session: Session, texts: readonly SourceText[], paths: readonly string[]): Promise<ReadDocuments> {
  const { documents, faults, skipped, count } = await session.composition.read(texts);
  session.documents = count;
  const all = [...faults, ...conflictsAmong(documents)];
  const [first] = all;
  if (first !== undefined) throw new PadlockError(first.code, first.message, { faults: all });
  refuseEmpty(count, paths);
  return { documents, skipped, texts };
}
