import type { OrganizationRow } from '../../../core/model/directory.ts';
import type { Fault } from '../../../core/model/errors.ts';
import { faultAt } from '../../../core/model/place.ts';
import type { Part } from '../rows/part.ts';
import { readId, readName, readSlug } from '../rows/values.ts';
import { readCsv } from './csv.ts';

/** The columns of a CSV of organizations. Without `my_glue_account` nothing is said of it; an empty one says that there is none. */
const ORGANIZATION_COLUMNS = ['id', 'name', 'my_glue_account'] as const;

/** Reads a CSV of organizations. Throws what {@link readCsv} does. */
export function readOrganizationsCsv(file: string, bytes: Uint8Array): Part {
  const faults: Fault[] = [];
  const organizations: OrganizationRow[] = [];
  const structure = readCsv(file, bytes, ORGANIZATION_COLUMNS, ['id', 'name'], (cell, place) => {
    const id = readId(cell('id')?.trim() ?? '');
    const name = readName(cell('name') ?? '');
    const said = cell('my_glue_account')?.trim();
    const slug = said === undefined || said === '' ? { value: said === undefined ? undefined : null } : readSlug(said);
    if ('problem' in id) faults.push(faultAt(place, 'directory/invalid-row', id.problem, id.fix, cell('id')));
    if (name === null) faults.push(faultAt(place, 'directory/invalid-row', 'the name is missing', 'write the name of the organization'));
    if ('problem' in slug)
      faults.push(faultAt(place, 'directory/invalid-row', `my_glue_account ${JSON.stringify(said)} ${slug.problem}`, slug.fix, said));
    if (!('value' in id) || name === null || !('value' in slug)) return;
    organizations.push({ externalId: id.value, name, ...(slug.value === undefined ? {} : { myGlueAccount: slug.value }), place });
  });
  return { organizations, wholeScopes: [], faults: [...structure, ...faults] };
}
