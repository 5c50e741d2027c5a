import type { ErrorCode, Fault } from '../model/errors.ts';
import { either, nearest, nearestFirst } from './nearest.ts';
import { suggestDuration, suggestInstant, suggestName, suggestPercent } from './spelling.ts';
import { faultAt, kindOf, type Span, shown, type Text } from './text.ts';
import { namesOf, type Place, step, type Tree } from './tree.ts';
import { INSTANT_PATTERN } from './values.ts';

/** What the faults need of a JSON Schema. */
export interface FieldSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
  readonly required?: readonly string[];
  readonly examples?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly 'x-word'?: string;
}

/** One violation as the precompiled validators report it: ajv's error object with `verbose`. */
export interface Violation {
  readonly keyword: string;
  /** JSON pointer of the value. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema: FieldSchema;
  readonly data: unknown;
}

/** A precompiled validator: false when `errors` has violations, every one. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly Violation[] | null;
}

/** Words that YAML 1.1 reads as booleans, and 1.2 as text: two readers would disagree. */
const OLD_BOOLEAN = /^(?:y|yes|n|no|on|off)$/i;

interface Wording {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string;
}

/** Violations of a document → its faults, one a mistake, each at the value (unknown fields at the key, missing ones at the mapping). */
export function explain(text: Text, tree: Tree, violations: readonly Violation[]): Fault[] {
  const fields = violations.filter(({ keyword }) => keyword === 'additionalProperties' || keyword === 'required');
  const meant = new Set<string>();
  const faults: Fault[] = [];
  for (const violation of fields.filter(({ keyword }) => keyword === 'additionalProperties')) {
    const name = String(violation.params.additionalProperty);
    const near = nearest(name, missingFirst(violation));
    if (near !== undefined) meant.add(`${violation.instancePath}${step(near)}`);
    const place = tree.places.get(`${violation.instancePath}${step(name)}`);
    faults.push(at(text, place?.key ?? place, unknownField(name, near, violation)));
  }
  for (const violation of fields.filter(({ keyword }) => keyword === 'required')) {
    const name = String(violation.params.missingProperty);
    // what stands there under a near name, or was refused already, is one mistake and not two
    if (meant.has(`${violation.instancePath}${step(name)}`) || tree.partial.has(violation.instancePath)) continue;
    const span = tree.places.get(violation.instancePath);
    const { text: _, ...fault } = at(text, span, missingField(name, violation));
    faults.push(fault);
  }
  for (const violation of firstOfEach(violations)) {
    if (tree.refused.has(violation.instancePath)) continue;
    const place = tree.places.get(violation.instancePath);
    faults.push(at(text, itemPlace(tree, violation) ?? place, wrongValue(violation, place)));
  }
  return faults;
}

function at(text: Text, span: Span | undefined, { code, message, fix }: Wording): Fault {
  return faultAt(text, span ?? { start: 0, end: 0 }, code, message, fix);
}

/** One violation a value: the first, but a wrong type makes the others moot. */
function firstOfEach(violations: readonly Violation[]): Violation[] {
  const byPath = new Map<string, Violation>();
  for (const violation of violations) {
    if (violation.keyword === 'additionalProperties' || violation.keyword === 'required') continue;
    if (violation.keyword === 'type' || !byPath.has(violation.instancePath)) byPath.set(violation.instancePath, violation);
  }
  return [...byPath.values()];
}

/** Fields of the mapping, those that it still lacks in front: the likelier ones to be meant. */
function missingFirst({ parentSchema, data }: Violation): string[] {
  const names = Object.keys(parentSchema.properties ?? {});
  const isPresent = (name: string) => Object.hasOwn(data ?? {}, name);
  return [...names.filter((name) => !isPresent(name)), ...names.filter(isPresent)];
}

function unknownField(name: string, near: string | undefined, { instancePath, parentSchema }: Violation): Wording {
  const message = `${shown(name)} is not a field of ${instancePath === '' ? 'a document' : fieldName(instancePath)}`;
  const fields = parentSchema.properties ?? {};
  const below = Object.keys(fields).find((field) => Object.hasOwn(fields[field]?.properties ?? {}, name));
  const fix =
    near !== undefined
      ? `did you mean ${near}?`
      : below !== undefined
        ? `move it under ${below}`
        : `the fields here are ${Object.keys(fields).join(', ')}`;
  return { code: 'document/unknown-field', message, fix };
}

function missingField(name: string, { instancePath, parentSchema }: Violation): Wording {
  const example = parentSchema.properties?.[name];
  const message = `${name} is missing${instancePath === '' ? '' : ` from ${fieldName(instancePath)}`}`;
  const fix =
    example?.type === 'object' ? `add ${name} with ${(example.required ?? []).join(', ')}` : `add ${name}: ${sample(example ?? {})}`;
  return { code: 'document/missing-field', message, fix };
}

/** What a value of a schema looks like, for a fix. */
function sample(schema: FieldSchema): string {
  if (schema.type === 'boolean') return 'true or false';
  if (schema.enum !== undefined) return either(schema.enum);
  if (schema.type === 'integer') return `a whole number from ${schema.minimum ?? 0} to ${schema.maximum ?? ''}`;
  if (schema.type === 'array') return `a list${schema.items?.enum === undefined ? '' : ` of ${either(schema.items.enum)}`}`;
  if (schema.type === 'object') return 'a mapping';
  if (schema.examples !== undefined)
    return `${schema['x-word'] === undefined ? '' : article(schema['x-word'])} such as ${schema.examples.join(' or ')}`.trim();
  return schema['x-word'] === undefined ? 'a text' : article(schema['x-word']);
}

function wrongValue(violation: Violation, place: Place | undefined): Wording {
  const { keyword, parentSchema, data, params } = violation;
  const field = fieldName(violation.instancePath);
  const written = place?.scalar?.source ?? (typeof data === 'string' ? data : '');
  if (data === null && field.endsWith('myGlueAccount')) {
    const message = `${field} is empty: the policy would cover the whole account`;
    return { code: 'document/null-scope', message, fix: 'write the MyGlue account, or remove the line to cover the account' };
  }
  if (data === null)
    return { code: 'document/wrong-type', message: `${field} is empty`, fix: `write ${sample(parentSchema)}, or remove the line` };
  const bare = place?.scalar?.type === 'PLAIN';
  if (typeof data === 'string' && bare && OLD_BOOLEAN.test(data) && (parentSchema.type === 'boolean' || parentSchema.enum !== undefined)) {
    const message = `${data} is a boolean for some YAML readers and text for others`;
    return { code: 'document/yaml-1.1-boolean', message, fix: `write ${either(parentSchema.enum ?? ['true', 'false'])}` };
  }
  if (parentSchema.enum !== undefined && typeof data !== 'object') return notAllowed(String(data), data, field, parentSchema.enum);
  const word = parentSchema['x-word'];
  const quoted = typeof data !== 'string' && typeof data !== 'object' && new RegExp(parentSchema.pattern ?? '').test(written);
  if (word !== undefined && typeof data !== 'object' && !quoted) return notAWord(word, typeof data === 'string' ? data : written, data);
  if (keyword === 'type') return wrongType(field, data, written, bare, parentSchema);
  return outOfBounds(keyword, field, data, params, parentSchema);
}

function notAllowed(word: string, data: unknown, field: string, allowed: readonly string[]): Wording {
  return {
    code: 'document/not-allowed',
    message: `${shown(data)} is not allowed for ${field}`,
    fix: `write ${either(nearestFirst(word, allowed))}`,
  };
}

/** The words of the schema: how each is suggested, and described when nothing can be. */
function notAWord(word: string, written: string, data: unknown): Wording {
  const [code, suggest, described] = WORDS[word] ?? (['document/invalid-value', () => undefined, 'another spelling'] as const);
  const suggestion = suggest(written);
  const noSuchDay = word === 'instant' && new RegExp(INSTANT_PATTERN).test(written);
  const message = noSuchDay ? `${shown(data)} is not a day of the calendar` : `${shown(data)} is not ${article(word)}`;
  return { code, message, fix: `write ${suggestion ?? described}` };
}

const WORDS: Readonly<Record<string, readonly [ErrorCode, (written: string) => string | undefined, string]>> = {
  duration: ['document/invalid-duration', suggestDuration, 'a whole number and one of s, m, h, d, w, such as 14d or 36h'],
  instant: ['document/invalid-instant', suggestInstant, 'a date such as 2026-12-01, or an instant such as 2026-12-01T08:00:00Z'],
  name: ['document/invalid-name', suggestName, 'small letters, digits and hyphens, at most 63, a letter or digit at both ends'],
  percentage: ['document/invalid-value', suggestPercent, 'a whole percentage such as 25%'],
  'request id': [
    'document/invalid-value',
    () => undefined,
    'letters, digits, dots, underscores and hyphens, at most 63, a letter or digit first',
  ],
  digest: ['document/invalid-value', () => undefined, 'the whole digest as padlock plan --print-overrides prints it: 64 of 0-9 and a-f'],
};

function wrongType(field: string, data: unknown, written: string, bare: boolean, schema: FieldSchema): Wording {
  const is = `${field} is ${typeof data === 'object' ? kindOf(data) : `${kindOf(data)} (${shown(data)})`}`;
  const code = 'document/wrong-type';
  const unquoted = bare || typeof data === 'object' ? '' : ', without quotes';
  if (schema.type === 'array') {
    const list = typeof data === 'object' ? 'write a list' : `write [${written}]`;
    return { code, message: `${is}, not a list`, fix: list };
  }
  if (schema.type === 'object')
    return { code, message: `${is}, not a mapping`, fix: `write the fields under it: ${Object.keys(schema.properties ?? {}).join(', ')}` };
  if (schema.type === 'boolean') return { code, message: `${is}, not a boolean`, fix: `write true or false${unquoted}` };
  if (schema.type === 'integer') return { code, message: `${is}, not a whole number`, fix: `write ${sample(schema)}${unquoted}` };
  return { code, message: `${is}, not text`, fix: typeof data === 'object' ? 'write a text' : `write "${written}", in quotes` };
}

function outOfBounds(keyword: string, field: string, data: unknown, params: Violation['params'], schema: FieldSchema): Wording {
  const code = 'document/invalid-value';
  const limit = Number(params.limit);
  switch (keyword) {
    case 'minimum':
    case 'maximum':
      return { code, message: `${shown(data)} is out of bounds for ${field}`, fix: `write ${sample(schema)}` };
    case 'minLength':
      return { code, message: `${field} is empty`, fix: 'write a text' };
    case 'maxLength':
      return { code, message: `${field} is too long`, fix: `write at most ${limit} characters` };
    case 'minItems':
    case 'minProperties':
      return { code, message: `${field} is empty`, fix: `write ${sample(schema)}, or remove the line` };
    case 'maxItems':
    case 'maxProperties':
      return { code, message: `${field} has too many entries`, fix: `write at most ${limit}` };
    case 'uniqueItems':
      return { code, message: `${field} names ${shown(Array.isArray(data) ? data[Number(params.i)] : data)} twice`, fix: 'keep one' };
    default:
      return { code, message: `${shown(data)} does not fit ${field}`, fix: `write ${sample(schema)}` };
  }
}

/** The second of two equal items, where that is the fault. */
function itemPlace(tree: Tree, { keyword, instancePath, params }: Violation): Place | undefined {
  return keyword === 'uniqueItems' ? tree.places.get(`${instancePath}${step(Math.max(Number(params.i), Number(params.j)))}`) : undefined;
}

/** `/spec/sso/0/maxAge` → `sso[0].maxAge`; `/metadata/name` → `metadata.name`. */
function fieldName(pointer: string): string {
  const names = namesOf(pointer);
  const shownNames = names.length > 1 && names[0] === 'spec' ? names.slice(1) : names;
  const joined = shownNames.map((name, index) => (/^\d+$/.test(name) ? `[${name}]` : `${index === 0 ? '' : '.'}${name}`)).join('');
  return shown(joined).slice(1, -1);
}

function article(word: string): string {
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}
