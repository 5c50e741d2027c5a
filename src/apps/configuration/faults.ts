import { either, nearest, nearestFirst } from '../../core/documents/nearest.ts';
import { suggestName } from '../../core/documents/spelling.ts';
import { kindOf, shown } from '../../core/documents/text.ts';
import { step } from '../../core/documents/tree.ts';
import { beginning } from '../../core/model/beginning.ts';
import { DEFAULTS } from './defaults.ts';
import type { Breach } from './generated/validator.js';

/** What is wrong with one key or value: where by JSON pointer, whether with the key itself, and the words for it. */
export interface Finding {
  readonly pointer: string;
  readonly onKey: boolean;
  readonly message: string;
  readonly fix: string;
  /** False: the value may hold a password and is not to be quoted. */
  readonly quotable: boolean;
}

/** The breaches of the schema in the words of people, one a place: of several at one value the first explains the others. */
export function findings(breaches: readonly Breach[]): Finding[] {
  const byPlace = new Map<string, Finding>();
  // `contains` also tells what is wrong with each entry that is not the one sought (const), and holds of no list with a word too many.
  const own = breaches.filter((breach) => breach.keyword !== 'const');
  for (const breach of own) {
    const within = `${breach.instancePath}/`;
    if (breach.keyword === 'contains' && own.some((other) => other.instancePath.startsWith(within))) continue;
    const finding = breach.keyword === 'additionalProperties' ? wrongKey(breach) : wrongValue(breach);
    if (!byPlace.has(finding.pointer)) byPlace.set(finding.pointer, finding);
  }
  return [...byPlace.values()];
}

/** A key of `directory.itglue` that somebody means the API key itself by. */
const SECRET = /^(?!.*(?:file|env)).*(?:key|token|secret|password)/i;
const ELSEWHERE = {
  message: 'a secret does not stand in this file',
  fix: 'write the API key into a file for its owner alone and name that with apiKeyFile, or name a variable that holds it with apiKeyEnv',
};

/** Values that may be, or hold, a password or a key. */
const SECRETIVE = /^\/store$|^\/portal\/mail\/server$|^\/accounts\/[^/]+\/directory(?:\/|$)/;

function wrongKey({ instancePath, params, parentSchema }: Breach): Finding {
  const key = String(params['additionalProperty']);
  const found = { pointer: `${instancePath}${step(key)}`, onKey: true, quotable: true };
  const fields = Object.keys(parentSchema['properties'] ?? {});
  if (instancePath.endsWith('/directory/itglue') && SECRET.test(key)) return { ...found, ...ELSEWHERE };
  if (fields.length > 0) {
    const near = nearest(key, fields);
    const fix = near === undefined ? `remove it; there are ${fields.join(', ')}` : `did you mean ${near}?`;
    return { ...found, message: `there is no key ${shown(key)} here`, fix };
  }
  if (parentSchema['x-word'] !== 'name') {
    return {
      ...found,
      message: `${shown(key)} is not the name of a role`,
      fix: 'write 1 to 100 characters, none of them a control character',
    };
  }
  const name = suggestName(key);
  const fix = name === undefined ? 'write small letters, digits and hyphens, at most 63' : `write ${name}`;
  return { ...found, message: `${shown(key)} is not a name that policies can use`, fix };
}

function wrongValue({ instancePath, keyword, params, data, parentSchema }: Breach): Finding {
  const found = { pointer: instancePath, onKey: false, quotable: !SECRETIVE.test(instancePath) };
  switch (keyword) {
    case 'type':
      return { ...found, ...wrongType(String(params['type']), data, parentSchema) };
    case 'enum': {
      const words = params['allowedValues'] as readonly string[];
      return {
        ...found,
        message: `${found.quotable ? shown(data) : 'this word'} is not allowed here`,
        fix: `write ${either(nearestFirst(String(data), words))}`,
      };
    }
    case 'contains':
      return { ...found, message: 'Administrators always may change policy', fix: 'add Administrator to the list' };
    case 'pattern':
      return {
        ...found,
        message: 'the store is neither sqlite:PATH nor postgres://USER@HOST/DATABASE',
        fix: `write the path of a file, as in ${DEFAULTS.store}, or the URL of a server`,
      };
    case 'uniqueItems': {
      const later = Math.max(Number(params['i']), Number(params['j']));
      const entry = shown((data as readonly unknown[])[later]);
      return { ...found, pointer: `${instancePath}/${later}`, message: `${entry} stands twice in this list`, fix: 'remove it' };
    }
    case 'minItems':
    case 'minLength':
      return { ...found, message: 'this is empty', fix: 'write a value, or leave the key out for its default' };
    case 'minimum':
    case 'maximum':
      return { ...found, message: `this is beyond the limit, which is ${String(params['limit'])}`, fix: 'write a number within it' };
    default:
      return { ...found, message: `this is too long: the limit is ${String(params['limit'])}`, fix: 'shorten it' };
  }
}

const NOUNS: Readonly<Record<string, string>> = { string: 'text', array: 'a list', object: 'a mapping', integer: 'a whole number' };

function wrongType(type: string, data: unknown, schema: Breach['parentSchema']): { message: string; fix: string } {
  const words = schema['enum'] as readonly string[] | undefined;
  if (data === null) return { message: 'this is empty', fix: 'write a value, or leave the key out for its default' };
  const message = `this is ${kindOf(data)}, not ${NOUNS[type] ?? type}`;
  if (words !== undefined) return { message, fix: `write ${either(words)}` };
  if (type === 'array' && typeof data === 'string') return { message, fix: `write it as a list: [${beginning(data, 60)}]` };
  if (type === 'string' && typeof data !== 'object') return { message, fix: `quote it: "${String(data)}"` };
  return { message, fix: `write ${NOUNS[type] ?? type}` };
}
