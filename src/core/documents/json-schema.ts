import type { Json, JsonObject } from '../model/words.ts';
import { DOCUMENT_KINDS } from '../model/words.ts';
import { API_VERSION } from './group.ts';
import { SCHEMAS } from './schema.ts';

/**
 * The published JSON Schema (draft 07, which every editor reads): `kind` selects what the rest must be.
 * By if and then, not oneOf, so that an editor speaks of the kind that was written instead of all of them.
 */
export function publishedSchema(): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'https://padlock.dev/padlock.schema.json',
    title: 'Padlock documents',
    description: `Documents of ${API_VERSION}: MFA requirements, exemptions, resets, reports and overrides.`,
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    properties: {
      apiVersion: { const: API_VERSION, description: 'The version of the schema.' },
      kind: { enum: [...DOCUMENT_KINDS], description: 'The kind of document.' },
    },
    allOf: DOCUMENT_KINDS.map((kind) => ({
      if: { required: ['kind'], properties: { kind: { const: kind } } },
      // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
      then: published(SCHEMAS[kind]),
    })),
  };
}

/** A schema as JSON, without the words that are for our own faults. */
function published(schema: object): Json {
  return JSON.parse(JSON.stringify(schema, (key, value: unknown) => (key === 'x-word' ? undefined : value))) as Json;
}
