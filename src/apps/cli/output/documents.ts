import type { PadlockDocument } from '../../../core/documents/document.ts';
import type { Reading } from '../../../core/documents/read.ts';
import { type Fault, PadlockError, sortFaults } from '../../../core/model/errors.ts';
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

/** What was found in some texts, right and wrong. */
export interface Found extends ReadDocuments {
  /** Those of single documents, and those between them. */
  readonly faults: readonly Fault[];
  readonly count: number;
}

/**
 * Reads the documents of some paths (those of the configuration when none are given). Everything that is wrong with any of
 * them is thrown at once; no document at all is an incomplete read (`document/none`, exit 6), never "nothing to do".
 */
export async function readPaths(session: Session, paths: readonly string[]): Promise<ReadDocuments> {
  const from = pathsOf(session, paths);
  return checkTexts(session, await textsOf(session, from), from);
}

/** The paths that are read: those of the configuration when none are given. */
export function pathsOf(session: Session, paths: readonly string[]): readonly string[] {
  return paths.length > 0 ? paths : session.composition.configuration().policies;
}

/** The texts of some paths. */
export async function textsOf(session: Session, paths: readonly string[]): Promise<readonly SourceText[]> {
  const source = await session.composition.policies(paths);
  return await source.read();
}

/** The same as {@link readPaths} for texts that are at hand. `paths` names where they came from. */
export async function checkTexts(session: Session, texts: readonly SourceText[], paths: readonly string[]): Promise<ReadDocuments> {
  const found = await findIn(session, texts);
  refuseFound(found, paths);
  return found;
}

/** Reads texts, and throws for none of them. */
export async function findIn(session: Session, texts: readonly SourceText[]): Promise<Found> {
  const { documents, faults, skipped, count } = await session.composition.read(texts);
  session.documents = count;
  return { documents, skipped, texts, faults: sortFaults([...faults, ...conflictsAmong(documents)]), count };
}

/** Throws what is wrong with what was found, or that it is nothing. */
export function refuseFound({ faults, count }: Found, paths: readonly string[]): void {
  const [first] = faults;
  if (first !== undefined) throw new PadlockError(first.code, first.message, { faults });
  refuseEmpty(count, paths);
}
