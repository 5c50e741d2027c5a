import { step } from '../../core/documents/tree.ts';
import type { DirectoryText } from './directory.ts';
import type { Finding } from './faults.ts';

type ItGlueText = NonNullable<DirectoryText['itglue']>;
type Said = Pick<Finding, 'message' | 'fix'>;

/** How IT Glue's keys begin: one that stands where its file or variable is to be named. */
const KEY = /ITG\.[0-9A-Za-z]{16}/;

/** What the schema cannot say of how accounts are read from IT Glue. Nothing of it is quoted: it may be a key. */
export function directoryMeanings(accounts: readonly (readonly [string, { readonly directory?: DirectoryText }])[]): Finding[] {
  const owners = new Map<string, string>();
  return accounts.flatMap(([name, { directory }]): Finding[] => {
    const itglue = directory?.itglue;
    if (itglue === undefined) return [];
    const at = `/accounts${step(name)}/directory/itglue`;
    const found = findingsOf(itglue, at);
    const key = keyOf(itglue);
    const owner = key === undefined ? undefined : owners.get(key.id);
    if (key !== undefined && owner === undefined) owners.set(key.id, name);
    if (key === undefined || owner === undefined) return found;
    const fix = 'give each account the key of its own; both would have the same people';
    return [...found, finding(`${at}/${key.name}`, false, { message: `${owner} is read with this key already`, fix })];
  });
}

function findingsOf(itglue: ItGlueText, at: string): Finding[] {
  const { region, baseUrl, apiKeyFile, apiKeyEnv } = itglue;
  const of = (key: keyof ItGlueText, said: Said | undefined) => (said === undefined ? [] : [finding(`${at}/${key}`, false, said)]);
  const both = (key: keyof ItGlueText, message: string) => [finding(`${at}/${key}`, true, { message, fix: 'keep one' })];
  const none = { message: 'nothing says where the API key is', fix: 'name its file with apiKeyFile, or a variable with apiKeyEnv' };
  return [
    ...(apiKeyFile === undefined && apiKeyEnv === undefined ? [finding(at, true, none)] : []),
    ...(apiKeyFile !== undefined && apiKeyEnv !== undefined ? both('apiKeyEnv', 'the API key is in a file or in a variable') : []),
    ...(region !== undefined && baseUrl !== undefined ? both('region', 'the API is the one of a region or the one of baseUrl') : []),
    ...of('baseUrl', baseUrl === undefined ? undefined : addressFault(baseUrl)),
    ...of('apiKeyFile', apiKeyFile === undefined ? undefined : fileFault(apiKeyFile)),
    ...of('apiKeyEnv', apiKeyEnv === undefined ? undefined : variableFault(apiKeyEnv)),
  ];
}

/** What tells one key from another, and the name of the key of `padlock.yaml` that says it. */
function keyOf({ apiKeyFile, apiKeyEnv }: ItGlueText) {
  if (apiKeyFile !== undefined) return { id: `file ${apiKeyFile}`, name: 'apiKeyFile' };
  return apiKeyEnv === undefined ? undefined : { id: `variable ${apiKeyEnv}`, name: 'apiKeyEnv' };
}

function finding(pointer: string, onKey: boolean, said: Said): Finding {
  return { pointer, onKey, quotable: false, ...said };
}

/** The same addresses as the adapter takes: every request carries the key. */
function addressFault(text: string): Said | undefined {
  const fix = 'write it as https://api.itglue.com, or remove it and write the region';
  if (!URL.canParse(text)) return { message: 'this is no URL', fix };
  const { protocol, hostname, origin, href } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return { message: 'this is the URL of no website', fix };
  if (href !== `${origin}/`) return { message: 'this is more than scheme, name and port', fix };
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
  if (protocol === 'http:' && !isLocal) return { message: 'without TLS everybody on the way would read the API key', fix };
  return undefined;
}

function fileFault(text: string): Said | undefined {
  if (!KEY.test(text)) return undefined;
  return {
    message: 'this is an API key, not the path of its file',
    fix: 'write the key into a file for its owner alone, and its path here',
  };
}

function variableFault(text: string): Said | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(text)) {
    const what = KEY.test(text) ? 'an API key, not the name of a variable' : 'not the name of a variable';
    return { message: `this is ${what}`, fix: 'write a name as ITGLUE_API_KEY, and set that to the key' };
  }
  if (!text.startsWith('PADLOCK_')) return undefined;
  return { message: 'names that begin with PADLOCK_ stand for keys of this file', fix: 'take another, as ITGLUE_API_KEY' };
}
