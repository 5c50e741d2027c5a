import type { CommonPasswords } from '../../core/ports/passwords.ts';

let loaded: Promise<ReadonlySet<string>> | undefined;

/** The passwords that are used most, some fifty thousand, without regard to letter case. Read once, when they are first needed. */
export async function wellKnownPasswords(): Promise<CommonPasswords> {
  loaded ??= load();
  const known = await loaded;
  return { has: (password) => known.has(password.toLowerCase()) };
}

async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].map((password) => password.toLowerCase()));
}
