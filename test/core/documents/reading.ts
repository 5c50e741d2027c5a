import { readDocuments } from '../../../src/core/documents/read.ts';
import type { Fault } from '../../../src/core/model/errors.ts';

/** The first three lines of every policy in these tests; its spec begins in line 4. */
export const HEAD = 'apiVersion: padlock.dev/v1alpha1\nkind: MfaPolicy\nmetadata: {name: northwind}\n';

/** A document of another kind, its spec in line 4. */
export function head(kind: string): string {
  return HEAD.replace('MfaPolicy', kind);
}

/** `line:column code text at fault`, as short as a test can be read. */
export function brief({ line, column, code, text }: Fault): string {
  return `${line}:${column} ${code}${text === undefined ? '' : ` ${text}`}`;
}

/** The faults of one text, in brief. */
export function faultsOf(text: string | Uint8Array): string[] {
  return readDocuments([{ file: 'a.yaml', text }]).faults.map(brief);
}

/** The faults of a policy whose spec holds these fields besides its required ones, which take the line before. */
export function policyFaults(...fields: readonly string[]): string[] {
  return faultsOf(`${HEAD}spec:\n  account: northwind\n  requireMfa: true\n${fields.map((field) => `  ${field}\n`).join('')}`);
}

/** As people read a fault. */
export function rendered({ file, line, column, code, message, fix }: Fault): string {
  return `${file}:${line}:${column}  error  ${code}  ${message}${fix === undefined ? '' : `; ${fix}`}`;
}
