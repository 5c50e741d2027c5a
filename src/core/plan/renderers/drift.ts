import { formatInstant } from '../../documents/values.ts';
import { counted, flow, NARROWEST } from '../../layout/flow.ts';
import type { Style } from '../../layout/style.ts';
import { printable } from '../../layout/width.ts';
import { scopeOf } from '../../model/scope.ts';
import type { Json, JsonObject } from '../../model/words.ts';
import type { Drift, DriftFinding, DriftKind } from '../drift.ts';
import { wasAndIs } from './edits.ts';
import { BINDS, UNBOUND } from './told.ts';

const INDENT = 4;

/** What a kind of difference means, and whether a plan of the same documents mends it. */
const WORDS: Readonly<Record<DriftKind, string>> = {
  'by-hand': 'changed by hand',
  unbound: `names somebody who ${UNBOUND}: ${BINDS}`,
  held: "not what its account's default says: held by a guard, or changed by hand",
  undeclared: 'in force, and no document in force declares it',
  orphan: 'document gone, requirement kept',
  ending: 'document gone, the next apply lets it go',
  unapplied: 'declared, not in force',
  elsewhere: 'not so at the enforcer',
  door: 'not as it must be at the enforcer, to be mended there',
};

/** What the other side of a difference is called; else it was so. */
const SHOULD_BE: Readonly<Partial<Record<DriftKind, string>>> = { unapplied: 'declared', elsewhere: 'in force', door: 'must be' };

/** Drift as people read it: one thing a headline, beneath it each field, what it was and is. Lines without line feeds. */
export function* renderDriftText(drift: Drift, options: { readonly width: number; readonly style: Style }): Generator<string> {
  const width = Math.max(options.width, NARROWEST);
  const { style } = options;
  for (const finding of drift.findings) {
    const place = finding.place === '' ? [] : [style.dim(printable(finding.place))];
    yield* flow([`${sign(finding.kind)} ${nameOf(finding)}`, WORDS[finding.kind], ...place], ' · ', { width, indent: 0, hang: 2 }).map(
      (line, i) => (i === 0 ? style.yellow(line) : line),
    );
    for (const { field, was, is } of finding.fields) {
      for (const phrase of wasAndIs(field, said(was), said(is), SHOULD_BE[finding.kind] ?? 'was'))
        yield* flow(phrase.split(' '), ' ', { width, indent: INDENT, hang: INDENT + 2 });
    }
  }
  yield* flow(lastLine(drift), ' · ', { width, indent: 0, hang: 2 });
}

/** The same for programs. */
export function driftJson({ now, findings, scopes, documents, declared }: Drift): JsonObject {
  return {
    now: formatInstant(now),
    scopes,
    documents,
    declaredCompared: declared,
    findings: findings.map(({ kind, of, name, fields, place }) => ({
      kind,
      of,
      name,
      place,
      fields: fields.map(({ field, was, is }) => ({ field, was: was ?? null, is: is ?? null })),
    })),
  };
}

/** A list that names nothing is said, not left out. */
function said(value: Json | undefined): Json | undefined {
  return Array.isArray(value) && value.length === 0 ? 'nothing' : value;
}

function sign(kind: DriftKind): string {
  return kind === 'by-hand' || kind === 'undeclared' ? '✗' : '!';
}

function nameOf({ of, name }: DriftFinding): string {
  if (of !== 'scope' && of !== 'policy') return `${of} ${printable(name)}`;
  const { account, myGlueAccount } = scopeOf(name);
  return myGlueAccount === undefined ? `account ${printable(account)}` : `myglue ${printable(myGlueAccount)} of ${printable(account)}`;
}

/** An orphan is kept, and an exemption binds by an edit alone: no plan of the same documents mends those, nor what is not so elsewhere. */
const UNMENDED: ReadonlySet<DriftKind> = new Set(['orphan', 'unbound', 'elsewhere', 'door']);

function lastLine({ findings, scopes, documents, declared }: Drift): string[] {
  const looked = [`${counted(scopes, 'scope', 'scopes')} in force`, `${counted(documents, 'document', 'documents')} applied`];
  const compared = declared ? [] : ['no declared documents compared'];
  if (findings.length === 0) return ['no drift', ...looked, ...compared];
  const mend = findings.some((f) => !UNMENDED.has(f.kind)) ? ['padlock plan shows what mends it, padlock apply does it'] : [];
  const push = findings.some((f) => f.kind === 'elsewhere') ? ['padlock apply carries to the enforcer what is in force'] : [];
  return [`drift: ${counted(findings.length, 'thing', 'things')}`, ...looked, ...compared, ...mend, ...push];
}
