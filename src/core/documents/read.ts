import { type Fault, sortFaults } from '../model/errors.ts';
import type { SourceText } from '../ports/source.ts';
import type { PadlockDocument } from './document.ts';
import { type Entry, MOST_DOCUMENTS, readText, type TextRead, TOO_MANY, unpacked } from './read-text.ts';

/** What reading gives: the documents that are right, everything that is wrong, and what is none of our business. */
export interface Reading {
  readonly documents: readonly PadlockDocument[];
  /** Sorted; empty when every document of our group is right. */
  readonly faults: readonly Fault[];
  /** Documents of other groups. */
  readonly skipped: readonly Skipped[];
  /** Documents of our group that were seen, right or wrong; a document that cannot be told apart counts. */
  readonly count: number;
}

/** A document of another group. */
export interface Skipped {
  readonly file: string;
  readonly line: number;
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * Texts → checked documents, or every fault of every document at once, each with file, line and column, the text at fault
 * and the fix. Never throws for a text, whatever it holds.
 */
export function readDocuments(texts: readonly SourceText[]): Reading {
  return gather(texts.map((text) => readText(text)));
}

/**
 * What single texts hold → what a run holds. Two documents of one kind, namespace and name are a fault; past 10 000 documents
 * nothing more is read.
 */
export function gather(texts: readonly TextRead[]): Reading {
  const documents: PadlockDocument[] = [];
  const faults: Fault[] = [];
  const skipped: Skipped[] = [];
  const names = new Map<string, string>();
  let count = 0;
  for (const { file, entries, faults: whole } of texts) {
    faults.push(...whole);
    for (const entry of entries) {
      const { line, column } = entry;
      if (count + skipped.length >= MOST_DOCUMENTS) {
        const [code, message, fix] = TOO_MANY;
        faults.push({ code, message, file, line, column, fix });
        return { documents, faults: sortFaults(faults), skipped, count };
      }
      if (entry.skipped !== undefined) {
        skipped.push({ file, line, ...entry.skipped });
        continue;
      }
      count += 1;
      faults.push(...entry.faults);
      const duplicate = duplicateName(names, file, entry);
      if (duplicate !== undefined) faults.push(duplicate);
      else if (entry.document !== undefined) documents.push(unpacked(entry.document, file, line));
    }
  }
  return { documents, faults: sortFaults(faults), skipped, count };
}

/** `names`: where each name was declared first, by kind, namespace and name. */
function duplicateName(names: Map<string, string>, file: string, { named }: Entry): Fault | undefined {
  if (named === undefined) return undefined;
  const { kind, namespace, name, text, line, column } = named;
  const key = `${kind} ${namespace}/${name}`;
  const first = names.get(key);
  if (first === undefined) {
    names.set(key, `${file}:${line}:${column}`);
    return undefined;
  }
  const message = `another ${kind} is named ${name}, at ${first}`;
  return { code: 'document/duplicate-name', message, file, line, column, text, fix: 'rename or remove one of the two' };
}
