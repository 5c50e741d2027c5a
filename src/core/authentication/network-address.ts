/** What everything is counted by that is no IP address: together, so that nobody escapes the count by an odd spelling. */
const UNREADABLE = 'unreadable';

/**
 * The key that failures from an IP address are counted by: IPv4 whole, also where IPv6 carries it (`::ffff:192.0.2.1`), and
 * IPv6 by its /64, which is what one customer gets. However an address is spelled, its key is the same.
 */
export function addressKeyOf(ip: string): string {
  const bare = ip.replace(/%.*$/s, '');
  const four = fourOf(bare);
  if (four !== null) return four.join('.');
  const groups = groupsOf(bare);
  if (groups === null) return UNREADABLE;
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return bytesOf(groups.slice(6)).join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The four numbers of an IPv4 address; leading zeros are refused, as some read them as octal. */
function fourOf(text: string): number[] | null {
  if (!/^(?:(?:0|[1-9][0-9]{0,2})(?:[.](?!$)|$)){4}$/.test(text)) return null;
  const numbers = text.split('.').map(Number);
  return numbers.every((number) => number <= 255) ? numbers : null;
}

/** The eight groups of an IPv6 address (RFC 4291), its last two also in the manner of IPv4. */
function groupsOf(text: string): number[] | null {
  if (text.length > 45) return null;
  const last = text.slice(text.lastIndexOf(':') + 1);
  const four = fourOf(last);
  const [a = 0, b = 0, c = 0, d = 0] = four ?? [];
  const hex = four === null ? text : `${text.slice(0, -last.length)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  const sides = hex.split('::');
  if (sides.length > 2) return null;
  const [head, tail] = sides.map((side) => (side === '' ? [] : side.split(':')));
  if (head === undefined || ![...head, ...(tail ?? [])].every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  const left = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? left !== 0 : left < 1) return null;
  return [...head, ...Array<string>(left).fill('0'), ...(tail ?? [])].map((group) => Number.parseInt(group, 16));
}

function bytesOf(groups: readonly number[]): number[] {
  return groups.flatMap((group) => [group >> 8, group & 255]);
}
