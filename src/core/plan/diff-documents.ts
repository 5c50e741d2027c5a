import type { DocumentInForce } from '../model/applied.ts';
import { canonical } from '../model/canonical.ts';
import { type DocumentSource, placeOf } from '../model/positions.ts';
import type { Json } from '../model/words.ts';
import type { Declared, PolicySet } from '../policy/policy-set.ts';
import { editsBetween, same } from './edits.ts';
import type { Action, DocumentChange } from './plan.ts';

/**
 * Documents declared against documents in force, of this channel alone: what another channel declared is not ours to end.
 * Policies are matched by scope, so a renamed one is the same policy; the other kinds by name.
 *
 * | declared | in force                   | action                              |
 * | yes      | no                         | create                              |
 * | yes      | same spec, name and place  | none                                |
 * | yes      | same spec and name         | move: only where it stands changed  |
 * | yes      | another spec or name       | update                              |
 * | no       | a policy, Orphan           | orphan: the requirement stays       |
 * | no       | a policy, Delete           | delete                              |
 * | no       | an exemption or report     | delete                              |
 *
 * `deletionPolicy` is read from the version last applied: a document that is gone can no longer say.
 */
export function diffDocuments(set: PolicySet, inForce: readonly DocumentInForce[]): DocumentChange[] {
  const ours = new Map(inForce.filter((d) => d.channel === set.channel).map((d) => [key(d), d]));
  const declared = set.declared.map((d) => change(d, ours.get(key(d))));
  const present = new Set(set.declared.map(key));
  const gone = [...ours].filter(([k]) => !present.has(k)).map(([, d]) => departure(d));
  return [...declared, ...gone];
}

function key(d: Pick<Declared, 'kind' | 'scope' | 'name'>): string {
  return `${d.kind} ${d.scope ?? d.name}`;
}

function change(declared: Declared, was: DocumentInForce | undefined): DocumentChange {
  const renamed = was !== undefined && was.name !== declared.name;
  const edits = editsBetween(was?.spec ?? null, declared.spec, declared.source);
  const name = { field: 'name', before: was?.name, after: declared.name, place: placeOf(declared.source, '/metadata/name') };
  return {
    kind: declared.kind,
    name: declared.name,
    previousName: renamed ? was.name : null,
    account: declared.account,
    scope: declared.scope,
    action: actionFor(declared, was),
    edits: renamed ? [...edits, name] : edits,
    before: was?.spec ?? null,
    after: declared.spec,
    source: declared.source,
    version: was?.version ?? null,
    place: placeOf(declared.source, '/metadata/name'),
  };
}

function actionFor(declared: Declared, was: DocumentInForce | undefined): Action {
  if (was === undefined) return 'create';
  if (was.name !== declared.name || !same(was.spec, declared.spec)) return 'update';
  return sameSource(was.source, declared.source) ? 'none' : 'move';
}

function departure(was: DocumentInForce): DocumentChange {
  const kept = was.kind === 'MfaPolicy' && was.spec['deletionPolicy'] !== 'Delete';
  return {
    kind: was.kind,
    name: was.name,
    previousName: null,
    account: was.account,
    scope: was.scope,
    action: kept ? 'orphan' : 'delete',
    edits: [],
    before: was.spec,
    after: null,
    source: null,
    version: was.version,
    place: placeOf(was.source, '/metadata/name'),
  };
}

function sameSource(a: DocumentSource, b: DocumentSource): boolean {
  return canonical(a as unknown as Json) === canonical(b as unknown as Json);
}
