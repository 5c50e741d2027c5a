import type { DirectoryFacts } from '../model/directory.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Json } from '../model/words.ts';
import type { Comparison } from './compare.ts';
import type { ImportSummary } from './summary.ts';

/** Below so many enabled people a share says nothing. */
const LEAST_POPULATION = 10;

/** Names in a message; the rest is counted. */
const NAMED = 3;

/**
 * The `directory` guard: what an import takes from people. One verdict for each refusal, or a single one that passed.
 *
 * | refused when                                                            | limit                                   |
 * |-------------------------------------------------------------------------|-----------------------------------------|
 * | of the enabled people more lose a membership, are disabled or demoted   | `facts.terms.removedLimit` percent, from 10 |
 * | administrators that can sign in, and fewer than before                  | `facts.terms.leastAdministrators`       |
 * | a declared break-glass user loses a membership, is disabled or demoted  | none                                    |
 * | an address is someone else's                                            | none                                    |
 *
 * An enforcer that cannot enforce what is enforced now is judged as `weakened`.
 */
export function directoryGuard({ changes, conflicts }: Comparison, facts: DirectoryFacts, summary: ImportSummary): readonly Verdict[] {
  const refused = (message: string, remedy: string, data: Json): Verdict => ({
    guard: 'directory',
    scope: changes.account,
    outcome: 'refused',
    message,
    remedy,
    data,
  });
  const override = 'lift it with the GuardOverride that --print-overrides writes';
  const verdicts: Verdict[] = [];

  const share = shareOf(summary, facts.terms.removedLimit);
  if (share.exceeded) verdicts.push(refused(share.message, `${override}, or import a list that names them`, share.data));

  const { before, after } = summary.administrators;
  const limit = facts.terms.leastAdministrators;
  if (after < limit && after < before) {
    verdicts.push(
      refused(
        `${after} of ${before} administrators would be able to sign in, at least ${limit} must`,
        `keep ${limit === 1 ? 'one Administrator' : `${limit} Administrators`} enabled, with a way in and a factor, or ${override}`,
        { administratorsBefore: before, administratorsAfter: after, limit },
      ),
    );
  }

  const { enforcer } = facts.terms;
  if (enforcer.unenforced > 0) {
    const message = `enforcer ${enforcer.before} → ${enforcer.after}: ${enforcer.unenforced === 1 ? '1 scope' : `${enforcer.unenforced} scopes`} would be enforced no longer`;
    const remedy = `keep enforcer: ${enforcer.before} for the account in padlock.yaml, or ${override}`;
    verdicts.push({ ...refused(message, remedy, { ...enforcer }), guard: 'weakened' });
  }

  const breakGlass = new Set(facts.breakGlass);
  const emergency = summary.affected.filter((person) => breakGlass.has(person.id)).map((person) => person.called);
  if (emergency.length > 0) {
    verdicts.push(
      refused(
        `break-glass users removed, disabled or demoted: ${some(emergency)}`,
        `leave them as they are, or take them off the policy's breakGlass list first; else ${override}`,
        { breakGlass: emergency },
      ),
    );
  }

  for (const { address, externalId, place, holder } of conflicts) {
    verdicts.push(
      refused(
        `${address} of ${externalId} (${place}) is the address of ${holder.externalId} from ${holder.origin}`,
        `they are one person: --adopt ${address}; else give one another address; an override imports the rest without ${externalId}`,
        { address, externalId, holder: { id: holder.id, externalId: holder.externalId, origin: holder.origin } },
      ),
    );
  }

  if (verdicts.length > 0) return verdicts;
  return [{ guard: 'directory', scope: changes.account, outcome: 'passed', message: share.message, remedy: '', data: share.data }];
}

function shareOf(summary: ImportSummary, limit: number) {
  const population = summary.enabledBefore;
  const hit = summary.affected.filter((person) => person.wasEnabled).length;
  const percent = population === 0 ? 0 : Math.round((hit / population) * 100);
  const counted = `${hit} of ${population} enabled people removed, disabled or demoted`;
  const isSmall = population < LEAST_POPULATION;
  return {
    exceeded: !isSmall && hit * 100 > limit * population,
    message: isSmall ? `${counted}, no limit below ${LEAST_POPULATION}` : `${counted} (${percent} %), limit ${limit} %`,
    data: { hit, population, limitPercent: limit, leastPopulation: LEAST_POPULATION },
  };
}

function some(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return rest > 0 ? `${names.slice(0, NAMED).join(', ')} and ${rest} more` : names.join(', ');
}
