/**
 * Breaks every rule of the requirement on purpose, one at a time in a copy of the sources, and runs the property test against it:
 * `node scripts/mutate-requirement.ts [NAME]`. Prints `killed` or `survived` by name; ends with 1 when one survived.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const SQL = 'src/adapters/store/requirement-sql.ts';
const JUDGE = 'src/core/policy/requirement.ts';
const DEADLINE = 'src/core/policy/deadline.ts';
const IMPACT = 'src/adapters/store/reading/impact.ts';
const LISTS = 'src/adapters/store/reading/lists.ts';
const PROPERTY = 'test/adapters/store/requirement-property.test.ts';

type Mutation = readonly [name: string, file: string, from: string, to: string];

/** One a CASE branch of the SQL, a line of `judge`, a piece of the deadline, and an edge. `from` occurs exactly once. */
const MUTATIONS: readonly Mutation[] = [
  // The CASE of the SQL, branch by branch.
  ['sql: disabled', SQL, 'm.active = 0', 'm.active = 2'],
  ['sql: no-policy', SQL, `when \${column(terms, 'scope_id')} is null then`, `when 1 = 0 then`],
  ['sql: turned-off', SQL, `\${column(terms, 'require_mfa')} = 0`, '1 = 0'],
  ['sql: role-not-listed', SQL, `\${allowedSql(terms)} = 0 then`, '1 = 0 then'],
  ['sql: enrolled', SQL, `m.kinds & \${allowedSql(terms)} <> 0`, '1 = 0'],
  ['sql: enrolled by any kind', SQL, `m.kinds & \${allowedSql(terms)} <> 0`, 'm.kinds <> 0'],
  ['sql: proven-upstream', SQL, `when \${provenSql(side.trusts, now)} then`, 'when 1 = 0 then'],
  ['sql: cannot-tell', SQL, 'm.kinds is null then', '1 = 0 then'],
  ['sql: exempted', SQL, 'is not null then', 'is not null and 1 = 0 then'],
  ['sql: report-only', SQL, `\${column(terms, 'report_only')} = 1`, '1 = 0'],
  ['sql: within-grace', SQL, `\${deadlineSql(engine, side)} > \${now} then`, '1 = 0 then'],
  ['sql: past-deadline', SQL, `else \${is('past-deadline')}`, `else \${is('within-grace')}`],
  ['sql: deadline reached one moment late', SQL, `\${deadlineSql(engine, side)} > \${now}`, `\${deadlineSql(engine, side)} >= \${now}`],
  // The pieces of its deadline, windows and proofs.
  ['sql: latest row counts', SQL, 'min(o.since)', 'max(o.since)'],
  ['sql: rows of every scope', SQL, 'where o.scope_id = m.scope_id and', 'where'],
  ['sql: every row asks', SQL, `\${asked} <> 0 and (\${asked} & m.kinds) = 0`, '1 = 1'],
  ['sql: asks roles not listed', SQL, `\${asked} <> 0 and (\${asked}`, `(\${asked}`],
  ['sql: asks whoever has a kind', SQL, `\${asked} <> 0 and (\${asked} & m.kinds) = 0`, `\${asked} <> 0`],
  ['sql: enforceFrom left out', SQL, `coalesce(\${column(side.terms, 'enforce_from')}, m.joined_at)`, 'm.joined_at'],
  ['sql: joined left out', SQL, 'engine.greatest([from, sql`m.joined_at`, since])', 'engine.greatest([from, since])'],
  ['sql: since left out', SQL, 'sql`m.joined_at`, since])', 'sql`m.joined_at`])'],
  ['sql: grace left out', SQL, `\${column(side.terms, 'grace')})`, '0)'],
  ['sql: the obligation that is added left out', SQL, 'side.adds ?', 'false ?'],
  [
    'sql: the obligation that is added counts only where none is stored',
    SQL,
    `coalesce(\${added}, \${sql.lit(NEVER)})`,
    `\${sql.lit(NEVER)}`,
  ],
  ['sql: the obligation that is added counts only where one is stored', SQL, `)}, \${added})\` : stored`, `)}, null)\` : stored`],
  ['sql: the obligation that is added asks everyone', SQL, `when \${asksSql(column(side.terms, 'new_demand'))} then`, 'when 1 = 1 then'],
  ['sql: exemption begins one moment late', SQL, 'e.starts_at <= ', 'e.starts_at < '],
  ['sql: exemption ends one moment late', SQL, 'e.expires_at > ', 'e.expires_at >= '],
  ['sql: exemption that ends first', SQL, 'max(e.expires_at)', 'min(e.expires_at)'],
  ['sql: exemptions of everyone', SQL, 'e.user_id = m.user_id and', ''],
  ['sql: proof by another claim', SQL, 'and x.claim = p.claim', ''],
  ['sql: proof of another provider', SQL, 'x.provider = p.provider and', ''],
  ['sql: proof of another value', SQL, 'and x.value = p.value', ''],
  ['sql: proof beside a local password', SQL, 'and pu.local_password = 0', ''],
  ['sql: proof trusted by another scope', SQL, 'x.scope_id = m.scope_id and', ''],
  ['sql: proof of another person', SQL, 'where p.user_id = m.user_id and', 'where'],
  ['sql: proof from the future', SQL, `p.at <= \${now} and`, ''],
  ['sql: proof of now refused', SQL, 'p.at <= ', 'p.at < '],
  ['sql: proof too old by a moment', SQL, 'x.max_age > ', 'x.max_age >= '],
  // The lines of judge.
  ['judge: disabled', JUDGE, 'if (!standing.enabled)', 'if (false)'],
  ['judge: turned-off', JUDGE, 'if (!terms.requireMfa)', 'if (false)'],
  ['judge: role-not-listed', JUDGE, 'if (allowed === 0)', 'if (false)'],
  ['judge: enrolled', JUDGE, 'if (((standing.kinds ?? 0) & allowed) !== 0)', 'if (false)'],
  ['judge: enrolled by any kind', JUDGE, '((standing.kinds ?? 0) & allowed) !== 0', '(standing.kinds ?? 0) !== 0'],
  ['judge: proven-upstream', JUDGE, 'if (provenUpstream(standing.proofs, terms.trust, now))', 'if (false)'],
  ['judge: cannot-tell', JUDGE, "if (standing.kinds === null) return answer('cannot-tell', terms);", 'const kinds = standing.kinds ?? 0;'],
  ['judge: exempted', JUDGE, 'if (exemption !== undefined)', 'if (exemption !== undefined && now < 0)'],
  ['judge: report-only', JUDGE, 'if (terms.reportOnly)', 'if (false)'],
  ['judge: within-grace', JUDGE, 'deadline !== null && now < deadline', 'false'],
  ['judge: deadline reached one moment late', JUDGE, 'now < deadline ?', 'now <= deadline ?'],
  ['judge: no row postpones', JUDGE, 'deadline !== null && now < deadline', 'deadline === null || now < deadline'],
  ['judge: proof from the future', JUDGE, 'proof.at <= now && ', ''],
  ['judge: proof of now refused', JUDGE, 'proof.at <= now', 'proof.at < now'],
  ['judge: proof too old by a moment', JUDGE, 'now < proof.at + t.maxAge', 'now <= proof.at + t.maxAge'],
  ['judge: proof of another provider', JUDGE, 't.provider === proof.provider && ', ''],
  ['judge: proof by another claim', JUDGE, 't.claim === proof.claim && ', ''],
  ['judge: proof of another value', JUDGE, 't.value === proof.value && ', ''],
  ['judge: exemption begins one moment late', JUDGE, 'now < window.startsAt', 'now <= window.startsAt'],
  ['judge: exemption ends one moment late', JUDGE, 'now >= window.expiresAt', 'now > window.expiresAt'],
  ['judge: exemption that ends first', JUDGE, 'window.expiresAt > last.expiresAt', 'window.expiresAt < last.expiresAt'],
  ['judge: exemptions at a tie', JUDGE, 'window.document < last.document', 'window.document > last.document'],
  // The pieces of the deadline.
  ['deadline: latest row counts', DEADLINE, 'row.since < earliest', 'row.since > earliest'],
  ['deadline: asks roles not listed', DEADLINE, 'asked === 0 || (asked & kinds) !== 0', '(asked & kinds) !== 0'],
  ['deadline: asks whoever has a kind', DEADLINE, 'asked === 0 || (asked & kinds) !== 0', 'asked === 0'],
  ['deadline: no row postpones', DEADLINE, 'if (since === null) return null;', 'if (since === null) return joined + terms.grace;'],
  ['deadline: enforceFrom left out', DEADLINE, 'terms.enforceFrom ?? since', 'since'],
  ['deadline: since left out', DEADLINE, 'terms.enforceFrom ?? since, since, joined', 'terms.enforceFrom ?? joined, joined'],
  ['deadline: joined left out', DEADLINE, 'since, joined)', 'since)'],
  ['deadline: grace left out', DEADLINE, ' + terms.grace', ''],
  ['rows: ReportOnly obliges', DEADLINE, '|| terms.reportOnly', ''],
  ['rows: off obliges', DEADLINE, '!terms.requireMfa || ', ''],
  ['rows: a narrower demand says nothing new', DEADLINE, '(earlier & ~asked) === 0', '(asked & ~earlier) === 0'],
  ['rows: any earlier row covers a role', DEADLINE, 'earlier !== 0 && (earlier', '(earlier'],
  // What lists and impact put in the place of rules.
  ['lists: ended memberships', LISTS, 'where m.scope_id = s.id and m.ended_at is null and', 'where m.scope_id = s.id and'],
  [
    'lists: deadline of every reason',
    LISTS,
    "reason === 'within-grace' || reason === 'past-deadline' ? row.deadline : null",
    'row.deadline',
  ],
  ['impact: before judged by the terms after', IMPACT, "terms: 'b', trusts: 'b_trusts'", "terms: 'a', trusts: 'b_trusts'"],
  ['impact: after judged by the trusts before', IMPACT, "trusts: 'a_trusts'", "trusts: 'b_trusts'"],
  ['impact: after judged by the exemptions before', IMPACT, "exemptions: 'a_exemptions'", "exemptions: 'exemption_users'"],
  ['impact: no obligation added', IMPACT, 'adds: true', 'adds: false'],
  ['impact: exemptions of every channel give way', IMPACT, `e.channel = \${channel} and e.document`, 'e.document'],
  ['impact: overdue before is newly overdue', IMPACT, `(j.after = \${overdue} and j.before <> \${overdue})`, `j.after = \${overdue}`],
];

