import type { MfaExemptionSpec } from '../documents/schema.ts';
import { formatInstant, parseInstant } from '../documents/values.ts';
import type { BoundWindow, DocumentInForce } from '../model/applied.ts';
import { placeOf } from '../model/positions.ts';
import type { Channel, Instant } from '../model/words.ts';
import { userKey } from '../policy/policy-set.ts';
import type { DocumentChange, Edit } from './plan.ts';

/** An exemption whose people in the store are not those of its document; `document` null: nothing in force declares it. */
export interface ExemptionByHand {
  readonly channel: Channel;
  readonly account: string;
  readonly name: string;
  readonly document: DocumentInForce | null;
  readonly edits: readonly Edit[];
}

/**
 * Exemptions in force against the documents that declare them. Somebody who was not known when an exemption was applied was
 * bound to nothing: that is no drift, and the plan tells of it.
 *
 * | declared                       | in the store          | by hand                     |
 * | by nothing, or not this person | exempt                | yes: nobody declared it     |
 * | this person                    | bound, and ended      | yes: it ends with its document |
 * | this person                    | never bound           | no                          |
 * | this person                    | another window        | yes                         |
 * | an exemption that has ended    | whatever              | no: it exempts nobody       |
 *
 * To whom a name was bound is not judged: an address may have changed hands since, and the bound person stays exempt.
 */
export function exemptionsByHand(documents: readonly DocumentInForce[], windows: readonly BoundWindow[], now: Instant): ExemptionByHand[] {
  const exemptions = documents.filter((d) => d.kind === 'MfaExemption');
  const of = Map.groupBy(windows, (w) => `${w.channel} ${w.document}`);
  const declared = exemptions.map((document): ExemptionByHand => {
    const rows = of.get(`${document.channel} ${document.name}`) ?? [];
    const account = document.account ?? '';
    return { channel: document.channel, account, name: document.name, document, edits: edits(document, rows, now) };
  });
  const names = new Set(exemptions.map((d) => `${d.channel} ${d.name}`));
  const others = [...of]
    .filter(([key]) => !names.has(key))
    .flatMap(([, rows]): ExemptionByHand[] => {
      const open = rows.filter((row) => row.expiresAt > now);
      const [first] = open;
      if (first === undefined) return [];
      return [
        {
          channel: first.channel,
          account: first.account,
          name: first.document,
          document: null,
          edits: open.map((r) => undeclared(r.called)),
        },
      ];
    });
  return [...declared, ...others].filter((found) => found.edits.length > 0);
}

/** The same as changes of documents, for the apply that repairs them: of one channel, where the documents change nothing else. */
export function withRepairs(changes: readonly DocumentChange[], found: readonly ExemptionByHand[], channel: Channel): DocumentChange[] {
  const ours = found.filter((f) => f.channel === channel);
  const byName = new Map(ours.filter((f) => f.document !== null).map((f) => [f.name, f.edits]));
  const repaired = changes.map((change): DocumentChange => {
    const edits =
      change.kind === 'MfaExemption' && (change.action === 'none' || change.action === 'move') ? byName.get(change.name) : undefined;
    return edits === undefined ? change : { ...change, action: 'repair', edits };
  });
  return [...repaired, ...ours.filter((f) => f.document === null).map(stray)];
}

function edits(document: DocumentInForce, rows: readonly BoundWindow[], now: Instant): Edit[] {
  const spec = document.spec as unknown as MfaExemptionSpec;
  const end = parseInstant(spec.expiresAt, 'end');
  const place = placeOf(document.source, '/spec/users');
  const open = rows.filter((row) => row.expiresAt > now);
  if (end <= now) return open.map((row) => window('expiresAt', row.called, row.expiresAt, end, place));
  const start = spec.startsAt === undefined ? null : parseInstant(spec.startsAt, 'start');
  const declared = spec.users.flatMap((called): Edit[] => {
    const own = open.filter((row) => row.called === called);
    const ended = own.length === 0 && rows.some((row) => row.called === called);
    return [
      ...(ended ? [{ field: `exemption of ${called}`, before: 'ended', after: `until ${formatInstant(end)}`, place }] : []),
      ...own.filter((row) => row.expiresAt !== end).map((row) => window('expiresAt', called, row.expiresAt, end, place)),
      ...own.flatMap((row) => (start === null || row.startsAt === start ? [] : [window('startsAt', called, row.startsAt, start, place)])),
    ];
  });
  const strangers = open.filter((row) => !spec.users.includes(row.called));
  return [...declared, ...strangers.map((row) => ({ ...undeclared(row.called), place }))];
}

/**
 * People whom an exemption in force names, who are known, and to whom it never was bound: they were not known when it was
 * applied, or their row was removed by hand, which cannot be told apart. No apply of the same document exempts them.
 */
export function unboundExemptions(
  documents: readonly DocumentInForce[],
  windows: readonly BoundWindow[],
  known: ReadonlySet<string>,
  now: Instant,
): ExemptionByHand[] {
  return documents.flatMap((document): ExemptionByHand[] => {
    if (document.kind !== 'MfaExemption') return [];
    const { channel, name } = document;
    const account = document.account ?? '';
    const spec = document.spec as unknown as MfaExemptionSpec;
    const end = parseInstant(spec.expiresAt, 'end');
    const rows = windows.filter((row) => row.channel === channel && row.document === name);
    const unbound = spec.users.filter((called) => known.has(userKey(account, called)) && !rows.some((row) => row.called === called));
    if (end <= now || unbound.length === 0) return [];
    const edits = unbound.map((called) => ({
      field: `exemption of ${called}`,
      before: 'none',
      after: `until ${formatInstant(end)}`,
      place: null,
    }));
    return [{ channel, account, name, document, edits }];
  });
}

function window(field: string, called: string, is: Instant, was: Instant, place: string): Edit {
  return { field: `${field} of ${called}`, before: formatInstant(is), after: formatInstant(was), place };
}

function undeclared(called: string): Edit {
  return { field: `exemption of ${called}`, before: 'in force', after: 'none', place: null };
}

/** Windows that nothing declares end with the repair. */
function stray(found: ExemptionByHand): DocumentChange {
  return {
    kind: 'MfaExemption',
    name: found.name,
    previousName: null,
    account: found.account,
    scope: null,
    action: 'repair',
    edits: found.edits,
    before: null,
    after: null,
    source: null,
    version: null,
    place: '',
  };
}
