import { maskOf } from '../../../../src/core/model/demand.ts';
import type { BreakGlassPerson, JudgedMembership, PeopleCount } from '../../../../src/core/model/findings.ts';
import { judgeBreakGlass } from '../../../../src/core/report/break-glass.ts';
import type { Comparison, Moves } from '../../../../src/core/report/comparison.ts';
import type { ReportHead } from '../../../../src/core/report/head.ts';
import { reportHtml } from '../../../../src/core/report/html/report.ts';
import type { ReportMaterial } from '../../../../src/core/report/material.ts';
import type { History, PreviousReport } from '../../../../src/core/report/previous.ts';
import { summarize } from '../../../../src/core/report/summary.ts';
import { COUNTS, count, facts, gather, HELD, member, NOW, reset, SCOPES } from '../northwind.ts';

/** A report with something in every section, for the pages that are looked at. */

const DAY = 86_400_000;
const at = (text: string) => Date.parse(text);

/** What an attacker would be called. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><h1>owned</h1>',
  '</title></table></main>',
  '&lt;b&gt; & {{x}} %s',
  'a\u202Ereversed\u2066',
  '=HYPERLINK("http://x")',
  'x'.repeat(300),
];

const summary = summarize(SCOPES, COUNTS, HELD);
const protectedBefore = [12, 14, 14, 17, 18, 20];

/** The run of so many weeks ago. */
function previous(weeks: number): PreviousReport {
  const enrolled = protectedBefore[6 - weeks] ?? 0;
  const before = summarize(
    SCOPES.filter(({ scope }) => scope !== 'northwind/garage'),
    [
      count('northwind', 'enrolled', enrolled),
      count('northwind', 'past-deadline', weeks === 3 ? 0 : 4),
      count('northwind', weeks === 3 ? 'cannot-tell' : 'within-grace', 35 - enrolled - (weeks === 3 ? 0 : 4)),
      count('northwind/bakery', 'turned-off', 12),
      count('northwind/clinic', 'enrolled', 6),
      count('northwind/clinic', 'report-only', 4),
    ],
    new Map([...HELD].filter(([scope]) => scope !== 'northwind/garage')),
  );
  const { compliant, total, scopes } = before;
  const generatedAt = NOW - weeks * 7 * DAY;
  const file = `padlock-${new Date(generatedAt).toISOString().slice(0, 19).replaceAll(':', '')}Z.json`;
  return {
    file,
    proven: true,
    generatedAt,
    account: null,
    version: '0.1.0',
    compliant,
    total,
    scopes: new Map(scopes.map((s) => [s.facts.scope, s])),
  };
}

const moves = (some: Partial<Moves>): Moves => ({ newlyEnrolled: 0, newlyOpen: 0, newlyOverdue: 0, joined: 0, gone: 0, ...some });

const HISTORY: History = {
  previous: previous(1),
  runs: [6, 5, 4, 3, 2, 1].map(previous),
  faults: [{ file: 'padlock-2026-09-01T070000Z.json', why: 'it is cut off: 17 of 62 people' }],
};

/** What changed since a week ago. */
export const COMPARISON: Comparison = {
  previous: previous(1),
  scopes: new Map([
    ['northwind', moves({ newlyEnrolled: 3, newlyOpen: 2, newlyOverdue: 1, joined: 1, gone: 2 })],
    ['northwind/bakery', moves({})],
  ]),
  total: moves({ newlyEnrolled: 3, newlyOpen: 2, newlyOverdue: 1, joined: 1, gone: 2 }),
};

const glass = (some: Partial<BreakGlassPerson>): BreakGlassPerson => ({
  userId: 900,
  externalId: '900',
  address: 'breakglass@northwind.example',
  name: 'Break Glass',
  enabled: true,
  localPassword: true,
  kinds: maskOf(['passkey']),
  lastSignIn: NOW - 120 * DAY,
  ...some,
});

const declared = (called: string, person: BreakGlassPerson | null) => ({ account: 'northwind', called, document: 'northwind', person });

const PEOPLE: readonly PeopleCount[] = [{ account: 'northwind', held: 60, considered: 60 }];

/** Everything but the people; what is given instead. */
export function headOf(some: Partial<ReportHead> = {}): ReportHead {
  return {
    generatedAt: NOW,
    version: '0.1.0',
    account: null,
    people: PEOPLE,
    summary,
    since: NOW - 90 * DAY,
    resets: [
      reset({ approvedBy: 'dana@northwind.example' }),
      reset({
        outcome: 'AwaitingApproval',
        executedAt: null,
        requestId: 'lost-phone-18',
        address: 'ben@northwind.example',
        reason: 'new phone',
      }),
      reset({ outcome: 'NoSuchUser', userId: null, address: null, executedAt: null, requestId: 'lost-phone-19' }),
    ],
    exemptions: [
      {
        account: 'northwind',
        document: 'field-work',
        reason: 'on a site without phones',
        ticket: 'NW-4711',
        by: { channel: 'cli', subject: 'ops' },
        at: at('2026-11-02T09:30:00Z'),
      },
    ],
    breakGlass: judgeBreakGlass(
      [
        declared('breakglass@northwind.example', glass({})),
        declared(
          'spare@northwind.example',
          glass({ address: 'spare@northwind.example', name: 'Spare', enabled: false, localPassword: false, kinds: 0 }),
        ),
        declared('vault@northwind.example', glass({ address: 'vault@northwind.example', name: null, lastSignIn: NOW - DAY })),
        declared('gone@northwind.example', null),
      ],
      NOW - 7 * DAY,
    ),
    history: HISTORY,
    signedBy: '4e12f3fd5ad03693d18fb45e8cff32f3',
    files: { csv: 'padlock-2026-11-20T080000Z.csv', json: 'padlock-2026-11-20T080000Z.json', html: 'padlock-2026-11-20T080000Z.html' },
    ...some,
  };
}

