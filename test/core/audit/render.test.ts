import { expect, test } from 'vitest';
import { auditListJson, chainsJson, renderAuditList, renderChains } from '../../../src/core/audit/render.ts';
import type { ChainFinding } from '../../../src/core/audit/verify.ts';
import { plainStyle } from '../../../src/core/layout/style.ts';
import { widthOf } from '../../../src/core/layout/width.ts';
import { type AuditWords, type ListedEntry, wordsHash } from '../../../src/core/model/audit.ts';
import { canonical } from '../../../src/core/model/canonical.ts';
import type { Json } from '../../../src/core/model/words.ts';

const AT = Date.UTC(2026, 10, 25, 8);
const golden = (name: string) => `${import.meta.dirname}/../../golden/audit/${name}`;
const reason: AuditWords = { pointer: '/reason', salt: 's', value: '"lost phone,\\u001b[31m called back"' };

function entry(seq: number, act: string, target: string, detail: Json, some: Partial<ListedEntry> = {}): ListedEntry {
  const body = canonical({ account: 'northwind', seq, at: AT, identity: 1, act, target, detail });
  const row = { channel: 'cli', subject: 'ops', userId: 1 } as const;
  const said = { account: 'northwind', seq, at: AT, identity: 1, act, body, previous: '', hash: 'a'.repeat(64), words: [], row };
  return { ...said, ...row, address: 'admin.dana@northwind.example', ...some };
}

const ENTRIES = [
  entry(
    9,
    'reset.executed',
    'NW-4720',
    { requestId: 'NW-4720', outcome: 'Executed', user: 22, reason: { sha256: wordsHash(reason) } },
    { words: [reason] },
  ),
  entry(8, 'reset.refused', 'a-request-with-a-name-as-long-as-requests-may-be-which-is-63-xx', {
    outcome: 'Refused',
    user: 14,
    reason: { sha256: 'f' },
  }),
  entry(7, 'person.erase', '31', { user: 31, erased: [] }, { subject: 'erased-4', userId: 31, address: null }),
  entry(
    1,
    'directory.import',
    'northwind',
    { bootstrap: true, overridden: ['overridden by lay-offs: sold'] },
    { userId: null, address: null, subject: 'admin.dana@northwind.example' },
  ),
];

const chain = (some: Partial<ChainFinding>): ChainFinding => {
  const head = { account: 'northwind', seq: 812, hash: '3f9c1b7d0a54'.padEnd(64, '0') };
  return { account: 'northwind', entries: 812, erased: 0, head, known: head, broken: null, ...some };
};
const CHAINS = [
  chain({}),
  chain({ account: 'contoso', known: null, erased: 2 }),
  chain({ account: 'fabrikam', known: { account: 'fabrikam', seq: 810, hash: 'b' } }),
  chain({ account: 'tailspin', entries: 3, broken: { account: 'tailspin', seq: 4, what: 'missing', why: 'entry 5 follows entry 3' } }),
];

test('golden texts at 80 columns', async () => {
  const lines = [...renderAuditList(ENTRIES, 812, { width: 80, style: plainStyle })];
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(golden('list-80.txt'));
  const chains = [...renderChains(CHAINS, { width: 80, style: plainStyle })];
  await expect(`${chains.join('\n')}\n`).toMatchFileSnapshot(golden('verify-80.txt'));
  for (const line of [...lines, ...chains]) expect(widthOf(line), line).toBeLessThanOrEqual(80);
  expect(lines.join('')).not.toContain('\u001b');
});

test('for programs', async () => {
  const json = { list: auditListJson(ENTRIES, 812), verify: chainsJson(CHAINS) };
  await expect(`${JSON.stringify(json, null, 2)}\n`).toMatchFileSnapshot(golden('audit.json'));
});

test('nothing to show says so', () => {
  expect([...renderAuditList([], 0, { width: 80, style: plainStyle })]).toEqual(['no entry']);
  expect([...renderChains([], { width: 80, style: plainStyle })]).toEqual(['no account']);
});
