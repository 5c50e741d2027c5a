import { stringify } from 'yaml';
import type { DocumentKind, JsonObject } from '../model/words.ts';
import { API_VERSION } from './group.ts';

/**
 * One document as YAML, ended by a line feed; read again it gives the same spec. Written so that readers of YAML 1.1 and of
 * 1.2 take it alike: `yes`, `off`, dates and the like are quoted. Lines are never folded.
 */
export function documentText(kind: DocumentKind, name: string, spec: JsonObject): string {
  const document = { apiVersion: API_VERSION, kind, metadata: { name }, spec };
  return stringify(document, { schema: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
