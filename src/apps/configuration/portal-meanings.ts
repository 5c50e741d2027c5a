import { isIP } from 'node:net';
import { isDuration, parseDuration } from '../../core/documents/values.ts';
import { DEFAULTS } from './defaults.ts';
import type { Finding } from './faults.ts';
import { isLocal, listenOf } from './listen.ts';
import type { PortalText } from './portal.ts';

const MINUTE = 60_000;
const LONGEST = 30 * 24 * 60 * MINUTE;

type Said = Pick<Finding, 'message' | 'fix'>;

/** What the schema cannot say of single values of `portal`. */
export function portalValues(portal: PortalText): Finding[] {
  const { url, listen, metrics, trustedProxies = [], mail = {}, idle, session } = portal;
  return [
    ...unquoted(found('/portal/url', url, urlFault)),
    ...found('/portal/listen', listen, listenFault),
    ...found('/portal/metrics', metrics, listenFault),
    ...trustedProxies.flatMap((proxy, i) => found(`/portal/trustedProxies/${i}`, proxy, proxyFault)),
    ...unquoted(found('/portal/mail/server', mail.server, serverFault)),
    ...found('/portal/mail/from', mail.from, fromFault),
    ...found('/portal/idle', idle, lastsFault),
    ...found('/portal/session', session, lastsFault),
  ];
}

/** What is wrong with its values together, wherever each of them stands. They are right one by one. */
export function portalTogether(portal: PortalText): Finding[] {
  const { url, listen = DEFAULTS.listen, tls = {}, mail = {}, idle = DEFAULTS.idle, session = DEFAULTS.session } = portal;
  const wrong: Finding[] = [];
  const tell = (is: boolean, pointer: string, message: string, fix: string) => {
    if (is) wrong.push({ pointer, message, fix, onKey: true, quotable: false });
  };
  const own = tls.certificate !== undefined && tls.key !== undefined;
  const place = listenOf(listen);
  tell(tls.key === undefined && tls.certificate !== undefined, '/portal/tls/certificate', 'a certificate needs its key', 'set tls.key too');
  tell(tls.certificate === undefined && tls.key !== undefined, '/portal/tls/key', 'a key needs its certificate', 'set tls.certificate too');
  tell(own && url?.startsWith('http:') === true, '/portal/url', 'people reach it over TLS of its own', 'write https://');
  tell(
    url === undefined && place !== undefined && !isLocal(place),
    '/portal/listen',
    'others can reach it, and by which address is not known',
    'set portal.url',
  );
  tell(mail.server !== undefined && mail.folder !== undefined, '/portal/mail/folder', 'mails go to a server or to a folder', 'keep one');
  tell(mail.server !== undefined && mail.from === undefined, '/portal/mail/server', 'whom mails come from is not known', 'set mail.from');
  tell(
    mail.server === undefined && mail.passwordFile !== undefined,
    '/portal/mail/passwordFile',
    'there is no server that it is for',
    'set mail.server, or remove it',
  );
  if (mail.server !== undefined && mail.passwordFile !== undefined) {
    const { username, password } = new URL(mail.server);
    tell(username === '', '/portal/mail/passwordFile', 'the URL of the server names no user', 'write it as smtps://USER@HOST');
    tell(password !== '', '/portal/mail/passwordFile', 'the URL of the server has a password already', 'keep it in the file alone');
  }
  tell(
    parseDuration(idle) > parseDuration(session),
    portal.idle === undefined ? '/portal/session' : '/portal/idle',
    `an unused session would last longer (${idle}) than any (${session})`,
    'shorten idle, or lengthen session',
  );
  return wrong;
}

function found(pointer: string, value: string | undefined, fault: (value: string) => Said | undefined): Finding[] {
  const said = value === undefined ? undefined : fault(value);
  return said === undefined ? [] : [{ pointer, onKey: false, quotable: true, ...said }];
}

/** A URL may hold a password. */
function unquoted(findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, quotable: false }));
}

function urlFault(text: string): Said | undefined {
  const fix = 'write it as https://mfa.northwind.example';
  if (!URL.canParse(text)) return { message: 'this is no URL', fix };
  const { protocol, hostname, origin, href } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return { message: 'this is the URL of no website', fix };
  if (href !== `${origin}/`) return { message: 'this is more than scheme, name and port', fix };
  if (protocol === 'http:' && hostname !== 'localhost') return { message: 'without TLS it works on this machine alone', fix };
  if (hostname.startsWith('[') || isIP(hostname) !== 0) return { message: 'passkeys are made for a name, not for an address', fix };
  return undefined;
}

function listenFault(text: string): Said | undefined {
  if (listenOf(text) !== undefined) return undefined;
  return { message: 'this is no address with a port', fix: `write it as ${DEFAULTS.listen} or [::1]:8080` };
}

/** An address, or a network in CIDR notation. */
function proxyFault(text: string): Said | undefined {
  const [address = '', bits, ...more] = text.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const right = bits === undefined || (/^(0|[1-9][0-9]{0,2})$/.test(bits) && Number(bits) <= longest);
  if (longest !== -1 && right && more.length === 0 && !address.includes('%')) return undefined;
  return { message: 'this is neither an address nor a network', fix: 'write it as 10.0.0.7 or 10.0.0.0/8' };
}

function serverFault(text: string): Said | undefined {
  const fix = 'write it as smtps://USER@mail.northwind.example, or smtp:// for STARTTLS';
  if (!URL.canParse(text)) return { message: 'this is no URL', fix };
  const { protocol, hostname, pathname, search, hash } = new URL(text);
  if (protocol !== 'smtp:' && protocol !== 'smtps:') return { message: 'this is the URL of no mail server', fix };
  if (hostname === '' || !['', '/'].includes(pathname) || search !== '' || hash !== '')
    return { message: 'this is not scheme, user, name and port', fix };
  return undefined;
}

/** An address, alone or behind a name. Nothing in it can begin another header or recipient. */
function fromFault(text: string): Said | undefined {
  if (/^(?:[^<>@,;:"\\\p{C}]{1,100} <[^\s<>@,;:"\\\p{C}]+@[^\s<>@,;:"\\\p{C}]+>|[^\s<>@,;:"\\\p{C}]+@[^\s<>@,;:"\\\p{C}]+)$/u.test(text))
    return undefined;
  return { message: 'this is no address', fix: 'write it as mfa@northwind.example or Northwind IT <mfa@northwind.example>' };
}

function lastsFault(text: string): Said | undefined {
  if (!isDuration(text)) return { message: 'this is no duration', fix: `write it as ${DEFAULTS.idle} or ${DEFAULTS.session}` };
  const lasts = parseDuration(text);
  return lasts >= MINUTE && lasts <= LONGEST ? undefined : { message: 'a session lasts from 1m to 30d', fix: 'write one in between' };
}
