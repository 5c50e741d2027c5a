import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressKeyOf } from '../../../src/core/authentication/network-address.ts';

describe('one key for every spelling', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['0000:0000:0000:0000:0000:FFFF:CB00:7107', '203.0.113.7'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:ffff:ffff:ffff:ffff', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::', '2001:db8:0:1::/64'],
    ['2001:db8:0:1::192.0.2.1', '2001:db8:0:1::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['fe80::2%25en1', 'fe80:0:0:0::/64'],
    // An IPv4 address in another prefix is no mapped one.
    ['::203.0.113.7', '0:0:0:0::/64'],
    ['1::ffff:203.0.113.7', '1:0:0:0::/64'],
  ])('%s → %s', (ip, key) => {
    expect(addressKeyOf(ip)).toBe(key);
  });
});

describe('what is no address counts together', () => {
  test.each([
    '',
    'unknown',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.',
    '.1.2.3',
    '256.1.1.1',
    '01.2.3.4',
    '0x7f.0.0.1',
    '1.2.3.4:443',
    '1.2.3.4\n',
    '٣.2.3.4',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1::',
    '1::2::3',
    '12345::',
    'g::',
    '[::1]',
    '::ffff:256.0.0.1',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    ':1:2:3:4:5:6:7',
    ':'.repeat(100_000),
    '1:'.repeat(100_000),
  ])('%j', (ip) => {
    expect(addressKeyOf(ip)).toBe('unreadable');
  });
});

/** What the URL parser of Node makes of an address: the other implementation. */
function byUrl(text: string): string {
  return new URL(`http://[${text}]/`).hostname.slice(1, -1);
}

test('every IPv6 address has the key of its shortest spelling, and shares it with its /64 alone', () => {
  fc.assert(
    fc.property(fc.ipV6(), (ip) => {
      expect(addressKeyOf(ip)).not.toBe('unreadable');
      expect(addressKeyOf(ip)).toBe(addressKeyOf(byUrl(ip)));
      expect(addressKeyOf(ip)).toBe(addressKeyOf(`${ip.toUpperCase()}%lan0`));
    }),
  );
  const group = fc.nat({ max: 0xffff });
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), group, fc.nat({ max: 7 }), (groups, other, place) => {
      fc.pre(groups.slice(0, 4).some((g) => g !== 0) && groups[place] !== other && !(place < 4 && other === 0));
      const spelled = (list: readonly number[]) => list.map((g) => g.toString(16)).join(':');
      const same = addressKeyOf(spelled(groups)) === addressKeyOf(spelled(groups.with(place, other)));
      expect(same).toBe(place >= 4);
    }),
  );
});

test('every IPv4 address is its own key, carried by IPv6 or not', () => {
  fc.assert(
    fc.property(fc.ipV4(), (ip) => {
      expect(addressKeyOf(ip)).toBe(ip);
      expect(addressKeyOf(`::ffff:${ip}`)).toBe(ip);
      expect(addressKeyOf(byUrl(`::ffff:${ip}`))).toBe(ip);
    }),
  );
});

test('whatever is sent has a short key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      expect(addressKeyOf(text).length).toBeLessThan(30);
    }),
  );
});
