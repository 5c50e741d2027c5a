import { describe, expect, it } from 'vitest';
import { addressKey } from '../../../src/core/model/address.ts';

describe('the key of an address', () => {
  it.each([
    ['First.Last@Northwind.Example', 'first.last@northwind.example'],
    ['ada@northwind.example', 'ada@northwind.example'],
    // A Kelvin sign and a dotted capital I would become ASCII letters by Unicode's rules.
    ['\u212Aira@x.example', '\u212Aira@x.example'],
    ['\u0130da@x.example', '\u0130da@x.example'],
    ['ÄDA@x.example', 'Äda@x.example'],
  ])('%s → %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('keeps look-alikes apart', () => {
    expect(addressKey('\u0430.berg@northwind.example')).not.toBe(addressKey('a.berg@northwind.example'));
    expect(addressKey('\u0410.berg@northwind.example')).not.toBe(addressKey('\u0430.berg@northwind.example'));
  });
});
