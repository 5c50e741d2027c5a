import type { AuditRecord } from '../../core/model/actor.ts';
import { PadlockError } from '../../core/model/errors.ts';
import { scopeOf } from '../../core/model/scope.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { Instant, Json } from '../../core/model/words.ts';
import type { Carried } from '../../core/plan/carried.ts';
import { ofSuspensionAlone } from '../../core/plan/guards/suspended.ts';
import { changes } from '../../core/plan/judge.ts';
import type { DocumentChange, Plan, ScopeChange } from '../../core/plan/plan.ts';
import { isExemptionIn } from '../../core/plan/uncovered.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';
import type { DocumentWrite } from '../../core/ports/store-writing.ts';
import { type Act, rightTo } from '../../core/rights/rights.ts';
import { denied } from '../authorize.ts';
import type { World } from '../world.ts';
import { type Computed, computePlan, type PlanOptions } from './plan.ts';
import { carry } from './push.ts';
import { applyResets } from './resets.ts';

/** What an apply did: the plan as judged on live data, and whether a row was written. */
export interface Outcome {
  readonly plan: Plan;
  readonly applied: number;
  readonly held: number;
  readonly written: boolean;
  /** What was carried to enforcers elsewhere after the commit, and what is in force here and not there. */
  readonly carried: Carried;
}

/**
 * Applies documents: the plan is computed again inside one writing transaction, so that what is judged is what is
 * written. `expected` is the digest of a reviewed plan: another one now is stale (`plan/stale`), and nothing is applied.
 * A guard's refusal holds its scope alone. Nothing to do: no row is written. Once it is committed, whatever is open is carried to the enforcers
 * that decide by a copy of their own: also where nothing was to be written, so that applying again mends what failed.
 */
export async function applyFlow(world: World, options: PlanOptions, expected?: string): Promise<Outcome> {
  const now = world.clock.now();
  const done = await world.store.write(now, async (transaction) => {
    const computed = await computePlan(world, transaction, options, now);
    refuseStale(computed.plan, expected);
    if (!needsWriting(computed.plan)) return outcome(computed.plan, false);
    checkRights(world, computed);
    return outcome(computed.plan, await write(world, transaction, computed, now));
  });
  return { ...done, carried: await carry(world) };
}

function outcome(plan: Plan, written: boolean): Omit<Outcome, 'carried'> {
  return { plan, applied: plan.counts.changes - plan.counts.held, held: plan.counts.held, written };
}

function refuseStale(plan: Plan, expected: string | undefined): void {
  if (expected === undefined || plan.digest === expected) return;
  throw new PadlockError(
    'plan/stale',
    `the plan was made for ${expected.slice(0, 12)}…, it would be ${plan.digest.slice(0, 12)}… now; nothing was applied`,
    {
      fix: 'plan again, and look at what changed in between',
    },
  );
}

/** Something may be to be written: a change that is not held, another line, or a request that is not settled. */
function needsWriting(plan: Plan): boolean {
  return changesDocuments(plan) || plan.resets.some((r) => !r.settled);
}

function changesDocuments(plan: Plan): boolean {
  const scopes = plan.scopes.some((s) => !s.held && s.action !== 'orphan');
  return scopes || going(plan).some((d) => d.kind !== 'MfaPolicy' || d.action === 'move');
}

/**
 * Everything that the actor may not do refuses the whole, before a row is written; nobody exempts themselves. Whether somebody
 * may be reset is each request's own outcome.
 */
function checkRights(world: World, computed: Computed): void {
  const { plan, actors, exemptions } = computed;
  const verdicts = [...plan.scopes.flatMap((s) => s.verdicts), ...plan.verdicts];
  const needed: [string, Act][] = [
    ...plan.scopes
      .filter((s) => !s.held && changes(s))
      .map((s): [string, Act] => [scopeOf(s.scope).account, { act: ofSuspensionAlone(s) ? 'suspend' : 'change-policy' }]),
    ...verdicts.filter((v) => v.outcome === 'overridden').map((v): [string, Act] => [scopeOf(v.scope).account, { act: 'override-guard' }]),
    ...going(plan).flatMap((d): [string, Act][] => {
      if (d.action === 'move') return accountsOf(d).map((account) => [account, { act: 'change-policy' }]);
      if (d.kind === 'MfaExemption')
        return [
          [d.account ?? '', { act: 'exempt', users: exemptions.find((e) => e.document === d.name)?.users.map((u) => u.userId) ?? [] }],
        ];
      return d.kind === 'ComplianceReport' ? accountsOf(d).map((account) => [account, { act: 'define-report' }]) : [];
    }),
  ];
  for (const [account, act] of needed) {
    const actor = actors.get(account);
    const answer =
      actor === undefined ? { allowed: false as const, reason: `nobody acts in ${account}` } : rightTo(actor, act, world.rights);
    if (answer.allowed) continue;
    throw denied(actor, answer.reason, 'nothing was applied');
  }
}

