import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readDocuments } from '../../src/core/documents/read.ts';
import { rendered } from '../core/documents/reading.ts';

test('what people read of the commonest slips', async () => {
  const text = await readFile(new URL('faults.yaml', import.meta.url), 'utf8');
  const { faults } = readDocuments([{ file: 'faults.yaml', text }]);
  await expect(`${faults.map(rendered).join('\n')}\n`).toMatchFileSnapshot('faults.txt');
});