const NAMES = ['Ada Moreau', 'Ben Okafor', 'Cyril Dubois', 'Doris Klein', 'Emil Hansen'] as const;
const address = (name: string) => `${name.split(' ')[0]?.toLowerCase() ?? ''}@northwind.example`;

/** The people who are named: as many as the figures say. */
export const NAMED: readonly JudgedMembership[] = [
  ...NAMES.map((name, i) =>
    member('northwind', name, 'past-deadline', {
      name,
      address: address(name),
      deadline: at('2026-11-01T00:00:00Z'),
      lastSignIn: i === 2 ? null : NOW - (i + 3) * DAY,
      reenabled: i === 1 ? at('2026-11-17T10:00:00Z') : null,
    }),
  ),
  ...['Gus Meyer', 'Hana Sato', 'Iván Horvát'].map((name) =>
    member('northwind', name, 'within-grace', { name, address: address(name), role: 'Lite', deadline: at('2026-12-01T00:00:00Z') }),
  ),
  ...['Wade Collins', 'Xenia Roth'].map((name) =>
    member('northwind', name, 'exempted', {
      name,
      address: address(name),
      exemption: 'field-work',
      exemptFrom: at('2026-11-02T09:30:00Z'),
      exemptUntil: at('2027-02-01T00:00:00Z'),
    }),
  ),
  ...['Meg Doyle', 'Ned Flynn', 'Oona Reid', '山田 太郎'].map((name) =>
    member('northwind/clinic', name, 'report-only', { name, address: address(name) }),
  ),
  ...['Pia Lund', 'Quinn Abel', 'Rosa Diaz'].map((name) =>
    member('northwind/garage', name, 'past-deadline', { name, address: address(name) }),
  ),
  member('northwind/garage', 'sam', 'cannot-tell'),
];

/** What a page is made of, over these rows. */
export function materialOf(
  head: ReportHead,
  rows: readonly JudgedMembership[] = NAMED,
  comparison: Comparison | null = COMPARISON,
): ReportMaterial {
  return { head, expected: rows.length, everyone: () => rows, named: () => rows, comparison: async () => comparison };
}

/** A whole page as one text. */
export async function pageOf(material: ReportMaterial): Promise<string> {
  return (await gather(reportHtml(material))).join('');
}

/** The page whose every name, title and reason is hostile. */
export function hostilePage(): Promise<string> {
  const scopes = SCOPES.map((scope, i) => ({ ...scope, title: HOSTILE[i] ?? '', place: HOSTILE[i + 1] ?? '', document: HOSTILE[i] ?? '' }));
  const some = [0, 5, 8, 14].flatMap((i) => NAMED[i] ?? []);
  const rows = HOSTILE.flatMap((text) => some.map((row) => ({ ...row, name: text, address: text, externalId: text, exemption: text })));
  const named = summarize(scopes, COUNTS, HELD);
  const base = headOf();
  const head = headOf({
    summary: named,
    version: HOSTILE[1] ?? '',
    people: HOSTILE.map((account) => ({ account, held: 1, considered: 1 })),
    resets: HOSTILE.map((text) => reset({ address: text, reason: text, requestId: text, requestedBy: { channel: 'cli', subject: text } })),
    exemptions: HOSTILE.map((text) => ({
      account: 'northwind',
      document: text,
      reason: text,
      ticket: text,
      by: { channel: 'cli', subject: text },
      at: NOW,
    })),
    breakGlass: base.breakGlass.map((user) => ({ ...user, called: HOSTILE[0] ?? '', document: HOSTILE[1] ?? '' })),
    history: { ...HISTORY, faults: HOSTILE.map((text) => ({ file: text, why: text })) },
    signedBy: HOSTILE[0] ?? '',
    files: { csv: HOSTILE[0] ?? '', html: HOSTILE[1] ?? '' },
  });
  return pageOf(materialOf(head, rows));
}

/** A scope alone, where everything is as it should be. */
export function quietPage(): Promise<string> {
  const scopes = [facts('northwind', { title: 'Northwind IT' })];
  const quiet = summarize(scopes, [count('northwind', 'enrolled', 12)], new Map([['northwind', 12]]));
  const history: History = { previous: null, runs: [], faults: [] };
  const head = headOf({
    summary: quiet,
    resets: [],
    exemptions: [],
    breakGlass: [],
    history,
    signedBy: null,
    files: { html: 'report.html' },
  });
  return pageOf(materialOf(head, [], null));
}
