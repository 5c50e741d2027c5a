import { type Fault, sortFaults } from '../model/errors.ts';
import type { DocumentSource, Position } from '../model/positions.ts';
import type { DocumentKind } from '../model/words.ts';
import type { SourceText } from '../ports/source.ts';
import { type Checkable, checkDocument } from './checks.ts';
import type { PadlockDocument } from './document.ts';
import { explain, type Validator, type Violation } from './faults.ts';
import { ComplianceReport, GuardOverride, MfaExemption, MfaPolicy, MfaReset } from './generated/validators.js';
import { API_VERSION } from './group.ts';
import { readHead } from './head.ts';
import type { Metadata } from './schema.ts';
import { type Composed, compose } from './stream.ts';
import { decode, faultAt, positionAt, type Text } from './text.ts';
import { namesOf, type Tree, toTree } from './tree.ts';

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

const VALIDATORS: Readonly<Record<DocumentKind, Validator>> = { MfaPolicy, MfaExemption, MfaReset, ComplianceReport, GuardOverride };

/** Documents that one run reads at most. */
const MOST_DOCUMENTS = 10_000;

interface Run {
  readonly documents: PadlockDocument[];
  readonly faults: Fault[];
  readonly skipped: Skipped[];
  /** Where each name was declared first, by kind, namespace and name. */
  readonly names: Map<string, string>;
  count: number;
  full: boolean;
}

/**
 * Texts → checked documents, or every fault of every document at once, each with file, line and column, the text at fault
 * and the fix. Never throws for a text, whatever it holds. Two documents of one kind, namespace and name are a fault.
 */
export function readDocuments(texts: readonly SourceText[]): Reading {
  const run: Run = { documents: [], faults: [], skipped: [], names: new Map(), count: 0, full: false };
  for (const source of texts) {
    if (run.full) break;
    const text = decode(source);
    if ('code' in text) run.faults.push(text);
    else readText(run, text);
  }
  return { documents: run.documents, faults: sortFaults(run.faults), skipped: run.skipped, count: run.count };
}

function readText(run: Run, text: Text): void {
  const { composed, faults } = compose(text);
  run.faults.push(...faults);
  run.count += faults.filter(({ code }) => code !== 'document/syntax').length;
  for (const one of composed) {
    const { contents } = one.document;
    const empty = contents === null || ('source' in contents && contents.source === '' && contents.tag === undefined);
    if (empty && one.faults.length === 0) continue;
    if (run.count + run.skipped.length >= MOST_DOCUMENTS) {
      const start = contents?.range[0] ?? 0;
      run.faults.push(
        faultAt(text, { start, end: start }, 'document/too-large', 'more than 10 000 documents', 'read them in several runs'),
      );
      run.full = true;
      return;
    }
    readDocument(run, text, one);
  }
}

function readDocument(run: Run, text: Text, { document, faults }: Composed): void {
  const untagged = faults.every(({ code }) => code === 'document/tag');
  if (!untagged) {
    // what a parser makes of broken syntax would only yield faults that are none
    run.faults.push(...faults);
    run.count += 1;
    return;
  }
  const tree = toTree(text, document.contents);
  const head = readHead(text, tree);
  const { line } = positionAt(text, document.contents?.range[0] ?? 0);
  if (!head.ours) {
    run.skipped.push({ file: text.file, line, apiVersion: head.apiVersion, kind: head.kind });
    return;
  }
  run.count += 1;
  const found = [...faults, ...tree.faults, ...head.faults];
  if (head.kind !== undefined) {
    const validate = VALIDATORS[head.kind];
    const value = { ...(tree.value as object), apiVersion: API_VERSION, kind: head.kind };
    const violations = validate(value) ? [] : (validate.errors ?? []);
    const { metadata, spec } = sound(value, refusedBy(violations)) as { metadata?: Partial<Metadata>; spec?: object };
    found.push(...explain(text, tree, violations));
    found.push(...checkFaults(text, tree, { kind: head.kind, spec: spec ?? {} } as Checkable));
    found.push(...duplicateName(run, text, tree, `${head.kind} ${metadata?.namespace ?? ''}/`, metadata?.name));
    const source: DocumentSource = { file: text.file, line, at: positionsOf(text, tree) };
    if (found.length === 0) run.documents.push({ kind: head.kind, metadata, spec, source } as PadlockDocument);
  }
  run.faults.push(...found);
}

function checkFaults(text: Text, tree: Tree, document: Checkable): Fault[] {
  return checkDocument(document, (pointer) => tree.places.has(pointer)).map(({ pointer, at, code, message, fix }) => {
    const place = tree.places.get(pointer) ?? { start: 0, end: 0 };
    return faultAt(text, at === 'key' ? (place.key ?? place) : place, code, message, fix);
  });
}

function duplicateName(run: Run, text: Text, tree: Tree, prefix: string, name: string | undefined): Fault[] {
  const place = tree.places.get('/metadata/name');
  if (name === undefined || place === undefined) return [];
  const first = run.names.get(prefix + name);
  if (first !== undefined) {
    const message = `another ${prefix.split(' ', 1)[0] ?? ''} is named ${name}, at ${first}`;
    return [faultAt(text, place, 'document/duplicate-name', message, 'rename or remove one of the two')];
  }
  const { line, column } = positionAt(text, place.start);
  run.names.set(prefix + name, `${text.file}:${line}:${column}`);
  return [];
}

/** Pointers of the values that a schema refused; a mapping that lacks a field, or has one too many, is not. */
function refusedBy(violations: readonly Violation[]): string[] {
  return violations
    .filter(({ keyword }) => keyword !== 'required' && keyword !== 'additionalProperties')
    .map(({ instancePath }) => instancePath);
}

/** A document without the values that were refused. */
function sound(value: object, refused: readonly string[]): object {
  if (refused.length === 0) return value;
  const copy = structuredClone(value);
  for (const pointer of refused) {
    const names = namesOf(pointer);
    const last = names.pop() ?? '';
    const parent = names.reduce<unknown>((above, name) => (above as Record<string, unknown> | undefined)?.[name], copy);
    if (typeof parent === 'object' && parent !== null) (parent as Record<string, unknown>)[last] = undefined;
  }
  return copy;
}

function positionsOf(text: Text, tree: Tree): Record<string, Position> {
  const positions: Record<string, Position> = {};
  for (const [pointer, { start }] of tree.places) positions[pointer] = positionAt(text, start);
  return positions;
}