/** The documents but for exemptions that a guard holds. */
function going(plan: Plan): readonly DocumentChange[] {
  return plan.documents.filter((d) => !isExemptionIn(d, plan.exemptionsHeld));
}

/** The accounts that a document is of: a report may cover several, before and after. */
function accountsOf({ account, before, after }: DocumentChange): readonly string[] {
  if (account !== null) return [account];
  return [...new Set([before, after].flatMap((spec) => (spec?.['accounts'] ?? []) as readonly string[]))];
}

/** Gives whether a row was written: a request that goes on waiting writes none. */
async function write(world: World, transaction: StoreTransaction, computed: Computed, now: Instant): Promise<boolean> {
  const { plan, set, diffs, actors } = computed;
  const held = new Set(plan.scopes.filter((s) => s.held).map((s) => s.scope));
  const documents = going(plan).filter((d) => d.action !== 'orphan' && !(d.scope !== null && held.has(d.scope)));
  const scopes = diffs.changed.filter((d) => !held.has(d.scope) && d.action !== 'orphan');
  await transaction.putDocuments(documents.flatMap((d) => documentWrites(d, set.channel)));
  await transaction.putTerms(
    scopes
      .map((d) => ({ scope: d.scope, terms: d.after, version: d.before?.version ?? null }))
      .filter((w) => w.terms !== null || w.version !== null),
  );
  await transaction.addObligations(scopes.flatMap((d) => d.obligation ?? []));
  await transaction.putExemptions(computed.exemptions);
  await transaction.audit(
    auditOf(
      plan.scopes.filter((s) => !s.held && changes(s)),
      documents,
      plan.verdicts.filter((v) => v.outcome === 'overridden'),
      computed,
      now,
    ),
  );
  const recorded = await applyResets(world, computed.applied, transaction, set.resets, plan.resets, actors, now);
  if (recorded === 0 && !changesDocuments(plan)) return false;
  for (const actor of actors.values()) if (actor.userId !== null) await transaction.bindIdentity(actor);
  return true;
}

/** One write; a renamed document is let go under its old name, and put in force under the new. */
function documentWrites(change: DocumentChange, channel: DocumentWrite['channel']): DocumentWrite[] {
  const { kind, account, scope, version } = change;
  const gone = { kind, channel, name: change.previousName ?? change.name, account, scope, spec: null, source: null, version };
  // What was put in the store by hand has no document to let go.
  if (change.after === null) return version === null ? [] : [gone];
  const put = { ...gone, name: change.name, spec: change.after, source: change.source };
  return change.previousName === null ? [put] : [gone, { ...put, version: null }];
}

function auditOf(
  scopes: readonly ScopeChange[],
  documents: readonly DocumentChange[],
  overridden: readonly Verdict[],
  { actors, exemptions }: Pick<Computed, 'actors' | 'exemptions'>,
  now: Instant,
): AuditRecord[] {
  const record = (account: string, act: string, target: string, detail: Json): AuditRecord[] => {
    const actor = actors.get(account);
    return actor === undefined
      ? []
      : [{ account, at: now, actor, act, target, detail: { ...(detail as object), bootstrap: actor.bootstrap } as Json }];
  };
  return [
    ...overridden.flatMap(({ scope, guard, message, remedy, digest }) =>
      record(scopeOf(scope).account, 'guard.override', guard, { message, digest: digest ?? null, overridden: [remedy] }),
    ),
    ...scopes.flatMap((s) => {
      const overridden = s.verdicts.filter((v) => v.outcome === 'overridden').map((v) => v.remedy);
      const byHand = s.byHand.map((e) => ({ field: e.field, found: e.before ?? null }));
      const detail = {
        ...(byHand.length > 0 && { byHand }),
        before: s.before?.rules ?? null,
        after: s.after?.rules ?? null,
        document: s.document,
        digest: s.digest,
        overridden,
      };
      return record(scopeOf(s.scope).account, `policy.${s.action}`, s.scope, detail);
    }),
    ...documents
      .filter((d) => d.kind !== 'MfaPolicy' && d.action !== 'move')
      .flatMap((d) => {
        const act = `${d.kind === 'MfaExemption' ? 'exemption' : 'report'}.${d.action}`;
        // By id as well: the chain tells of whom when what they are called is erased.
        const people = exemptions.find((e) => e.document === d.name)?.users.map((u) => u.userId);
        const detail = { after: d.after, ...(d.kind === 'MfaExemption' && people !== undefined && { people }) };
        return accountsOf(d).flatMap((account) => record(account, act, d.name, detail));
      }),
  ];
}
