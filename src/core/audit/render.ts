import { formatInstant } from '../documents/values.ts';
import { counted, flow, NARROWEST } from '../layout/flow.ts';
import type { Style } from '../layout/style.ts';
import { printable } from '../layout/width.ts';
import type { AuditBody, ListedEntry } from '../model/audit.ts';
import type { Json, JsonObject } from '../model/words.ts';
import { detailOf } from './detail.ts';
import type { ChainFinding } from './verify.ts';

/** How to lay out and paint. */
interface Options {
  readonly width: number;
  readonly style: Style;
}

const INDENT = 4;
/** Digits of a hash that people compare by eye. */
const DIGITS = 12;

/**
 * Entries as people read them, newest first: when, what and which; beneath, who, through which channel, and why. Lines without
 * line feeds, at most `width` columns wide (at least 40).
 */
export function* renderAuditList(entries: readonly ListedEntry[], count: number, options: Options): Generator<string> {
  const width = Math.max(options.width, NARROWEST);
  const { style } = options;
  for (const entry of entries) {
    const { target } = JSON.parse(entry.body) as AuditBody;
    const head = [formatInstant(entry.at), entry.act, printable(target)];
    const [first = '', ...rest] = flow(head, ' · ', { width, indent: 0, hang: INDENT });
    yield style.bold(first);
    yield* rest;
    yield* flow(partsOf(entry), ' · ', { width, indent: INDENT, hang: INDENT + 2 });
  }
  if (count === 0) yield 'no entry';
  else if (entries.length < count) yield `${entries.length} of ${count} entries, newest first (--limit all)`;
  else yield `${counted(count, 'entry', 'entries')}, newest first`;
}

function partsOf(entry: ListedEntry): string[] {
  const detail = detailOf(entry);
  const words = detail !== null && typeof detail === 'object' && !Array.isArray(detail) ? (detail as JsonObject) : {};
  const { reason, user, outcome, overridden, firstExecutedAt } = words;
  return [
    `by ${printable(actorOf(entry))}`,
    `${entry.account} #${entry.seq}`,
    ...(typeof user === 'number' ? [`about user ${user}`] : []),
    ...(typeof outcome === 'string' ? [outcome] : []),
    ...(typeof firstExecutedAt === 'number' ? [`done again, first executed ${formatInstant(firstExecutedAt)}`] : []),
    ...(typeof reason === 'string' ? [printable(reason)] : []),
    ...(Array.isArray(overridden) ? overridden.map((text) => printable(String(text))) : []),
    ...(words['bootstrap'] === true ? ['bootstrap'] : []),
  ];
}

/** The person, and what the channel called them where that is something else. */
function actorOf({ channel, subject, address, userId }: ListedEntry): string {
  const person = address ?? (userId === null ? null : `user ${userId}`);
  if (person === null) return `${subject} (${channel})`;
  return person === subject ? `${person} (${channel})` : `${person} (${channel} "${subject}")`;
}

/** Entries for programs, words put back in their places; erased ones say so. */
export function auditListJson(entries: readonly ListedEntry[], count: number): JsonObject {
  const rows = entries.map((entry): Json => {
    const { target } = JSON.parse(entry.body) as AuditBody;
    const { account, seq, act, channel, subject, userId, address, hash } = entry;
    return {
      account,
      seq,
      at: formatInstant(entry.at),
      act,
      target,
      actor: { channel, subject, userId, address },
      detail: detailOf(entry),
      hash,
    };
  });
  return { count, entries: rows };
}

/** What verifying found, a line or two for each account. */
export function* renderChains(findings: readonly ChainFinding[], options: Options): Generator<string> {
  const width = Math.max(options.width, NARROWEST);
  const { style } = options;
  for (const finding of findings) {
    const mark = finding.broken !== null ? style.red('✗') : finding.known === null ? style.yellow('!') : style.green('✓');
    // The mark is painted, and takes one column however it is painted.
    const lines = flow(chainWords(finding), ' · ', { width: width - 2, indent: 0, hang: INDENT - 2 });
    yield* lines.map((line, i) => (i === 0 ? `${mark} ${line}` : `  ${line}`));
  }
  if (findings.length === 0) yield 'no account';
}

/** One chain in words. */
export function chainWords({ account, entries, erased, head, known, broken }: ChainFinding): string[] {
  if (broken !== null) {
    return [`${account}`, `entry ${broken.seq} ${broken.what}: ${broken.why}`, `${counted(entries, 'entry', 'entries')} before it hold`];
  }
  const since = known === null || head === null ? 0 : head.seq - known.seq;
  return [
    account,
    entries === 1 ? '1 entry holds' : `${entries} entries hold`,
    ...(head === null ? [] : [`head ${head.hash.slice(0, DIGITS)}…`]),
    known === null
      ? 'no head is known outside'
      : since === 0
        ? 'the head known outside agrees'
        : `the head known outside agrees, ${counted(since, 'entry', 'entries')} since`,
    ...(erased === 0 ? [] : [`words erased in ${counted(erased, 'place', 'places')}`]),
  ];
}

/** What verifying found, for programs. */
export function chainsJson(findings: readonly ChainFinding[]): JsonObject {
  return {
    chains: findings.map((f): Json => {
      const { account, entries, erased, head, known, broken } = f;
      return {
        account,
        holds: broken === null,
        entries,
        erased,
        head: head === null ? null : { seq: head.seq, hash: head.hash },
        known: known === null ? null : { seq: known.seq, hash: known.hash },
        broken: broken === null ? null : { seq: broken.seq, what: broken.what, why: broken.why },
      };
    }),
  };
}
