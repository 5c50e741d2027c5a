/**
 * What Padlock takes beside its peers, in one run: `npm run bench -- [start] [validate] [sign-in] [scale] [--rounds N]`. Ratios alone are facts, and
 * nothing fails by the clock.
 */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { bundled, ROOT } from './programs.ts';
import { benchScale } from './scale.ts';
import { benchSignIn } from './sign-in.ts';
import { benchStart } from './start.ts';
import { benchValidate } from './validate.ts';

const BENCHES: Readonly<Record<string, (bundle: string, rounds: number) => void | Promise<void>>> = {
  start: benchStart,
  validate: benchValidate,
  'sign-in': benchSignIn,
  scale: benchScale,
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string', default: '5' } } });
// What takes half an hour is run by name alone.
const named = positionals.length > 0 ? positionals : Object.keys(BENCHES).filter((name) => name !== 'scale');
const unknown = named.find((name) => !(name in BENCHES));
if (unknown !== undefined) throw new RangeError(`there is no bench ${unknown}; there are ${Object.keys(BENCHES).join(', ')}`);

process.chdir(ROOT);
const bundle = bundled();
// Also where a bench is broken off, or whoever reads what it prints has gone.
process.once('exit', () => rmSync(dirname(dirname(bundle)), { recursive: true, force: true }));
for (const name of named) await BENCHES[name]?.(bundle, Number(values.rounds));
