import { documentText } from '../documents/write.ts';
import type { DocumentInForce, StandingKind } from '../model/applied.ts';
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

const FOLDER = { MfaPolicy: 'myglue', MfaExemption: 'exemptions', ComplianceReport: 'reports' } as const;

/**
 * Documents in force as they would be declared: policies, exemptions and reports. Requests for resets and overrides are acts
 * of their moment, and no part of what is in force. The plan of what was exported changes nothing.
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

function pathOf({ kind, name, account, scope }: Pick<DocumentInForce, 'kind' | 'name' | 'account' | 'scope'>): string {
  if (account === null) return `${FOLDER[kind]}/${name}.yaml`;
  const myGlue = scope === null ? undefined : scopeOf(scope).myGlueAccount;
  if (kind === 'MfaPolicy') return myGlue === undefined ? `${account}/account.yaml` : `${account}/myglue/${myGlue}.yaml`;
  return `${account}/${FOLDER[kind]}/${name}.yaml`;
}

function accountsOf(document: DocumentInForce): readonly string[] {
  return (document.spec['accounts'] ?? []) as readonly string[];
}
