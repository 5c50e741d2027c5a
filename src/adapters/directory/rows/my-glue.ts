import type { Fault } from '../../../core/model/errors.ts';
import { faultAt } from '../../../core/model/place.ts';
import type { AccountMapping } from './part.ts';

/** Finds the slug of a MyGlue account by IT Glue's id; an unmapped id is told once. */
export interface MyGlueReader {
  /** `organization`: the name of one that it covers, from which a slug is proposed. */
  slugOf(id: unknown, place: string, organization: string | null): string | undefined;
  readonly faults: () => readonly Fault[];
}

/** Reads ids by `accounts.ACCOUNT.myGlueAccounts` of the configuration. */
export function createMyGlueReader(mapping: AccountMapping): MyGlueReader {
  const slugs = new Map(Object.entries(mapping.myGlueAccounts).map(([slug, id]) => [id, slug]));
  const unmapped = new Map<string, { readonly place: string; organization: string | null }>();

  const slugOf = (id: unknown, place: string, organization: string | null): string | undefined => {
    const slug = slugs.get(String(id));
    if (slug !== undefined) return slug;
    const met = unmapped.get(String(id));
    if (met === undefined) unmapped.set(String(id), { place, organization });
    else met.organization ??= organization;
    return undefined;
  };
  const faults = () =>
    [...unmapped].map(([id, { place, organization }]) => {
      const message = `the MyGlue account ${id} is mapped to no slug`;
      const fix = `add it to accounts.${mapping.account}.myGlueAccounts of padlock.yaml: ${slugFrom(organization)}: ${JSON.stringify(id)}`;
      return faultAt(place, 'directory/unmapped-myglue-account', message, fix, id);
    });
  return { slugOf, faults };
}

function slugFrom(organization: string | null): string {
  const slug = (organization ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  return slug === '' ? 'its-name' : slug;
}
