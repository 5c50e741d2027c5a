import { allowedFor } from '../model/demand.ts';
import { type ExemptionWindow, type Proof, REASONS, type Reason, type Requirement, type Standing } from '../model/requirement.ts';
import type { Obligation, Terms, Trust } from '../model/terms.ts';
import type { Instant } from '../model/words.ts';
import { deadlineOf, obligedSince } from './deadline.ts';

/**
 * What holds for one membership at one moment: the nine rules in order, the first that speaks decides.
 * `terms` are those of the membership's scope, undefined where no policy covers it; `obligations` are the scope's rows.
 * The store judges by the same rules in SQL (`adapters/store/requirement-sql.ts`); a property test holds the two equal.
 *
 *   1  disabled, or a service account                  NotApplicable
 *   2  no policy, or requireMfa: false                 NotRequired
 *   3  role not listed                                 NotRequired
 *   4  an allowed kind enrolled, or proven upstream    Satisfied
 *   5  the enforcer cannot tell                        Unknown
 *   6  exemption in force                              Exempt until its end
 *   7  mode: ReportOnly                                WouldRequire
 *   8  deadline not reached                            Pending until the deadline
 *   9  otherwise                                       Overdue
 */
export function judge(standing: Standing, terms: Terms | undefined, obligations: readonly Obligation[], now: Instant): Requirement {
  if (!standing.enabled) return answer('disabled', terms);
  if (terms === undefined) return answer('no-policy', terms);
  if (!terms.requireMfa) return answer('turned-off', terms);
  const allowed = allowedFor(terms.demand, standing.role);
  if (allowed === 0) return answer('role-not-listed', terms);
  if (((standing.kinds ?? 0) & allowed) !== 0) return answer('enrolled', terms);
  if (provenUpstream(standing.proofs, terms.trust, now)) return answer('proven-upstream', terms);
  if (standing.kinds === null) return answer('cannot-tell', terms);
  const exemption = exemptionInForce(standing.exemptions, now);
  if (exemption !== undefined) {
    return { ...answer('exempted', terms), exemptUntil: exemption.expiresAt, document: exemption.document, file: null, line: null };
  }
  if (terms.reportOnly) return answer('report-only', terms);
  const since = obligedSince(obligations, standing.role, standing.kinds);
  const deadline = deadlineOf(terms, since, standing.joined);
  const reason = deadline !== null && now < deadline ? 'within-grace' : 'past-deadline';
  return { ...answer(reason, terms), obligedSince: since, deadline };
}

/** Whether one of the proofs is accepted and young enough: `at` is not in the future and less than `maxAge` ago. */
function provenUpstream(proofs: readonly Proof[], trust: readonly Trust[], now: Instant): boolean {
  return proofs.some((proof) =>
    trust.some(
      (t) =>
        t.provider === proof.provider && t.claim === proof.claim && t.value === proof.value && proof.at <= now && now < proof.at + t.maxAge,
    ),
  );
}

/** Of several exemptions in force, the one that ends last; at a tie the first by document name. */
function exemptionInForce(windows: readonly ExemptionWindow[], now: Instant): ExemptionWindow | undefined {
  let last: ExemptionWindow | undefined;
  for (const window of windows) {
    if (now < window.startsAt || now >= window.expiresAt) continue;
    const later = last === undefined || window.expiresAt > last.expiresAt;
    if (later || (window.expiresAt === last?.expiresAt && window.document < last.document)) last = window;
  }
  return last;
}

function answer(reason: Reason, terms: Terms | undefined): Requirement {
  const row = REASONS.find((r) => r.reason === reason);
  if (row === undefined) throw new RangeError(reason);
  const field = row.field ?? 'requireMfa';
  return {
    state: row.state,
    reason: row.reason,
    rule: row.rule,
    obligedSince: null,
    deadline: null,
    exemptUntil: null,
    document: terms?.origin.document ?? null,
    file: terms?.origin.file ?? null,
    line: terms?.origin.lines[field] ?? null,
  };
}
