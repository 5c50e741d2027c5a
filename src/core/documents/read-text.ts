import type { Fault } from '../model/errors.ts';
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
import { decode, faultAt, positionAt, quote, type Text } from './text.ts';
import { namesOf, type Tree, toTree } from './tree.ts';

/** Documents that one run reads at most; of one text, empty ones count too. */
export const MOST_DOCUMENTS = 10_000;

/** What one text holds, as plain data: it can be read on one thread and gathered on another. */
export interface TextRead {
  readonly file: string;
  /** In their order. */
  readonly entries: readonly Entry[];
  /** Faults of the text as a whole. */
  readonly faults: readonly Fault[];
}

/** A document of a text, right, wrong, or of another group. */
export interface Entry extends Position {
  readonly faults: readonly Fault[];
  /** Where nothing is wrong with it. */
  readonly document?: Packed;
  /** Where it is of another group. */
  readonly skipped?: { readonly apiVersion: string; readonly kind: string };
  readonly named?: Named;
}

/** A document whose positions are one text, which costs nothing until they are asked for. */
export type Packed = Omit<PadlockDocument, 'source'> & { readonly places: string };

/** The name of a document and where it stands. */
interface Named extends Position {
  readonly kind: DocumentKind;
  readonly namespace: string;
  readonly name: string;
  /** The name as it was written. */
  readonly text: string;
}

const VALIDATORS: Readonly<Record<DocumentKind, Validator>> = { MfaPolicy, MfaExemption, MfaReset, ComplianceReport, GuardOverride };

/** Between the parts of {@link Packed.places}: no document can hold it. */
const SEPARATOR = '\0';

/**
 * One text → its documents, checked one by one, each with every fault, with line and column, the text at fault and the fix.
 * Never throws for a text, whatever it holds. `began` is called before each document, with the offset at which it begins.
 */
export function readText(source: SourceText, began: (offset: number) => void = () => undefined): TextRead {
  const { file } = source;
  const text = decode(source);
  if ('code' in text) return { file, entries: [], faults: [text] };
  const entries: Entry[] = [];
  const faults: Fault[] = [];
  let stretches = 0;
  for (const { start, composed, refused, faults: around } of compose(text)) {
    began(start);
    stretches += 1;
    if (stretches > MOST_DOCUMENTS) {
      faults.push(faultAt(text, { start, end: start }, ...TOO_MANY));
      break;
    }
    faults.push(...around);
    if (refused !== undefined) entries.push({ line: refused.line, column: refused.column, faults: [refused] });
    for (const one of composed) {
      const { contents } = one.document;
      const empty = contents === null || ('source' in contents && contents.source === '' && contents.tag === undefined);
      if (!empty || one.faults.length > 0) entries.push(readDocument(text, one));
    }
  }
  return { file, entries, faults };
}

/** A text of which a document cost more than any may: the fault stands where that document begins, and nothing of the text is read. */
export function refusedText(source: SourceText, offset: number): TextRead {
  const text = decode(source);
  if ('code' in text) return { file: source.file, entries: [], faults: [text] };
  const message = 'reading this document takes more time or memory than any may';
  const fault = faultAt(text, { start: offset, end: offset }, 'document/too-costly', message, 'split it, or write it more plainly');
  return { file: source.file, entries: [{ line: fault.line, column: fault.column, faults: [fault] }], faults: [] };
}

/** What a text or a run with too many documents is told, at the first that is not read. */
export const TOO_MANY = ['document/too-large', 'more than 10 000 documents', 'read them in several runs'] as const;

function readDocument(text: Text, { document, faults }: Composed): Entry {
  const position = positionAt(text, document.contents?.range[0] ?? 0);
  // what a parser makes of broken syntax would only yield faults that are none
  if (faults.some(({ code }) => code !== 'document/tag')) return { ...position, faults };
  const tree = toTree(text, document.contents);
  const head = readHead(text, tree);
  if (!head.ours) return { ...position, faults: [], skipped: { apiVersion: head.apiVersion, kind: head.kind } };
  const found = [...faults, ...tree.faults, ...head.faults];
  if (head.kind === undefined) return { ...position, faults: found };
  const { kind } = head;
  const validate = VALIDATORS[kind];
  const value = { ...(tree.value as object), apiVersion: API_VERSION, kind };
  const violations = validate(value) ? [] : (validate.errors ?? []);
  const { metadata, spec } = sound(value, refusedBy(violations)) as { metadata?: Partial<Metadata>; spec?: object };
  found.push(...explain(text, tree, violations));
  found.push(...checkFaults(text, tree, { kind, spec: spec ?? {} } as Checkable));
  const named = nameOf(text, tree, kind, metadata);
  return {
    ...position,
    faults: found,
    ...(named !== undefined && { named }),
    ...(found.length === 0 && { document: { kind, metadata, spec, places: packed(text, tree) } as Packed }),
  };
}

function checkFaults(text: Text, tree: Tree, document: Checkable): Fault[] {
  return checkDocument(document, (pointer) => tree.places.has(pointer)).map(({ pointer, at, code, message, fix }) => {
    const place = tree.places.get(pointer) ?? { start: 0, end: 0 };
    return faultAt(text, at === 'key' ? (place.key ?? place) : place, code, message, fix);
  });
}

function nameOf(text: Text, tree: Tree, kind: DocumentKind, metadata: Partial<Metadata> | undefined): Named | undefined {
  const place = tree.places.get('/metadata/name');
  const name = metadata?.name;
  if (name === undefined || place === undefined) return undefined;
  const namespace = metadata?.namespace ?? '';
  return { kind, namespace, name, text: quote(text, place), ...positionAt(text, place.start) };
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

function packed(text: Text, tree: Tree): string {
  const parts: string[] = [];
  for (const [pointer, { start }] of tree.places) {
    const { line, column } = positionAt(text, start);
    parts.push(pointer, String(line), String(column));
  }
  return parts.join(SEPARATOR);
}

/** A packed document as the others know it. */
export function unpacked({ places, ...document }: Packed, file: string, line: number): PadlockDocument {
  let at: Record<string, Position> | undefined;
  const source: DocumentSource = {
    file,
    line,
    get at() {
      at ??= positionsOf(places);
      return at;
    },
  };
  return { ...document, source } as PadlockDocument;
}

function positionsOf(places: string): Record<string, Position> {
  const parts = places.split(SEPARATOR);
  const positions: Record<string, Position> = {};
  for (let i = 0; i + 2 < parts.length; i += 3) positions[parts[i] ?? ''] = { line: Number(parts[i + 1]), column: Number(parts[i + 2]) };
  return positions;
}
