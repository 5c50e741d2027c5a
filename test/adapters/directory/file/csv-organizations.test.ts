import { describe, expect, it } from 'vitest';
import { readOrganizationsCsv } from '../../../../src/adapters/directory/file/csv-organizations.ts';
import { bytes, errorOf } from './files.ts';

const read = (text: string) => readOrganizationsCsv('orgs.csv', bytes(text));

describe('a CSV of organizations', () => {
  it('tells an absent MyGlue account from none', () => {
    expect(read('id,name,my_glue_account\n5,Sunrise Bakery,bakery\n6,Miller,\n').organizations).toEqual([
      { externalId: '5', name: 'Sunrise Bakery', myGlueAccount: 'bakery', place: 'orgs.csv:2' },
      { externalId: '6', name: 'Miller', myGlueAccount: null, place: 'orgs.csv:3' },
    ]);
    expect(read('id,name\n5,Sunrise Bakery\n').organizations).toEqual([{ externalId: '5', name: 'Sunrise Bakery', place: 'orgs.csv:2' }]);
  });

  it('says nothing of people', () => {
    const part = read('id,name\n5,Sunrise Bakery\n');
    expect(part.rows).toBeUndefined();
    expect(part.wholeScopes).toEqual([]);
  });

  it('tells every fault', () => {
    const { faults, organizations } = read('id,name,my_glue_account\n,A,\n6,,\n7,C,No Slug\n8,D\n');
    expect(organizations).toEqual([]);
    expect(faults.map(({ line }) => line).sort()).toEqual([2, 3, 4, 5]);
  });

  it('a header alone is incomplete', () => {
    expect(errorOf(() => read('id,name\n')).code).toBe('directory/incomplete');
  });
});
