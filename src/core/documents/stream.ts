import { Composer, type CST, type Document, Lexer, type ParsedNode, Parser, visit, type YAMLError } from 'yaml';
import { beginning } from '../model/beginning.ts';
import type { Fault } from '../model/errors.ts';
import { faultAt, type Span, type Text } from './text.ts';

/** What one document may cost. Checked before it is composed: documents are hostile. */
const BOUNDS = { bytes: 256 * 1024, nodes: 20_000, depth: 64 } as const;

/**
 * What the parser may do before the exact count: a value takes two or three lexemes, a level at most two places of the stack.
 * Of escapes in quotes, each of which may be an error, there may be as many as of values.
 * Of errors and directives there may be so many; what follows is left out, as the faults of the first ones refuse the document.
 */
const ROUGH = { lexemes: BOUNDS.nodes * 3, stack: BOUNDS.depth * 2, errors: 100 } as const;

/** A composed YAML document, right by YAML's own rules or with the faults that say why not. */
export interface Composed {
  readonly document: Document.Parsed<ParsedNode>;
  readonly faults: readonly Fault[];
}

/** What lexemes begin with. */
const BLANK = 0x20;
const HASH = 0x23;
const QUOTE = 0x22;

const OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** What YAML's commonest errors mean, by the parser's code: message and fix. Others keep the parser's own words. */
const MEANINGS: Partial<Record<YAMLError['code'], readonly [string, string]>> = {
  TAB_AS_INDENT: ['a tab cannot indent', 'use spaces'],
  BAD_INDENT: ['the indentation fits nothing around it', 'align it with its neighbours'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a field stands where a value belongs',
    'start it on its own line, aligned with its neighbours, or quote the value',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'this line is neither a field nor a part of the value above',
    'write it as `field: value`, or indent it under its field',
  ],
  MULTIPLE_ANCHORS: ['two anchors at one value', 'keep one'],
  MULTIPLE_TAGS: ['two tags at one value', 'remove them'],
};

/** What stands between two markers. */
export interface Stretch {
  readonly start: number;
  /** Mostly one; none where it was refused. */
  readonly composed: readonly Composed[];
  /** Why it costs too much to be composed. */
  readonly refused?: Fault;
  /** Faults that stand beside the document. */
  readonly faults: readonly Fault[];
}

/**
 * A text → its YAML documents, or the fault of one that costs too much to be composed. YAML 1.2, core schema.
 * Each document is read by itself: what is wrong with one, be it an open quote, ends with it.
 */
export function* compose(text: Text): Generator<Stretch> {
  for (const span of documentSpans(text.text)) {
    const { start } = span;
    const tokens = tokensOf(text, span);
    if ('code' in tokens) {
      yield { start, composed: [], refused: tokens, faults: [] };
      continue;
    }
    const composer = new Composer<ParsedNode>(OPTIONS);
    const documents = [...composer.compose(tokens, true, span.end)];
    const composed = documents.map((document) => ({ document, faults: syntaxFaults(text, document) }));
    yield { start, composed, faults: tokens.flatMap((token) => versionFault(text, token) ?? []) };
  }
}

/**
 * Where documents begin and end: `---` and `...` at the beginning of a line are markers whatever stands around them
 * (YAML 1.2.2, 9.1.2). Directives belong to the document after them.
 */
function* documentSpans(text: string): Generator<Span> {
  let start = 0;
  for (const { 0: marker, index } of text.matchAll(/(?<![^\n])(?:---|\.\.\.)(?=[ \t\r\n]|$)/g)) {
    const end = marker === '---' ? index : index + marker.length;
    if (end === start || (marker === '---' && isPrologue(text.slice(start, end)))) continue;
    yield { start, end };
    start = end;
  }
  yield { start, end: text.length };
}

/** Whether a part is directives alone, blank lines and comments apart. */
function isPrologue(part: string): boolean {
  const lines = part.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line));
  return lines.length > 0 && lines.every((line) => line.startsWith('%'));
}

/** The tokens of one document, or why it costs too much. */
function tokensOf(text: Text, span: Span): CST.Token[] | Fault {
  const part = text.text.slice(span.start, span.end);
  if (byteLength(part) > BOUNDS.bytes) {
    return faultAt(
      text,
      { start: span.start, end: span.start },
      'document/too-large',
      'a document may have 256 KiB, this one has more',
      'split it',
    );
  }
  const parser = new Parser();
  parser.offset = span.start;
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  let escapes = 0;
  for (const lexeme of new Lexer().lex(part)) {
    const first = lexeme.charCodeAt(0);
    if (first > BLANK && first !== HASH) lexemes += 1;
    if (first === QUOTE) escapes += lexeme.split('\\').length - 1;
    if (lexemes > ROUGH.lexemes || escapes > BOUNDS.nodes) return tooMany(text, span.start);
    if (parser.stack.length > ROUGH.stack) return tooDeep(text, parser.offset);
    for (const token of parser.next(lexeme)) tokens.push(token);
  }
  tokens.push(...parser.end());
  for (const token of tokens) {
    const fault = token.type === 'document' ? tooMuch(text, token) : undefined;
    if (fault !== undefined) return fault;
  }
  const errors = tokens.filter(({ type }) => type === 'error' || type === 'directive');
  const last = errors[ROUGH.errors];
  return last === undefined ? tokens : tokens.slice(0, tokens.indexOf(last));
}

