import { readFileSync, statSync } from 'node:fs';
import { PadlockError } from '../../../core/model/errors.ts';

/** Where the key comes from: a file, or a variable of the environment with what it holds. */
export type KeySource = { readonly file: string } | { readonly variable: string; readonly value: string | undefined };

/** What a header can carry, without a blank. IT Glue's keys are `ITG.`, 32 digits and letters, and a rest of letters, `-` and `_`. */
const KEY = /^[\x21-\x7e]{8,512}$/;

/** Bits of a file's mode that let others than its owner and group read or write it. */
const OTHERS = 0o006;

/**
 * A key for IT Glue's API. It shows itself nowhere: printed, inspected or written as JSON it is an empty object, and only
 * {@link ApiKey.reveal} gives the text.
 */
export class ApiKey {
  readonly #text: string;
  /** Where it came from, for messages: `the file itglue.key`. */
  readonly #place: string;

  constructor(text: string, place: string) {
    this.#text = text;
    this.#place = place;
  }

  /** The key itself, for the header of a request and nothing else. */
  reveal(): string {
    return this.#text;
  }

  /** Where it came from, for messages. */
  place(): string {
    return this.#place;
  }
}

/**
 * Reads the key. A file holds it alone, with or without a line feed at its end, and may be read by its owner and group: the group
 * is how Kubernetes gives a Secret to a pod. Throws `directory/no-key`; what was read is quoted nowhere.
 */
export function readApiKey(source: KeySource): ApiKey {
  const place = 'file' in source ? `the file ${source.file}` : `the variable ${source.variable}`;
  const text = ('file' in source ? readFile(source.file) : (source.value ?? missing(source.variable))).replace(/\r?\n$/, '');
  if (KEY.test(text)) return new ApiKey(text, place);
  throw new PadlockError('directory/no-key', `${place} holds no API key of IT Glue`, {
    fix: text.trim() === '' ? 'write the key into it: it is empty' : 'let it hold the key alone, on one line without blanks',
  });
}

function readFile(file: string): string {
  try {
    const { mode } = statSync(file);
    // Windows has no such bits, and shows each file as open.
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) throw open(file, mode);
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof PadlockError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unexpected';
    throw new PadlockError('directory/no-key', `the API key cannot be read from ${file} (${code})`, {
      fix: 'correct apiKeyFile in padlock.yaml, and see that you may read the file',
    });
  }
}

function open(file: string, mode: number): PadlockError {
  return new PadlockError(
    'directory/no-key',
    `everybody on this machine can get at the API key in ${file} (${(mode & 0o777).toString(8)})`,
    {
      fix: `chmod 600 ${file}; if others have it, make a new key`,
    },
  );
}

function missing(variable: string): never {
  throw new PadlockError('directory/no-key', `the variable ${variable}, which holds the API key of IT Glue, is not set`, {
    fix: 'set it for this command, or correct apiKeyEnv in padlock.yaml',
  });
}
