import { dirname } from 'node:path';
import { isScalar, type ParsedNode } from 'yaml';
import { compose } from '../../core/documents/stream.ts';
import { decode, faultAt, type Text } from '../../core/documents/text.ts';
import { toTree } from '../../core/documents/tree.ts';
import { type Fault, PadlockError, sortFaults } from '../../core/model/errors.ts';
import { type Configuration, complete, completeStore, countedFrom } from './configuration.ts';
import { locatedDatabase } from './database.ts';
import { databaseTogether } from './database-meanings.ts';
import { DEFAULTS } from './defaults.ts';
import { type Finding, findings } from './faults.ts';
import { Configuration as validate } from './generated/validator.js';
import { meanings } from './meanings.ts';
import { completePortal, located, overlaid } from './portal.ts';
import { portalTogether } from './portal-meanings.ts';
import type { ConfigurationText } from './schema.ts';
import { type Environment, readVariables, type Said } from './variables.ts';

/** What a configuration is made of. */
export interface ConfigurationSources {
  /** The text of `padlock.yaml`; absent: there is none, and defaults and the environment decide. */
  readonly text?: string | Uint8Array;
  /** Its path, as the user named it. Its folder is where relative paths in it and the paths of defaults count from. */
  readonly file: string;
  readonly env: Environment;
  /** Its store is copied to a server: `database` may be about that one, and then stands beside a file. */
  readonly copying?: boolean;
}

/**
 * `padlock.yaml` and the environment → one checked value; a variable goes before its key, and its paths count from the
 * working directory. Throws `config/invalid` with every fault at once, each with file, line and column, or the variable's name.
 */
export function loadConfiguration({ text, file, env, copying = false }: ConfigurationSources): Configuration {
  const written: Written = text === undefined ? NOTHING : readText(file, text);
  const { said, faults: misnamed } = readVariables(env);
  const wrong = said.flatMap(variableFaults);
  const spoken = said.reduce<ConfigurationText>((sum, { value }) => merge(sum, value as ConfigurationText), {});
  const faults = sortFaults([...written.faults, ...misnamed, ...wrong, ...faultsTogether(written, spoken, said, { file, copying })]);
  if (faults.length > 0) {
    const one = faults.length === 1 ? 'fault' : 'faults';
    throw new PadlockError('config/invalid', `the configuration has ${faults.length} ${one}`, {
      fix: 'correct each and start again',
      faults,
    });
  }
  const base = complete(written.value, dirname(file));
  const over = complete(spoken, '.');
  return {
    store: storeFrom(spoken, written.value, dirname(file)),
    keys: spoken.keys === undefined ? base.keys : over.keys,
    signing: spoken.signing === undefined ? base.signing : over.signing,
    heads: headsFrom(spoken, written.value, base, over),
    policies: spoken.policies === undefined ? base.policies : over.policies,
    reports: spoken.reports === undefined ? base.reports : over.reports,
    actor: { ...base.actor, ...spoken.actor },
    rights: { ...base.rights, ...spoken.rights },
    accounts: spoken.accounts === undefined ? base.accounts : over.accounts,
    portal: portalFrom(spoken, written.value, countedFrom(dirname(file))),
  };
}

/** A file counts from where it was named; a server is reached by what the file says and, before it, the environment. */
function storeFrom(spoken: ConfigurationText, written: ConfigurationText, folder: string): Configuration['store'] {
  const [here, there] = [countedFrom('.'), countedFrom(folder)];
  const database = { ...locatedDatabase(written.database ?? {}, there), ...locatedDatabase(spoken.database ?? {}, here) };
  if (spoken.store !== undefined) return completeStore({ store: spoken.store, database }, here);
  const { store } = written;
  return completeStore({ ...(store !== undefined && { store }), database }, there);
}

function portalFrom(spoken: ConfigurationText, written: ConfigurationText, from: (path: string) => string): Configuration['portal'] {
  return completePortal(overlaid(located(written.portal ?? {}, from), located(spoken.portal ?? {}, countedFrom('.'))), from);
}

/** What is wrong with values that are right one by one, some perhaps of the file and some of the environment. */
function faultsTogether(
  { value, place }: Written,
  spoken: ConfigurationText,
  said: readonly Said[],
  { file, copying }: { readonly file: string; readonly copying: boolean },
): Fault[] {
  const right = (parts: readonly ConfigurationText[]) => parts.every((part) => check(part).length === 0);
  const of = <K extends 'portal' | 'store' | 'database'>(key: K) =>
    [value, spoken].map((all) => (all[key] === undefined ? {} : { [key]: all[key] }) as ConfigurationText);
  const found = [
    ...(right(of('portal')) ? portalTogether(overlaid(value.portal ?? {}, spoken.portal ?? {})) : []),
    ...(right([...of('store'), ...of('database')]) ? databaseFindings(value, spoken, copying) : []),
  ];
  return found.map((finding) => {
    const named = said.find(({ variable }) => `/${variable.key.join('/')}` === finding.pointer)?.variable.name;
    const { message, fix } = finding;
    const inFile = named === undefined ? place(finding) : undefined;
    return inFile ?? { code: 'config/invalid', file: named ?? file, line: 0, column: 0, message, fix };
  });
}

