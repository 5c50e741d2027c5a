import { describe, expect, test } from 'vitest';
import { addressBy } from '../../../src/apps/portal/proxies.ts';

const request = (forwarded?: string) =>
  new Request('http://localhost/', forwarded === undefined ? {} : { headers: { 'x-forwarded-for': forwarded } });

describe('without trusted proxies', () => {
  test.each([
    ['192.0.2.1', undefined, '192.0.2.1'],
    ['192.0.2.1', '203.0.113.9', '192.0.2.1'],
    ['127.0.0.1', '203.0.113.9', '127.0.0.1'],
    ['::1', '203.0.113.9', '::1'],
    [undefined, '203.0.113.9', ''],
  ])('%s, which says %s: %s', (socket, forwarded, is) => {
    expect(addressBy([])(request(forwarded), socket)).toBe(is);
  });
});

describe('behind 10.0.0.0/8, 192.0.2.7 and 2001:db8:a::/48', () => {
  const addressOf = addressBy(['10.0.0.0/8', '192.0.2.7', '2001:db8:a::/48']);

  test.each([
    ['a proxy that says nothing', '10.1.2.3', undefined, '10.1.2.3'],
    ['one hop', '10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['nobody trusted is believed', '203.0.113.1', '198.51.100.1', '203.0.113.1'],
    ['what was there before a proxy added the last', '10.1.2.3', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
    ['through several proxies', '10.1.2.3', '1.1.1.1, 203.0.113.9, 192.0.2.7, 10.9.9.9', '203.0.113.9'],
    ['proxies alone', '10.1.2.3', '10.0.0.1, 10.0.0.2', '10.0.0.1'],
    ['a proxy of IPv6', '2001:db8:a::1', '203.0.113.9', '203.0.113.9'],
    ['not the network beside it', '2001:db8:b::1', '203.0.113.9', '2001:db8:b::1'],
    ['somebody of IPv6', '10.1.2.3', '2001:db8:ffff::1', '2001:db8:ffff::1'],
    ['nonsense at the end', '10.1.2.3', '203.0.113.9, unknown', '10.1.2.3'],
    ['nonsense behind another proxy', '10.1.2.3', '203.0.113.9, _hidden, 10.0.0.9', '10.0.0.9'],
    ['an empty header', '10.1.2.3', '', '10.1.2.3'],
    ['commas alone', '10.1.2.3', ', ,', '10.1.2.3'],
  ])('%s', (_, socket, forwarded, is) => {
    expect(addressOf(request(forwarded), socket)).toBe(is);
  });

  test.each([
    ['::ffff:10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['::FFFF:0a01:0203', '203.0.113.9', '203.0.113.9'],
    ['0:0:0:0:0:ffff:10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['2001:0db8:000A:0000:0000:0000:0000:0001', '203.0.113.9', '203.0.113.9'],
    ['2001:DB8:A::1', '::ffff:203.0.113.9', '203.0.113.9'],
    ['10.1.2.3', '203.0.113.9:51515', '203.0.113.9'],
    ['10.1.2.3', '[2001:DB8:FFFF::1]:443', '2001:db8:ffff::1'],
    ['10.1.2.3', '"[2001:db8:ffff::1]"', '2001:db8:ffff::1'],
    ['10.1.2.3', '  203.0.113.9  ,\t10.0.0.1 ', '203.0.113.9'],
    ['10.1.2.3', '203.0.113.9, ::ffff:192.0.2.7', '203.0.113.9'],
    ['10.1.2.3', '203.0.113.9, [2001:0db8:000a::7]:80', '203.0.113.9'],
    ['10.1.2.3', '010.0.0.1', '10.1.2.3'],
    ['10.1.2.3', '0x0a.0.0.1', '10.1.2.3'],
    ['10.1.2.3', '167772161', '10.1.2.3'],
    ['10.1.2.3', '203.0.113.9.', '10.1.2.3'],
  ])('%s, which says %j: %s', (socket, forwarded, is) => {
    expect(addressOf(request(forwarded), socket)).toBe(is);
  });

  test('several headers are one list', () => {
    const headers = new Headers([
      ['x-forwarded-for', '1.1.1.1'],
      ['x-forwarded-for', '203.0.113.9'],
      ['x-forwarded-for', '192.0.2.7'],
    ]);
    expect(addressOf(new Request('http://localhost/', { headers }), '10.1.2.3')).toBe('203.0.113.9');
  });

  test('a header without an end is looked at no further than thirty hops', () => {
    const began = performance.now();
    expect(addressOf(request('203.0.113.9, '.concat('10.0.0.1, '.repeat(800), '10.0.0.2')), '10.1.2.3')).toBe('10.0.0.1');
    expect(performance.now() - began).toBeLessThan(200);
  });
});

test('a network of IPv4 may be written in IPv6', () => {
  const addressOf = addressBy(['::ffff:10.0.0.0/104', '::ffff:192.0.2.7']);
  expect(addressOf(request('203.0.113.9'), '10.200.0.1')).toBe('203.0.113.9');
  expect(addressOf(request('203.0.113.9'), '192.0.2.7')).toBe('203.0.113.9');
  expect(addressOf(request('203.0.113.9'), '11.0.0.1')).toBe('11.0.0.1');
});
