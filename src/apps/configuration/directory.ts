import type { ItGlueRegion } from '../../core/model/words.ts';
import { DEFAULTS } from './defaults.ts';
import type { ConfigurationText } from './schema.ts';

/** `accounts.NAME.directory` as it is written: every key may be absent. */
export type DirectoryText = NonNullable<NonNullable<ConfigurationText['accounts']>[string]['directory']>;

/** How an account is read from IT Glue's API: which one, and where its key is; the key itself is not here. */
export interface ItGlueConfiguration {
  readonly address: { readonly region: ItGlueRegion } | { readonly baseUrl: string };
  /** A path that can be opened as it is, or the name of a variable of the environment. */
  readonly key: { readonly file: string } | { readonly variable: string };
}

/** A checked text → how the account is read; undefined where nothing says it. `from` says where relative paths count from. */
export function completeDirectory({ itglue }: DirectoryText, from: (path: string) => string): ItGlueConfiguration | undefined {
  if (itglue === undefined) return undefined;
  const { region, baseUrl, apiKeyFile, apiKeyEnv } = itglue;
  const address = baseUrl === undefined ? { region: region ?? DEFAULTS.region } : { baseUrl };
  if (apiKeyFile !== undefined) return { address, key: { file: from(apiKeyFile) } };
  if (apiKeyEnv === undefined) throw new RangeError('where the key is was not checked before it was used');
  return { address, key: { variable: apiKeyEnv } };
}
