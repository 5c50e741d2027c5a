import { SLUG_PATTERN } from '../documents/schema.ts';
import { documentText } from '../documents/write.ts';
import type { DocumentInForce, StandingKind } from '../model/applied.ts';
import { PadlockError } from '../model/errors.ts';
import { scopeOf } from '../model/scope.ts';
import type { Channel } from '../model/words.ts';

/** One document in force as a file of its own, beneath the folder that it is exported to. */
export interface ExportedFile {
  readonly path: string;
  readonly kind: StandingKind;
  readonly name: string;
  /** YAML, ended by a line feed. */
  readonly text: string;
}

/** What is in force of one channel as documents, and what others declare, which is theirs to export. */
export interface Exported {
  readonly files: readonly ExportedFile[];
  readonly elsewhere: readonly Pick<DocumentInForce, 'kind' | 'name' | 'channel'>[];
}

const NAME = new RegExp(SLUG_PATTERN);

const FOLDER = { MfaPolicy: 'myglue', MfaExemption: 'exemptions', ComplianceReport: 'reports' } as const;

/**
 * Documents in force as they would be declared: policies, exemptions and reports. Requests for resets and overrides are acts
 * of their moment, and no part of what is in force. The plan of what was exported changes nothing.
 *
 * Names become the names of files: one that no document may have was put in the store by a foreign hand (`store/corrupt`), and
 * nothing is exported.
 *
 *     northwind/account.yaml  northwind/myglue/bakery.yaml  northwind/exemptions/leave.yaml  reports/weekly.yaml
 */
export function exportedOf(documents: readonly DocumentInForce[], channel: Channel, account?: string): Exported {
  const asked = documents.filter((d) => account === undefined || d.account === account || accountsOf(d).includes(account));
  const files = asked
    .filter((d) => d.channel === channel)
    .map(({ kind, name, spec, ...d }) => ({ path: pathOf({ kind, name, ...d }), kind, name, text: documentText(kind, name, spec) }));
  return {
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    elsewhere: asked.filter((d) => d.channel !== channel).map(({ kind, name, channel: of }) => ({ kind, name, channel: of })),
  };
}

function pathOf(document: Pick<DocumentInForce, 'kind' | 'name' | 'account' | 'scope'>): string {
  const { kind, name, account, scope } = document;
  const { account: of, myGlueAccount } = scope === null ? { account: null } : scopeOf(scope);
  for (const one of [name, account, of, myGlueAccount]) {
    if (one === null || one === undefined || NAME.test(one)) continue;
    throw new PadlockError(
      'store/corrupt',
      `the store holds ${kind} ${JSON.stringify(name)} under ${JSON.stringify(one)}, which is no name`,
      {
        fix: 'padlock drift and padlock audit verify say what was changed by hand; nothing was exported',
      },
    );
  }
  return fileOf(document);
}

function fileOf({ kind, name, account, scope }: Pick<DocumentInForce, 'kind' | 'name' | 'account' | 'scope'>): string {
  if (account === null) return `${FOLDER[kind]}/${name}.yaml`;
  const myGlue = scope === null ? undefined : scopeOf(scope).myGlueAccount;
  if (kind === 'MfaPolicy') return myGlue === undefined ? `${account}/account.yaml` : `${account}/myglue/${myGlue}.yaml`;
  return `${account}/${FOLDER[kind]}/${name}.yaml`;
}

function accountsOf(document: DocumentInForce): readonly string[] {
  return (document.spec['accounts'] ?? []) as readonly string[];
}
