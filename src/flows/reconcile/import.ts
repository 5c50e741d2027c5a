import { type ImportPlan, isUnchanged, planImport } from '../../core/directory/plan.ts';
import type { Applied } from '../../core/model/applied.ts';
import { allowedFor } from '../../core/model/demand.ts';
import type { DirectoryFacts, DirectoryRead } from '../../core/model/directory.ts';
import { PadlockError } from '../../core/model/errors.ts';
import { type ScopeKey, scopeOf } from '../../core/model/scope.ts';
import type { Terms } from '../../core/model/terms.ts';
import type { EnforcerName, Instant } from '../../core/model/words.ts';
import { type Carried, NOTHING_CARRIED } from '../../core/plan/carried.ts';
import { policyInForce } from '../../core/plan/diff-scopes.ts';
import { withOverrides } from '../../core/plan/guards/guard.ts';
import { enforcesScope } from '../../core/plan/unenforceable.ts';
import { addsObligation, wholeSecond } from '../../core/policy/deadline.ts';
import { effectiveTerms } from '../../core/policy/effective.ts';
import { limitsOf } from '../../core/policy/limits.ts';
import type { DeclaredOverride } from '../../core/policy/policy-set.ts';
import { rulesOf } from '../../core/policy/rules.ts';
import type { StoreReading } from '../../core/ports/store.ts';
import type { StoreWriting } from '../../core/ports/store-writing.ts';
import { actorIn, authorize } from '../authorize.ts';
import { unknownAccount } from '../known.ts';
import type { World } from '../world.ts';
import { administratorQuestion } from './administrators.ts';
import { withEnrollment } from './enrollment.ts';
import { carry } from './push.ts';

export interface ImportOptions {
  readonly read: DirectoryRead;
  readonly enforcer: EnforcerName;
  /** Addresses of local people whom the directory takes over. */
  readonly adopt: ReadonlySet<string>;
  readonly overrides: readonly DeclaredOverride[];
  /** Accounts that the configuration names. */
  readonly declared?: readonly string[];
  /** The account may be one that neither the store nor the configuration names yet. */
  readonly newAccount?: boolean;
}

/** What an import did or would do. */
export interface ImportOutcome {
  readonly plan: ImportPlan;
  readonly held: boolean;
  readonly written: boolean;
  /** What was carried to enforcers elsewhere after the commit: the terms of new scopes, all of them where the enforcer is new. */
  readonly carried: Carried;
}

/** Plans an import against the store; nothing is written. `policy/unknown-account` for a name that may be a typo: {@link importFlow}. */
export async function planImportFlow(world: World, asked: ImportOptions): Promise<ImportOutcome> {
  const now = world.clock.now();
  const options = await withEnrollment(world, asked);
  return world.store.read(async (reader) => outcome(await judge(world, reader, options, now), false));
}

/**
 * Imports a directory in one transaction: people, memberships, scopes, organizations, and the terms that a new MyGlue
 * account has from its account's default. A refusal of the `directory` guard writes nothing. An account that is not known yet is
 * taken for a typo, unless it is the first of all or asked for: it would be a second account, and protect nobody
 * (`policy/unknown-account`).
 */
export async function importFlow(world: World, asked: ImportOptions): Promise<ImportOutcome> {
  const now = world.clock.now();
  const options = await withEnrollment(world, asked);
  const done = await world.store.write(now, async (transaction) => {
    const plan = await judge(world, transaction, options, now);
    const { held } = outcome(plan, false);
    if (held || isUnchanged(plan)) return outcome(plan, false);
    const { account } = options.read;
    const before = await authorize(world, transaction, account, { act: 'import-directory' }, 'nothing was imported');
    await transaction.importDirectory(plan.changes, world.enforcers[options.enforcer].capabilities, titlesOf(options.read));
    await putNewTerms(transaction, account, now);
    const { people, organizations } = plan.summary;
    const overridden = plan.verdicts.filter((v) => v.outcome === 'overridden').map((v) => v.remedy);
    const { digest } = plan;
    const { before: from, after: to } = plan.enforcer;
    const enforcer = from === to ? {} : { enforcer: { from, to } };
    const detail = { ...people, ...enforcer, organizations, digest, origin: options.read.origin, overridden, bootstrap: before.bootstrap };
    const actor = await actorIn(world, transaction, account);
    await transaction.audit([{ account, at: now, actor, act: 'directory.import', target: account, detail }]);
    if (actor.userId !== null) await transaction.bindIdentity(actor);
    return outcome(plan, true);
  });
  return done.written ? { ...done, carried: await carry(world) } : done;
}