/** Copies what the property needs into a folder of its own; the packages are linked. */
function copyOf(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'padlock-mutants-'));
  for (const path of ['src', 'test/adapters/store', 'test/contract', 'test/servers', 'package.json', 'tsconfig.json', 'vitest.config.ts'])
    cpSync(join(root, path), join(copy, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Whether the property holds in the copy. */
function holds(copy: string): boolean {
  const vitest = join(copy, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, TEST_CASES: process.env['TEST_CASES'] ?? '28000' };
  const timeout = 120_000;
  return spawnSync(process.execPath, [vitest, 'run', '--project', 'padlock', PROPERTY], { cwd: copy, env, timeout }).status === 0;
}

function survives(copy: string, [name, file, from, to]: Mutation): boolean {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new RangeError(`${name}: "${from}" does not occur exactly once in ${file}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  try {
    return holds(copy);
  } finally {
    writeFileSync(path, text);
  }
}

const [only] = process.argv.slice(2);
const copy = copyOf(resolve(import.meta.dirname, '..'));
try {
  if (!holds(copy)) throw new RangeError('the property fails without any mutation');
  for (const mutation of MUTATIONS.filter(([name]) => only === undefined || name === only)) {
    const survived = survives(copy, mutation);
    if (survived) process.exitCode = 1;
    process.stdout.write(`${survived ? 'survived' : 'killed  '} ${mutation[0]}\n`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
