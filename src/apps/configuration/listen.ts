import { isIP } from 'node:net';

/** Where something listens. */
export interface Listen {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` → its parts; undefined: it is none. */
export function listenOf(text: string): Listen | undefined {
  const [, six, plain, digits] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):([0-9]{1,5})$/i.exec(text) ?? [];
  const [host, port] = [six ?? plain, Number(digits)];
  if (host === undefined || !(port <= 65_535)) return undefined;
  if (six !== undefined ? isIP(six) !== 6 : /^[0-9.]+$/.test(host) && isIP(host) !== 4) return undefined;
  return { host, port };
}

/** Whether only this machine can reach it. */
export function isLocal({ host }: Listen): boolean {
  return host.toLowerCase() === 'localhost' || host === '::1' || /^127[.]/.test(host);
}

/** As people write it: `[::1]:8080`. */
export function listenText({ host, port }: Listen): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
