import type { Applied } from '../../core/model/applied.ts';
import { maskOf } from '../../core/model/demand.ts';
import { scopeOf } from '../../core/model/scope.ts';
import type { Terms } from '../../core/model/terms.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { EnforcerName } from '../../core/model/words.ts';
import type { ScopeDiff } from '../../core/plan/diff-scopes.ts';
import { administratorsVerdict, resetAdministratorsVerdict } from '../../core/plan/guards/administrators.ts';
import { judgingLimits } from '../../core/policy/limits.ts';
import { rulesOf } from '../../core/policy/rules.ts';
import type { AdministratorQuestion, StoreReading } from '../../core/ports/store.ts';
import type { World } from '../world.ts';

/** Whether enough administrators of each changed account can still sign in, by the account's terms as they will be. */
export async function judgeAdministrators(
  world: World,
  reader: StoreReading,
  diffs: readonly ScopeDiff[],
  applied: Applied,
): Promise<Verdict[]> {
  const changed = diffs.filter((d) => d.action !== 'move' && d.action !== 'orphan');
  const accounts = [...new Set(changed.map((d) => scopeOf(d.scope).account))].sort();
  const asked = accounts.flatMap((account) => {
    const diff = changed.find((d) => d.scope === account);
    const terms = diff === undefined ? termsOf(applied, account) : (diff.after ?? undefined);
    // A MyGlue policy whose account has none of its own asks nothing of administrators.
    if (terms === undefined) return [];
    const limit = judgingLimits(rulesOf(diff?.reviewed ?? undefined), rulesOf(terms)).administrators;
    return [{ question: administratorQuestion(world, account, terms, enforcerOf(applied, account), []), limit }];
  });
  const able = await reader.administrators(asked.map((a) => a.question));
  return asked.map(({ question, limit }) => administratorsVerdict(question.account, able.get(question.account) ?? 0, limit));
}

/**
 * Whether enough administrators of an account could still sign in once the given ones have lost their factors: by the terms in
 * force and by those that come with it, whichever leaves fewer. Nothing where the resets take nobody's way in.
 */
export async function judgeResetAdministrators(
  world: World,
  reader: StoreReading,
  account: string,
  without: readonly number[],
  applied: Applied,
  proposed: readonly Terms[],
): Promise<Verdict | undefined> {
  const after = proposed.find((t) => t.scope === account);
  const verdicts: Verdict[] = [];
  for (const terms of [termsOf(applied, account), after]) {
    if (terms === undefined) continue;
    const ask = async (ids: readonly number[]) => {
      const question = administratorQuestion(world, account, terms, enforcerOf(applied, account), ids);
      return (await reader.administrators([question])).get(account) ?? 0;
    };
    const limit = judgingLimits(rulesOf(termsOf(applied, account)), rulesOf(terms)).administrators;
    const [before, left] = [await ask([]), await ask(without)];
    if (left < before) verdicts.push(resetAdministratorsVerdict(account, left, limit));
  }
  return verdicts.find((v) => v.outcome === 'refused') ?? verdicts[0];
}

/** What the store is asked of an account's administrators under some terms; `without`: whose factors are gone by then. */
export function administratorQuestion(
  world: World,
  account: string,
  terms: Terms | undefined,
  enforcerName: EnforcerName,
  without: readonly number[],
): AdministratorQuestion {
  const enforcer = world.enforcers[enforcerName].capabilities;
  return {
    account,
    demand: terms?.demand ?? 0,
    enforced: (terms?.requireMfa ?? false) && !(terms?.reportOnly ?? false) && enforcer.enforcesAccount,
    enrollable: rulesOf(terms)?.enrollment === 'Token' ? 0 : maskOf(enforcer.enrolls),
    without,
  };
}

function termsOf(applied: Applied, account: string): Terms | undefined {
  return applied.terms.find((t) => t.scope === account);
}

function enforcerOf(applied: Applied, account: string): EnforcerName {
  return applied.accounts.find((a) => a.account === account)?.enforcer ?? 'none';
}
