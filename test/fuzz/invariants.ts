import { API_VERSION } from '../../src/core/documents/group.ts';
import { type Reading, readDocuments } from '../../src/core/documents/read.ts';
import { canonical } from '../../src/core/model/canonical.ts';
import { ERROR_CODES } from '../../src/core/model/errors.ts';
import type { Json } from '../../src/core/model/words.ts';

/**
 * Reads one text and checks what holds of any: it ends without throwing, every fault has a code of the closed union and stands
 * inside the text, nothing in it can steer a terminal, right and wrong documents add up, and a document that was accepted is
 * the same when it is read from its canonical form. Throws what does not hold.
 */
export function readAndCheck(text: string | Uint8Array): Reading {
  const reading = readDocuments([{ file: 'a.yaml', text }]);
  const lines = (typeof text === 'string' ? text : new TextDecoder().decode(text)).replace(/^\ufeff/, '').split('\n');
  for (const fault of reading.faults) {
    const { code, message, fix = '', line, column, text: quoted = '' } = fault;
    const isInside = line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1] ?? '').length + 1;
    if (!isInside) throw new Error(`outside of the text: ${JSON.stringify(fault)}`);
    if (!(code in ERROR_CODES)) throw new Error(`no code of ours: ${JSON.stringify(fault)}`);
    if (message === '' || quoted.length > 80 || /undefined|\[object|NaN/.test(message))
      throw new Error(`badly told: ${JSON.stringify(fault)}`);
    if (/\p{C}/u.test(message + fix + quoted)) throw new Error(`steers a terminal: ${JSON.stringify(fault)}`);
  }
  const { documents, count, faults } = reading;
  if (documents.length > count || (faults.length === 0 && documents.length !== count)) throw new Error('a document is lost');
  for (const document of documents) checkCanonical(document);
  return reading;
}

function checkCanonical({ kind, metadata, spec }: Reading['documents'][number]): void {
  const text = canonical({ apiVersion: API_VERSION, kind, metadata, spec } as unknown as Json);
  const [again, ...others] = readDocuments([{ file: 'again.json', text }]).documents;
  const same =
    again !== undefined &&
    canonical({ apiVersion: API_VERSION, kind: again.kind, metadata: again.metadata, spec: again.spec } as unknown as Json) === text;
  if (!same || others.length > 0) throw new Error(`another document in its canonical form: ${text}`);
}
