import { expect, it } from 'vitest';
import { effectiveTerms } from '../../../src/core/policy/effective.ts';
import { DAY, policyText, read, setOf } from './world.ts';

const withDefault = policyText('northwind', {
  myGlueDefault: { requireMfa: true, gracePeriod: '7d' },
  breakGlass: ['ada@northwind.example'],
});
const own = policyText('northwind/bakery', { gracePeriod: '1d' });

function effective(texts: readonly string[], ...scopes: string[]) {
  return effectiveTerms(setOf(read(...texts)).policies, scopes);
}

it('its own document goes before the default of the account, in whatever order they are read', () => {
  for (const texts of [
    [withDefault, own],
    [own, withDefault],
  ]) {
    const terms = effective(texts, 'northwind', 'northwind/bakery', 'northwind/cafe');
    expect(terms.get('northwind/bakery')).toMatchObject({ grace: DAY, origin: { via: 'own', document: 'northwind-bakery' } });
    expect(terms.get('northwind/cafe')).toMatchObject({ grace: 7 * DAY, origin: { via: 'default', document: 'northwind' } });
    expect(terms.get('northwind')).toMatchObject({ grace: 0, origin: { via: 'own', document: 'northwind' } });
  }
});

it('a MyGlue account that comes later has the default from the start', () => {
  expect(effective([withDefault], 'northwind/new').get('northwind/new')).toMatchObject({ scope: 'northwind/new', requireMfa: true });
});

it('a default is for MyGlue accounts alone, and for those of its account', () => {
  expect([...effective([own], 'northwind', 'northwind/cafe').keys()]).toEqual([]);
  expect([...effective([withDefault], 'other', 'other/bakery').keys()]).toEqual([]);
});

it('an account without a default asks nothing of its MyGlue accounts', () => {
  expect([...effective([policyText('northwind', {})], 'northwind', 'northwind/cafe').keys()]).toEqual(['northwind']);
});

it('a policy for a scope that the directory does not know gives no terms', () => {
  expect([...effective([withDefault, own], 'northwind').keys()]).toEqual(['northwind']);
});

it('the rules of terms hold neither the names of the scope nor what is of the account alone', () => {
  const terms = effective([withDefault, own], 'northwind', 'northwind/bakery', 'northwind/cafe');
  expect(terms.get('northwind')?.rules).toEqual({ requireMfa: true });
  expect(terms.get('northwind/bakery')?.rules).toEqual({ requireMfa: true, gracePeriod: '1d' });
  expect(terms.get('northwind/cafe')?.rules).toEqual({ requireMfa: true, gracePeriod: '7d' });
});