function databaseFindings(value: ConfigurationText, spoken: ConfigurationText, copying: boolean): Finding[] {
  const store = spoken.store ?? value.store ?? DEFAULTS.store;
  if (copying && store.startsWith('sqlite:')) return [];
  return databaseTogether(store, { ...value.database, ...spoken.database }, spoken.store === undefined);
}

/** A variable for the keys moves the heads that stand beside them too, unless the file says where those are. */
function headsFrom(
  spoken: ConfigurationText,
  written: ConfigurationText,
  base: Pick<Configuration, 'heads'>,
  over: Pick<Configuration, 'heads'>,
): string {
  if (spoken.heads !== undefined) return over.heads;
  return spoken.keys === undefined || written.heads !== undefined ? base.heads : over.heads;
}

/** Two texts of variables, each of which says one key: of mappings both parts count. */
function merge<T extends object>(a: T, b: T): T {
  const known = a as Readonly<Record<string, unknown>>;
  const both = Object.entries(b).map(([key, value]) => [key, isMapping(known[key]) && isMapping(value) ? merge(known[key], value) : value]);
  return { ...a, ...Object.fromEntries(both) };
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is wrong with a value as a configuration, by its schema and past it. */
function check(value: unknown): Finding[] {
  return validate(value) ? meanings(value) : findings(validate.errors ?? []);
}

/** What the file says, and where in it a finding is, if it says anything there. */
interface Written {
  readonly value: ConfigurationText;
  readonly faults: readonly Fault[];
  readonly place: (finding: Finding) => Fault | undefined;
}

const NOTHING: Written = { value: {}, faults: [], place: () => undefined };

function readText(file: string, raw: string | Uint8Array): Written {
  const text = decode({ file, text: raw });
  if (!('lines' in text)) return { ...NOTHING, faults: [ours(text)] };
  const stretches = [...compose(text)];
  const faults = stretches.flatMap(({ refused, faults: beside }) => (refused === undefined ? beside : [refused]));
  const composed = stretches.flatMap((stretch) => stretch.composed);
  const documents = composed.filter(({ document, faults: own }) => own.length > 0 || !isEmpty(document.contents));
  const [first, second] = documents;
  if (faults.length > 0 || first === undefined) return { ...NOTHING, faults: faults.map(ours) };
  const tree = toTree(text, first.document.contents);
  const all = [...first.faults, ...tree.faults].map(ours);
  if (second !== undefined) {
    const start = second.document.range[0];
    all.push(faultAt(text, { start, end: start }, 'config/invalid', 'a second document begins here', 'keep one'));
  }
  // What YAML itself could not read right would be found wrong once more.
  const refused = new Set(tree.faults.map(({ line, column }) => `${line}:${column}`));
  const checked = first.faults.length > 0 ? [] : check(tree.value).map((finding) => placed(text, tree.places, finding));
  all.push(...checked.filter(({ line, column }) => !refused.has(`${line}:${column}`)));
  const place = (finding: Finding) => (tree.places.has(finding.pointer) ? placed(text, tree.places, finding) : undefined);
  return { value: all.length > 0 ? {} : (tree.value as ConfigurationText), faults: all, place };
}

/** Comments, or a marker with nothing after it. */
function isEmpty(contents: ParsedNode | null): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function placed(text: Text, places: ReturnType<typeof toTree>['places'], { pointer, onKey, message, fix, quotable }: Finding): Fault {
  const place = places.get(pointer) ?? { start: 0, end: 0 };
  const span = onKey ? (place.key ?? place) : place;
  const fault = faultAt(text, span, 'config/invalid', message, fix);
  if (quotable) return fault;
  const { text: _, ...unquoted } = fault;
  return unquoted;
}

function variableFaults({ variable, value }: Said): Fault[] {
  const own = variable.key.length;
  return check(value).map(({ pointer, message, fix }) => {
    const where = pointer
      .split('/')
      .slice(own + 1)
      .join('.');
    return {
      code: 'config/invalid',
      file: variable.name,
      line: 0,
      column: 0,
      message: where === '' ? message : `${where}: ${message}`,
      fix,
    };
  });
}

/** The reader of documents speaks of documents; here its fault is the configuration's. */
function ours(fault: Fault): Fault {
  return { ...fault, code: 'config/invalid' };
}
