import { formatInstant, parseInstant } from '../../documents/values.ts';
import type { Suspension } from '../../model/terms.ts';
import type { Instant, Json, JsonObject } from '../../model/words.ts';
import type { ScopeDiff } from '../diff-scopes.ts';
import { same } from '../edits.ts';
import type { ScopeChange } from '../plan.ts';
import { refused, type ScopeGuard } from './guard.ts';

/**
 * A suspended scope: its requirement stays in force, and every change is held until the suspension's end. A change of `suspend`
 * alone never is, so lifting it always goes through; what else the same documents change waits until it is lifted. No override
 * lifts it: taking the suspension away is the way.
 *
 * | change                                          | held                                   |
 * | of `suspend` and nothing else                   | no                                     |
 * | of `suspend` and something else                 | yes, as a whole                        |
 * | anything else, its document's end by Delete too | yes                                    |
 * | a document that is gone and kept, another line  | no: nothing changes                    |
 * | repair of what was changed by hand              | no: it brings back what is suspended   |
 * | of `myGlueDefault`, whose own `suspend` holds   | the account's document, and who follows it |
 */
export const suspended: ScopeGuard = ({ diff, now }) => {
  if (diff.action !== 'update' && diff.action !== 'delete') return undefined;
  const held = suspensionOf(diff.reviewed?.rules, now);
  const ofDefault = suspensionOf(defaultOf(diff.own?.before), now);
  const suspension =
    (changesMore(diff) ? held : undefined) ??
    (changesMoreOf(defaultOf(diff.own?.before), defaultOf(diff.own?.after)) ? ofDefault : undefined);
  if (suspension === undefined) return undefined;
  const message = `changes are held until ${suspension.until}: ${suspension.reason}`;
  const remedy = 'wait until then, or take suspend away by itself, apply that, and plan again; the requirement stays in force meanwhile';
  return refused('suspended', diff.scope, message, remedy, { ...suspension });
};

/** The suspension of some rules that is in force at a moment. */
function suspensionOf(rules: JsonObject | null | undefined, now: Instant): Suspension | undefined {
  const suspend = rules?.['suspend'] as unknown as Suspension | undefined;
  if (suspend === undefined) return undefined;
  const until = parseInstant(suspend.until, 'end');
  return now < until ? { reason: suspend.reason, until: formatInstant(until) } : undefined;
}

/** Whether a change is of `suspend` and of nothing else: no guard holds that. */
export function ofSuspensionAlone(change: Pick<ScopeChange, 'edits'>): boolean {
  return change.edits.length > 0 && change.edits.every((e) => e.field === 'suspend' || e.field === 'myGlueDefault.suspend');
}

/** The document's own change where it has one that goes on, else that of the scope's rules. */
function changesMore({ own, reviewed, after }: ScopeDiff): boolean {
  if (own?.action === 'update') return changesMoreOf(own.before, own.after);
  return changesMoreOf(reviewed?.rules, after?.rules);
}

function changesMoreOf(before: JsonObject | null | undefined, after: JsonObject | null | undefined): boolean {
  return !same(withoutSuspend(before), withoutSuspend(after));
}

function withoutSuspend(rules: JsonObject | null | undefined): Json | undefined {
  if (rules === null || rules === undefined) return undefined;
  const { suspend: _suspend, myGlueDefault, ...rest } = rules;
  return myGlueDefault === undefined ? rest : { ...rest, myGlueDefault: withoutSuspend(myGlueDefault as JsonObject) ?? null };
}

function defaultOf(spec: JsonObject | null | undefined): JsonObject | undefined {
  return spec?.['myGlueDefault'] as JsonObject | undefined;
}