function versionFault(text: Text, token: CST.Token): Fault | undefined {
  if (token.type !== 'directive' || !/^%YAML\s+(?!1\.2\b)/.test(token.source)) return undefined;
  const span = { start: token.offset, end: token.offset + token.source.length };
  return faultAt(text, span, 'document/syntax', 'documents are YAML 1.2', 'remove the line');
}

function tooMany(text: Text, start: number): Fault {
  return faultAt(
    text,
    { start, end: start },
    'document/too-large',
    'a document may have 20 000 values and escapes, this one has more',
    'split it',
  );
}

function tooDeep(text: Text, start: number): Fault {
  const fix = 'no kind of document needs this; flatten it';
  return faultAt(text, { start, end: start }, 'document/too-deep', 'values are nested more than 64 deep', fix);
}

/** Counts the nodes of a document and how deep they lie, without recursion. */
function tooMuch(text: Text, token: CST.Document): Fault | undefined {
  const open: { token: CST.Token | null | undefined; depth: number }[] = [{ token: token.value, depth: 1 }];
  let nodes = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    nodes += 1;
    if (nodes > BOUNDS.nodes) return tooMany(text, token.offset);
    if (next.depth > BOUNDS.depth) return tooDeep(text, next.token?.offset ?? token.offset);
    if (next.token === null || next.token === undefined || !('items' in next.token)) continue;
    for (const item of next.token.items) {
      if ('key' in item && item.key !== undefined) open.push({ token: item.key, depth: next.depth + 1 });
      if (item.value !== undefined || item.sep !== undefined) open.push({ token: item.value, depth: next.depth + 1 });
    }
  }
  return undefined;
}

/** What YAML itself finds wrong, the first on each line: one slip often makes several. What an open quote swallowed is not looked into. */
function syntaxFaults(text: Text, document: Document.Parsed<ParsedNode>): Fault[] {
  const errors = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const open = openQuote(document, errors);
  const byLine = new Map<number, Fault>();
  for (const error of errors) {
    if (open !== undefined && error.pos[0] >= open.start) break;
    const fault = syntaxFault(text, error);
    if (!byLine.has(fault.line)) byLine.set(fault.line, fault);
  }
  const faults = [...byLine.values()];
  return open === undefined ? faults : [...faults, faultAt(text, open, 'document/syntax', 'this quote is never closed', 'close it')];
}

function syntaxFault(text: Text, error: YAMLError): Fault {
  const span = { start: error.pos[0], end: error.pos[1] };
  if (error.code === 'TAG_RESOLVE_FAILED') return faultAt(text, span, 'document/tag', 'tags are not read here', 'remove the tag');
  const [message, fix] = MEANINGS[error.code] ?? [`not YAML: ${plain(error.message)}`, 'correct the syntax here'];
  return faultAt(text, span, 'document/syntax', message, fix);
}

/** The first quoted text without a closing quote: the parser points at its end, people look for the beginning. */
function openQuote(document: Document.Parsed<ParsedNode>, errors: readonly YAMLError[]): Span | undefined {
  const ends = new Set(errors.filter(({ code }) => code === 'MISSING_CHAR').map(({ pos }) => pos[0]));
  let found: Span | undefined;
  if (ends.size === 0) return found;
  visit(document, {
    Scalar(_, { range, type }) {
      if (!range || !ends.has(range[1]) || (type !== 'QUOTE_DOUBLE' && type !== 'QUOTE_SINGLE')) return undefined;
      found = { start: range[0], end: range[1] };
      return visit.BREAK;
    },
  });
  return found;
}

/** The parser's sentence as a part of ours. */
function plain(message: string): string {
  const first = message.split('\n', 1)[0] ?? '';
  return beginning(`${first.charAt(0).toLowerCase()}${first.slice(1)}`.replace(/[.:]$/, ''), 160);
}

/** UTF-8 bytes; a text of which even three bytes a unit would be few need not be encoded. */
function byteLength(part: string): number {
  return part.length * 3 <= BOUNDS.bytes ? part.length : new TextEncoder().encode(part).length;
}
