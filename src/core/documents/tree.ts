import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import type { ErrorCode, Fault } from '../model/errors.ts';
import { faultAt, isFit, type Span, shown, type Text } from './text.ts';

/** Where a value stands, where its key does, and the scalar as it was written. */
export interface Place extends Span {
  readonly key?: Span;
  readonly scalar?: Scalar;
}

/** A document as plain data, with the place of every value by JSON pointer (`''` is the document). */
export interface Tree {
  readonly value: unknown;
  readonly places: ReadonlyMap<string, Place>;
  /** Pointers of mappings of which a part was refused already: what they lack may stand there. */
  readonly partial: ReadonlySet<string>;
  /** Pointers of values that were refused already: whatever else is wrong with them is moot. */
  readonly refused: ReadonlySet<string>;
  readonly faults: readonly Fault[];
}

/** Values that aliases may bring in, a document over. */
const ALIAS_BOUND = 100;

/** Keys that are no field of anything, and must not reach a plain object. */
const UNSAFE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

interface Anchor {
  readonly value: unknown;
  readonly size: number;
}

interface Walk {
  readonly text: Text;
  readonly places: Map<string, Place>;
  readonly partial: Set<string>;
  readonly refused: Set<string>;
  readonly faults: Fault[];
  /** By name; `undefined` while the anchored value is being read. */
  readonly anchors: Map<string, Anchor | undefined>;
  aliased: number;
  size: number;
}

/**
 * A composed document → plain data. Refuses, each at its own place: merge keys, duplicate keys, keys that are not text,
 * unsafe keys, aliases without an anchor, into themselves or past the bound, and values that escapes made unfit.
 */
export function toTree(text: Text, contents: ParsedNode | null): Tree {
  const walk: Walk = {
    text,
    places: new Map(),
    partial: new Set(),
    refused: new Set(),
    faults: [],
    anchors: new Map(),
    aliased: 0,
    size: 0,
  };
  const value = plainValue(walk, contents, '');
  return { value, places: walk.places, partial: walk.partial, refused: walk.refused, faults: walk.faults };
}

/** One step of a JSON pointer (RFC 6901). */
export function step(name: string | number): string {
  if (typeof name === 'number' || !/[~/]/.test(name)) return `/${name}`;
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The names that a JSON pointer steps through. */
export function namesOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function plainValue(walk: Walk, node: ParsedNode | null, pointer: string, key?: Span): unknown {
  const span = { start: node?.range[0] ?? 0, end: node?.range[1] ?? 0, ...(key === undefined ? {} : { key }) };
  walk.places.set(pointer, isScalar(node) ? { ...span, scalar: node } : span);
  walk.size += 1;
  if (node === null) return null;
  if (isAlias(node)) return aliased(walk, node.source, span, pointer);
  const before = walk.size;
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, undefined);
  const value = isScalar(node) ? scalar(walk, node, span, pointer) : collection(walk, node, pointer);
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, { value, size: walk.size - before + 1 });
  return value;
}

function collection(walk: Walk, node: ParsedNode, pointer: string): unknown {
  if (isMap<ParsedNode, ParsedNode | null>(node)) return mapping(walk, node, pointer);
  return isSeq<ParsedNode>(node) ? node.items.map((item, index) => plainValue(walk, item, `${pointer}${step(index)}`)) : null;
}

function mapping(walk: Walk, node: YAMLMap<ParsedNode, ParsedNode | null>, pointer: string): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  const seen = new Map<string, Span>();
  for (const pair of node.items) {
    const span = { start: pair.key.range[0], end: pair.key.range[1] };
    const name = keyOf(walk, pair.key, span, seen);
    if (name === undefined) {
      // read all the same, for the anchors that may be used elsewhere
      plainValue(walk, pair.value, `${pointer}/ `);
      walk.partial.add(pointer);
      continue;
    }
    seen.set(name, span);
    object[name] = plainValue(walk, pair.value, `${pointer}${step(name)}`, span);
  }
  return object;
}

/** The name of a field, or nothing when the key was refused. */
function keyOf(walk: Walk, key: ParsedNode, span: Span, seen: ReadonlyMap<string, Span>): string | undefined {
  const refuse = (code: ErrorCode, message: string, fix: string) => {
    walk.faults.push(faultAt(walk.text, span, code, message, fix));
    return undefined;
  };
  if (isAlias(key)) return refuse('document/alias', 'an alias cannot be the name of a field', 'write the name out');
  if (!isScalar(key))
    return refuse('document/wrong-type', 'the name of a field is text, not a list or a mapping', 'write a field name, or quote the value');
  const name = typeof key.value === 'string' ? key.value : (key.source ?? '');
  if (name === '<<' && key.type === 'PLAIN')
    return refuse('document/merge-key', 'merge keys (<<) are not read here', 'write the fields out');
  if (UNSAFE_KEYS.has(name)) return refuse('document/unknown-field', `${shown(name)} is not a field of anything`, 'remove it');
  if (name === '') return refuse('document/unknown-field', 'a field without a name', 'write its name before the colon');
  if (!isFit(name)) return refuse('document/encoding', 'the name holds a character that cannot stand in a document', 'remove the escape');
  const first = seen.get(name);
  if (first === undefined) return name;
  const { line } = faultAt(walk.text, first, 'document/duplicate-key', '');
  return refuse('document/duplicate-key', `${shown(name)} stands twice, first in line ${line}`, 'keep one');
}

function scalar(walk: Walk, node: Scalar, span: Span, pointer: string): unknown {
  const { value } = node;
  if (typeof value === 'string' && !isFit(value)) {
    walk.faults.push(
      faultAt(walk.text, span, 'document/encoding', 'the text holds a character that cannot stand in a document', 'remove the escape'),
    );
    walk.refused.add(pointer);
  }
  return value;
}

function aliased(walk: Walk, name: string, span: Span, pointer: string): unknown {
  const anchor = walk.anchors.get(name);
  const refuse = (message: string, fix: string) => {
    walk.faults.push(faultAt(walk.text, span, 'document/alias', message, fix));
    walk.refused.add(pointer);
    return null;
  };
  if (!walk.anchors.has(name))
    return refuse(`no anchor ${shown(name)} before this alias`, `write the value out, or put &${name} at it further up`);
  if (anchor === undefined) return refuse(`the alias ${shown(name)} stands inside its own anchor`, 'write the value out');
  walk.aliased += anchor.size;
  walk.size += anchor.size - 1;
  if (walk.aliased > ALIAS_BOUND) return refuse(`aliases bring in more than ${ALIAS_BOUND} values`, 'write the values out');
  return anchor.value;
}
