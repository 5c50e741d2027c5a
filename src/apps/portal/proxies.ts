import { BlockList, isIP } from 'node:net';

/** How many hops of a header are looked at, from the last. */
const HOPS = 30;

/**
 * Where requests come from: the last address in `X-Forwarded-For` that is not one of the trusted proxies, of whom each adds the one that it
 * saw. Nobody else is believed: without proxies, and from anybody who is none, it is the address of the connection itself.
 */
export function addressBy(trusted: readonly string[]): (request: Request, socket: string | undefined) => string {
  const proxies = networksOf(trusted);
  const isProxy = (address: string) => proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (request, socket = '') => {
    let address = bare(socket) ?? '';
    if (address === '' || !isProxy(address)) return address;
    const hops = (request.headers.get('x-forwarded-for') ?? '').split(',').slice(-HOPS).reverse();
    for (const hop of hops) {
      const before = bare(hop);
      // What a proxy adds is an address. Where it is none, that proxy is the last that is known.
      if (before === undefined) return address;
      address = before;
      if (!isProxy(address)) return address;
    }
    return address;
  };
}

function networksOf(trusted: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of trusted) {
    const [address = '', bits] = text.split('/');
    const plain = bare(address) ?? address;
    const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
    // A network of IPv4 that is written in IPv6 has 96 bits before it.
    const length = bits === undefined ? undefined : Number(bits) - (plain === address ? 0 : 96);
    if (length === undefined || length < 0) list.addAddress(plain, family);
    else list.addSubnet(plain, length, family);
  }
  return list;
}

/** An address in one spelling, whatever stands around it: brackets, a port, a zone, IPv6 around IPv4. Undefined: it is none. */
function bare(text: string): string | undefined {
  const trimmed = text.trim().replace(/^"(.*)"$/, '$1');
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(trimmed) ?? [];
  const [, four] = /^([\d.]+):\d{1,5}$/.exec(trimmed) ?? [];
  const address = (bracketed ?? four ?? trimmed).replace(/%[\w.-]*$/, '');
  if (isIP(address) === 0) return undefined;
  if (isIP(address) === 4) return address;
  const spelled = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(spelled) ?? [];
  if (high === undefined || low === undefined) return spelled;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return `${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`;
}
