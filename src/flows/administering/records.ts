import { personIn } from '../../core/audit/detail.ts';
import type { BoundWindow, DocumentInForce } from '../../core/model/applied.ts';
import type { AuditHead, ListedEntry } from '../../core/model/audit.ts';
import type { ExemptionRecord, ScopeFacts } from '../../core/model/findings.ts';
import type { Terms } from '../../core/model/terms.ts';
import type { Instant } from '../../core/model/words.ts';
import { exportedOf } from '../../core/plan/exported.ts';
import type { StoreReader } from '../../core/ports/store.ts';
import type { Summary } from '../../core/report/summary.ts';
import { authorize } from '../authorize.ts';
import { scopeFacts } from '../enforcing.ts';
import { personCalled } from '../known.ts';
import { summarizeStore } from '../reporting/status.ts';
import type { World } from '../world.ts';

/** Rows of a page: documents are long, entries of a log and scopes are lines. */
const DOCUMENTS = 20;
const LINES = 50;

/** One page of something, and whether there is more behind it. */
export interface Page<T> {
  readonly now: Instant;
  readonly rows: readonly T[];
  readonly more: boolean;
}

/** A policy in force, as it was declared, with what it comes to in its scope. */
export interface PolicyInForce {
  readonly document: DocumentInForce;
  readonly facts: ScopeFacts;
  readonly terms: Terms | undefined;
  /** YAML, as an export writes it. */
  readonly text: string;
}

/** The policies in force in an account and its MyGlue accounts, by scope. `after`: the scope that the page follows. */
export function policiesFlow(world: World, account: string, after = ''): Promise<Page<PolicyInForce>> {
  const now = world.clock.now();
  return world.store.survey(async (reader) => {
    await authorize(world, reader, account, { act: 'read-policies' }, 'nothing was listed');
    const { documents, terms } = await reader.applied();
    const scopes = await scopeFacts(world, reader, account);
    const policies = documents.filter(({ kind, account: of, scope }) => kind === 'MfaPolicy' && of === account && (scope ?? '') > after);
    policies.sort((a, b) => ((a.scope ?? '') < (b.scope ?? '') ? -1 : 1));
    const rows = policies.slice(0, DOCUMENTS).flatMap((document): PolicyInForce[] => {
      const facts = scopes.find(({ scope }) => scope === document.scope);
      const [file] = exportedOf([document], document.channel, account).files;
      const own = terms.find(({ scope }) => scope === document.scope);
      return facts === undefined || file === undefined ? [] : [{ document, facts, terms: own, text: file.text }];
    });
    return { now, rows, more: policies.length > DOCUMENTS };
  });
}

/** An exemption declared, with the people whom it was bound to. */
export interface DeclaredExemption extends ExemptionRecord {
  readonly windows: readonly BoundWindow[];
}

/** The exemptions declared in an account, in force or not, by name. */
export function exemptionsFlow(world: World, account: string, after = ''): Promise<Page<DeclaredExemption>> {
  const now = world.clock.now();
  return world.store.survey(async (reader) => {
    await authorize(world, reader, account, { act: 'read-report' }, 'nothing was listed');
    const declared = (await reader.exemptions(account)).filter(({ document }) => document > after);
    const windows = (await reader.exemptionWindows()).filter((window) => window.account === account);
    const of = Map.groupBy(windows, ({ document }) => document);
    const rows = declared.slice(0, DOCUMENTS).map((record) => ({ ...record, windows: of.get(record.document) ?? [] }));
    return { now, rows, more: declared.length > DOCUMENTS };
  });
}

/** Entries of the log, and what the people whom they are about are called. */
export interface NamedEntries {
  readonly rows: readonly ListedEntry[];
  readonly names: ReadonlyMap<number, string>;
}

/** Entries with the names of whom they are about; one statement more. */
export async function named(reader: StoreReader, rows: readonly ListedEntry[]): Promise<NamedEntries> {
  return { rows, names: await reader.namesOf([...new Set(rows.flatMap((entry) => personIn(entry) ?? []))]) };
}

/** What of the audit log is asked for. */
export interface LogQuestion {
  /** `reset` for all of resets, `reset.executed` for these alone; empty: any. */
  readonly act: string;
  /** A person's address or id; empty: anybody. */
  readonly person: string;
  /** The number of the entry that the page follows. */
  readonly before?: number;
}

/** A page of an account's audit log, newest first, and its last entry. `store/unknown-user`, `store/ambiguous-user`. */
export function logFlow(
  world: World,
  account: string,
  { act, person, before }: LogQuestion,
): Promise<Page<ListedEntry> & NamedEntries & { head: AuditHead | undefined }> {
  const now = world.clock.now();
  return world.store.survey(async (reader) => {
    await authorize(world, reader, account, { act: 'read-audit' }, 'nothing was listed');
    const about = person === '' ? {} : { userId: (await personCalled(reader, account, person)).id };
    const filter = { account, ...about, ...(act !== '' && { act }), before: before ?? Number.MAX_SAFE_INTEGER, limit: LINES + 1 };
    const { entries } = await reader.auditList(filter);
    const head = (await reader.auditHeads()).find((one) => one.account === account);
    return { now, ...(await named(reader, entries.slice(0, LINES))), more: entries.length > LINES, head };
  });
}

/** The figures of an account's scopes as a report would have them now. */
export function summaryFlow(world: World, account: string): Promise<{ readonly now: Instant; readonly summary: Summary }> {
  const now = world.clock.now();
  return world.store.survey(async (reader) => {
    await authorize(world, reader, account, { act: 'read-report' }, 'nothing was listed');
    return { now, summary: (await summarizeStore(world, reader, now, account)).summary };
  });
}
