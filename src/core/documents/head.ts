import type { Fault } from '../model/errors.ts';
import { DOCUMENT_KINDS, type DocumentKind } from '../model/words.ts';
import { API_GROUP, API_VERSION } from './group.ts';
import { either, nearest, nearestFirst } from './nearest.ts';
import { faultAt, kindOf, type Span, shown, type Text } from './text.ts';
import type { Tree } from './tree.ts';

/** What a document says that it is. `kind` is absent when that cannot even be guessed; then nothing more can be checked. */
export type Head =
  | { readonly ours: false; readonly apiVersion: string; readonly kind: string }
  | { readonly ours: true; readonly kind?: DocumentKind; readonly faults: readonly Fault[] };

/**
 * Whose a document is, and which kind.
 *
 *     apiVersion            kind      outcome
 *     another group         any       not ours
 *     nearly our group      any       ours, unknown-version: a typo protects nobody
 *     our group, version    a kind    ours
 *     our group, version    another   ours, unknown-kind; read on as the nearest kind
 *     our group, another    any       ours, unknown-version; read on
 *     absent, or no text    any       ours, missing-field or wrong-type; read on
 */
export function readHead(text: Text, tree: Tree): Head {
  const { value } = tree;
  const whole = tree.places.get('') ?? { start: 0, end: 0 };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const fix = `begin with apiVersion: ${API_VERSION}`;
    return {
      ours: true,
      faults: [faultAt(text, whole, 'document/not-a-mapping', `a document is a mapping, this is ${kindOf(value)}`, fix)],
    };
  }
  const { apiVersion, kind } = value as Record<string, unknown>;
  if (typeof apiVersion === 'string' && isForeign(apiVersion)) {
    return { ours: false, apiVersion, kind: typeof kind === 'string' ? kind : '' };
  }
  const faults: Fault[] = [];
  if (!tree.partial.has('') || apiVersion !== undefined) faults.push(...versionFaults(text, tree, whole, apiVersion));
  if (isKind(kind)) return { ours: true, kind, faults };
  if (!tree.partial.has('') || kind !== undefined) faults.push(kindFault(text, tree, whole, kind));
  const near = typeof kind === 'string' ? nearest(kind, DOCUMENT_KINDS) : undefined;
  return { ours: true, faults, ...(isKind(near) ? { kind: near } : {}) };
}

function versionFaults(text: Text, tree: Tree, whole: Span, apiVersion: unknown): Fault[] {
  const fix = `write apiVersion: ${API_VERSION}`;
  const at = tree.places.get('/apiVersion') ?? whole;
  if (apiVersion === API_VERSION) return [];
  if (apiVersion === undefined) return [missing(text, whole, 'apiVersion', `add apiVersion: ${API_VERSION}`)];
  if (typeof apiVersion !== 'string') return [faultAt(text, at, 'document/wrong-type', `apiVersion is ${kindOf(apiVersion)}`, fix)];
  return [faultAt(text, at, 'document/unknown-version', `${shown(apiVersion)} is not a version that is read here`, fix)];
}

function kindFault(text: Text, tree: Tree, whole: Span, kind: unknown): Fault {
  const at = tree.places.get('/kind') ?? whole;
  if (kind === undefined) return missing(text, whole, 'kind', `add kind: ${either(DOCUMENT_KINDS)}`);
  if (typeof kind !== 'string')
    return faultAt(text, at, 'document/wrong-type', `kind is ${kindOf(kind)}`, `write ${either(DOCUMENT_KINDS)}`);
  return faultAt(text, at, 'document/unknown-kind', `${shown(kind)} is not a kind`, `write ${either(nearestFirst(kind, DOCUMENT_KINDS))}`);
}

function missing(text: Text, whole: Span, name: string, fix: string): Fault {
  return faultAt(text, { start: whole.start, end: whole.start }, 'document/missing-field', `${name} is missing`, fix);
}

function isForeign(apiVersion: string): boolean {
  const group = apiVersion.split('/', 1)[0] ?? '';
  return group !== API_GROUP && nearest(group, [API_GROUP]) === undefined;
}

function isKind(kind: unknown): kind is DocumentKind {
  return (DOCUMENT_KINDS as readonly unknown[]).includes(kind);
}
