import type { ItGlueRegion } from '../../../core/model/words.ts';

/** Where the API of each region answers, as IT Glue's developer documentation has it. */
const REGIONS: Readonly<Record<ItGlueRegion, string>> = {
  us: 'https://api.itglue.com',
  eu: 'https://api.eu.itglue.com',
  au: 'https://api.au.itglue.com',
};

/** Which API is read: the one of a region, or one at another origin. */
export type ItGlueAddress = { readonly region: ItGlueRegion } | { readonly baseUrl: string };

/**
 * The origin of an address, `https://api.eu.itglue.com`. The key travels with every request: without TLS it goes to this machine
 * alone. Throws a RangeError for anything else, which the configuration has refused before.
 */
export function originOf(address: ItGlueAddress): string {
  if ('region' in address) return REGIONS[address.region];
  const { protocol, hostname, origin } = new URL(address.baseUrl);
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))) return origin;
  throw new RangeError('the address of the API was not checked before it was used');
}

/** This machine, as the URL parser spells it: addresses are in their shortest form already. */
const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;
