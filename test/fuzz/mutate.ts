import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dice } from './dice.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** What documents are made of, and what breaks those who read them. */
const PIECES = [
  ...['\n', '\n  ', '\n    ', '\n- ', '\r\n', '\r', '\t', ' ', ': ', ':', '- ', '? ', ', ', '[', ']', '{', '}', '"', "'", '|\n', '>-\n'],
  ...[
    '#',
    '&a ',
    '*a',
    '!t ',
    '!!str ',
    '<<: ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '%TAG ! x\n',
    '~',
    '\\u0000',
    '\\x1b',
    '\\ud800',
    '@',
    '`',
  ],
  ...[
    'apiVersion: padlock.dev/v1alpha1\n',
    'apiVersion: v1\n',
    'kind: MfaPolicy\n',
    'kind: MfaReset\n',
    'metadata: {name: a}\n',
    'spec:\n',
  ],
  ...[
    'account: a\n',
    'requireMfa: ',
    'true',
    'yes',
    'off',
    'null',
    '14 days',
    '14d',
    '2026-02-30',
    '2026-12-01',
    '-1',
    '.nan',
    '1e999',
    '0x10',
  ],
  ...['sso:\n', 'roles: ', 'factors: ', 'factorsByRole: ', 'myGlueAccount:', 'myGlueDefault: ', 'breakGlass: ', 'guards: ', 'Lite', 'totp'],
  ...[
    '__proto__: 1\n',
    'constructor',
    'toString',
    'hasOwnProperty: 1\n',
    '🙂',
    '\u202e',
    'a/b~c',
    '\ufffd',
    '\0',
    '\ud800',
    '\ufeff',
    '\u0085',
    '\u2028',
  ],
];

/** The texts that everything begins with: the examples, and the commonest slips. */
export function seeds(): string[] {
  const policies = readdirSync(join(ROOT, 'policies'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  const files = [...policies.sort().map((file) => join('policies', file)), join('test', 'golden', 'faults.yaml')];
  const texts = files.map((file) => readFileSync(join(ROOT, file), 'utf8'));
  return [...texts, ...(texts.at(-1) ?? '').split(/^---$/m), ''];
}

/** Changes a text in a few places, most often one; `others` lend their parts. */
export function mutate(text: string, others: readonly string[], dice: Dice): string {
  let changed = text;
  for (let times = 1 + dice.roll(dice.pick([1, 1, 6])); times > 0; times--) changed = dice.pick(WAYS)(changed, others, dice);
  return changed.slice(0, 400_000);
}

type Way = (text: string, others: readonly string[], dice: Dice) => string;

const spliced = (text: string, at: number, remove: number, insert: string) => text.slice(0, at) + insert + text.slice(at + remove);
const place = (text: string, dice: Dice) => dice.roll(text.length + 1);
const stretch = (text: string, dice: Dice) => {
  const start = place(text, dice);
  return text.slice(start, start + 1 + dice.roll(40));
};

const WAYS: readonly Way[] = [
  (text, _, dice) => spliced(text, place(text, dice), 0, dice.pick(PIECES)),
  (text, _, dice) => spliced(text, place(text, dice), 1 + dice.roll(8), dice.pick(PIECES)),
  (text, _, dice) => spliced(text, place(text, dice), 1 + dice.roll(20), ''),
  (text, _, dice) => spliced(text, place(text, dice), 1, String.fromCharCode(dice.roll(dice.pick([128, 256, 65_536])))),
  (text, _, dice) => spliced(text, place(text, dice), 0, stretch(text, dice)),
  (text, others, dice) => spliced(text, place(text, dice), dice.roll(20), stretch(dice.pick(others), dice)),
  (text, others, dice) => text.slice(0, place(text, dice)) + dice.pick(others).slice(dice.roll(200)),
  (text, _, dice) => text.slice(0, place(text, dice)),
  (text, _, dice) => spliced(text, place(text, dice), 0, dice.pick(PIECES).repeat(1 + dice.roll(dice.pick([3, 70, 300])))),
  (text, _, dice) => text.replaceAll('\n', dice.pick(['\r\n', '\n ', '\n\t', '\r', '\n\n'])),
  (text, _, dice) => {
    const lines = text.split('\n');
    const [from, to] = [dice.roll(lines.length), dice.roll(lines.length)];
    const [line = ''] = lines.splice(from, dice.roll(2));
    lines.splice(to, 0, line);
    return lines.join('\n');
  },
];
