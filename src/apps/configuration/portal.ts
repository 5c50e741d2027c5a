import { parseDuration } from '../../core/documents/values.ts';
import { type Duration, FACTOR_KINDS, type FactorKind } from '../../core/model/words.ts';
import { DEFAULTS } from './defaults.ts';
import { type Listen, listenOf } from './listen.ts';
import type { ConfigurationText } from './schema.ts';

/** `portal` as it is written: every key may be absent. */
export type PortalText = NonNullable<ConfigurationText['portal']>;

/** How mails leave: by a server, or as files in a folder. */
export type MailConfiguration =
  | { readonly by: 'server'; readonly server: string; readonly from: string; readonly passwordFile: string | undefined }
  | { readonly by: 'folder'; readonly folder: string; readonly from: string };

/** The portal, as the configuration has it. */
export interface PortalConfiguration {
  /** The origin that people see; undefined: this machine, and the port it listens on. */
  readonly origin: string | undefined;
  readonly listen: Listen;
  readonly metrics: Listen | undefined;
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  readonly trustedProxies: readonly string[];
  readonly factors: readonly FactorKind[];
  readonly breachedPasswords: string | undefined;
  readonly mail: MailConfiguration;
  readonly idle: Duration;
  readonly session: Duration;
}

/** The same text with paths that can be opened as they are. */
export function located(text: PortalText, from: (path: string) => string): PortalText {
  const { tls, mail, breachedPasswords } = text;
  return {
    ...text,
    ...(tls !== undefined && { tls: inPlace(tls, ['certificate', 'key'], from) }),
    ...(mail !== undefined && { mail: inPlace(mail, ['passwordFile', 'folder'], from) }),
    ...(breachedPasswords !== undefined && { breachedPasswords: from(breachedPasswords) }),
  };
}

function inPlace<T extends object>(object: T, keys: readonly (keyof T)[], from: (path: string) => string): T {
  const paths = keys.filter((key) => object[key] !== undefined).map((key) => [key, from(String(object[key]))]);
  return { ...object, ...Object.fromEntries(paths) };
}

/** What the environment says over what the file does: a mail server there replaces a folder here, and the other way round. */
export function overlaid(under: PortalText, over: PortalText): PortalText {
  const { server, folder, ...mail } = under.mail ?? {};
  const kept = { ...mail, ...(over.mail?.folder === undefined && { server }), ...(over.mail?.server === undefined && { folder }) };
  return { ...under, ...over, tls: { ...under.tls, ...over.tls }, mail: defined({ ...kept, ...over.mail }) };
}

function defined<T extends object>(object: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** A checked text, located → the portal. Paths of defaults count by `from`. */
export function completePortal(text: PortalText, from: (path: string) => string): PortalConfiguration {
  const { url, listen, metrics, tls = {}, trustedProxies, factors, breachedPasswords, mail = {}, idle, session } = text;
  return {
    origin: url === undefined ? undefined : new URL(url).origin,
    listen: listening(listen ?? DEFAULTS.listen),
    metrics: metrics === undefined ? undefined : listening(metrics),
    tls: tls.certificate === undefined || tls.key === undefined ? undefined : { certificate: tls.certificate, key: tls.key },
    trustedProxies: trustedProxies ?? [],
    factors: factors ?? FACTOR_KINDS,
    breachedPasswords,
    mail: mailOf(mail, from),
    idle: parseDuration(idle ?? DEFAULTS.idle),
    session: parseDuration(session ?? DEFAULTS.session),
  };
}

function mailOf({ server, from, passwordFile, folder }: NonNullable<PortalText['mail']>, locate: (path: string) => string) {
  const sender = from ?? 'Padlock <padlock@localhost>';
  if (server !== undefined) return { by: 'server', server, from: sender, passwordFile } as const;
  return { by: 'folder', folder: folder ?? locate(DEFAULTS.mailFolder), from: sender } as const;
}

function listening(text: string): Listen {
  const listen = listenOf(text);
  if (listen === undefined) throw new RangeError(`${text} was not checked before it was used`);
  return listen;
}
