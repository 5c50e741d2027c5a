import { readFile } from 'node:fs/promises';
import { API_VERSION } from '../../../core/documents/group.ts';
import { PadlockError } from '../../../core/model/errors.ts';
import type { Random } from '../../../core/ports/random.ts';
import type { SourceText } from '../../../core/ports/source.ts';
import { VERSION } from '../version.ts';
import type { ReadDocuments } from './documents.ts';
import { writeFileWhole } from './file.ts';

/** A reviewed plan as a file: the digest to compare, and the texts that it was computed from. No people, no secrets. */
interface SavedPlan {
  readonly apiVersion: string;
  readonly kind: 'SavedPlan';
  readonly version: string;
  readonly digest: string;
  readonly texts: readonly { readonly file: string; readonly text: string }[];
}

/**
 * Saves a plan, whole or not at all. It is handed on, as an artifact of a build say: no text goes with it but those that hold
 * documents of ours.
 */
export async function savePlan(path: string, digest: string, { texts, documents }: ReadDocuments, random: Random): Promise<void> {
  const decoder = new TextDecoder();
  const ours = new Set(documents.map((document) => document.source.file));
  const saved: SavedPlan = {
    apiVersion: API_VERSION,
    kind: 'SavedPlan',
    version: VERSION,
    digest,
    texts: texts
      .filter(({ file }) => ours.has(file))
      .map(({ file, text }) => ({ file, text: typeof text === 'string' ? text : decoder.decode(text) })),
  };
  await writeFileWhole(path, [`${JSON.stringify(saved, null, 2)}\n`], random);
}

/** Reads a saved plan. `plan/unreadable` (64) for anything else: cut short, no plan, made by another version. */
export async function loadPlan(path: string): Promise<{ digest: string; texts: readonly SourceText[] }> {
  const fix = `make it again: padlock plan --out ${path}`;
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new PadlockError('plan/unreadable', `the plan ${path} cannot be read; nothing was applied`, { fix, cause });
  });
  const saved = parse(text);
  if (!isSavedPlan(saved))
    throw new PadlockError('plan/unreadable', `${path} is not a saved plan, or it is cut short; nothing was applied`, { fix });
  if (saved.version !== VERSION) {
    throw new PadlockError('plan/unreadable', `${path} was made by padlock ${saved.version}, this is ${VERSION}; nothing was applied`, {
      fix,
    });
  }
  return { digest: saved.digest, texts: saved.texts };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSavedPlan(value: unknown): value is SavedPlan {
  const plan = value as Partial<SavedPlan> | null | undefined;
  const isText = (one: unknown) =>
    typeof (one as SourceText | null)?.file === 'string' && typeof (one as SourceText | null)?.text === 'string';
  return (
    plan?.apiVersion === API_VERSION &&
    plan.kind === 'SavedPlan' &&
    typeof plan.version === 'string' &&
    typeof plan.digest === 'string' &&
    Array.isArray(plan.texts) &&
    plan.texts.every(isText)
  );
}