async function judge(world: World, reader: StoreReading, options: ImportOptions, now: Instant): Promise<ImportPlan> {
  if (options.newAccount !== true) refuseTypo(await reader.applied(), options);
  const plan = planImport(options.read, await factsOf(world, reader, options), options.adopt);
  return { ...plan, verdicts: plan.verdicts.map((v) => withOverrides(v, plan.digest, options.overrides, now)) };
}

function refuseTypo({ accounts }: Applied, { read: { account }, declared = [] }: ImportOptions): void {
  const known = [...new Set([...accounts.map((a) => a.account), ...declared])].sort();
  if (known.length === 0 || known.includes(account)) return;
  throw new PadlockError('policy/unknown-account', `${unknownAccount(account, known)}; nothing was imported`, {
    fix: 'correct the name; a new account is named under accounts in padlock.yaml, or asked for with --new-account',
  });
}

function outcome(plan: ImportPlan, written: boolean): ImportOutcome {
  return { plan, held: plan.verdicts.some((v) => v.outcome === 'refused'), written, carried: NOTHING_CARRIED };
}

/** What the store holds, with what the account's policy in force says of an import. */
async function factsOf(world: World, reader: StoreReading, { read: { account }, enforcer }: ImportOptions): Promise<DirectoryFacts> {
  const { accounts, terms } = await reader.applied();
  const own = terms.find((t) => t.scope === account);
  const limits = limitsOf(rulesOf(own)?.guards);
  const before = accounts.find((a) => a.account === account)?.enforcer ?? null;
  const { demand, enforced, enrollable } = administratorQuestion(world, account, own, enforcer, []);
  const unenforced = terms.filter(
    (t) => scopeOf(t.scope).account === account && enforcedBy(world, t, before) && !enforcedBy(world, t, enforcer),
  );
  return {
    ...(await reader.directory(account)),
    terms: {
      removedLimit: limits.directory,
      leastAdministrators: limits.administrators,
      allowed: enforced ? allowedFor(demand, 'Administrator') : 0,
      enrollable,
      enforcer: { before, after: enforcer, unenforced: unenforced.length },
    },
  };
}

function enforcedBy(world: World, terms: Terms, name: EnforcerName | null): boolean {
  if (name === null || !terms.requireMfa || terms.reportOnly) return false;
  return enforcesScope(world.enforcers[name].capabilities, terms.scope);
}

/** Scopes that came with this import and are covered by a policy in force: terms and obligations are per actual scope. */
async function putNewTerms(transaction: StoreReading & StoreWriting, account: string, now: Instant): Promise<void> {
  const { accounts, documents, terms, obligations } = await transaction.applied();
  const scopes = accounts.find((a) => a.account === account)?.scopes ?? [];
  const covered = new Set(terms.map((t) => t.scope));
  const policies = documents.filter((d) => d.kind === 'MfaPolicy').map(policyInForce);
  const fresh = [...effectiveTerms(policies, scopes).values()].filter((t) => !covered.has(t.scope));
  if (fresh.length === 0) return;
  await transaction.putTerms(fresh.map((t) => ({ scope: t.scope, terms: t, version: null })));
  const adding = fresh.filter((t) =>
    addsObligation(
      t,
      obligations.filter((o) => o.scope === t.scope),
    ),
  );
  await transaction.addObligations(adding.map((t) => ({ scope: t.scope, demand: t.demand, since: wholeSecond(now) })));
}

/** A MyGlue account is called by its organizations. */
function titlesOf(read: DirectoryRead): ReadonlyMap<ScopeKey, string> {
  const titles = new Map<ScopeKey, string>();
  for (const { name, myGlueAccount } of read.organizations ?? []) {
    if (myGlueAccount === undefined || myGlueAccount === null) continue;
    const key = `${read.account}/${myGlueAccount}`;
    const before = titles.get(key);
    titles.set(key, before === undefined ? name : `${before}, ${name}`);
  }
  if (read.title !== undefined) titles.set(scopeOf(read.account).account, read.title);
  return titles;
}
