import { type ScopeKey, scopeOf } from '../model/scope.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Json } from '../model/words.ts';
import { type ImportPlan, isUnchanged } from './plan.ts';
import type { AffectedPerson, ScopeSummary } from './summary.ts';

const WIDTH = 80;
/** Scopes that the text lists; the JSON has every one. */
const LISTED_SCOPES = 20;
/** Hex digits of the digest in the text: enough for an override. */
const DIGEST_SHOWN = 12;

/** An import plan as text of at most 80 columns (a longer address stands alone), `names` people a list. Ends with a line feed. */
export function renderImportText(plan: ImportPlan, names = 10): string {
  const { changes, summary } = plan;
  const { people } = summary;
  const lines = [`account ${changes.account}   ${headline(plan)}`];
  const width = Math.max(0, ...summary.scopes.map(({ scope }) => titleOf(scope).length));
  for (const scope of summary.scopes.slice(0, LISTED_SCOPES)) {
    lines.push(...wrap(`${titleOf(scope.scope).padEnd(width)}   ${scopeText(scope)}`, '    ', ' '.repeat(7 + width)));
  }
  const unlisted = summary.scopes.length - LISTED_SCOPES;
  if (unlisted > 0) lines.push(`    and ${plural(unlisted, 'more scope')} (--output json lists all)`);
  const counts = [
    counted(people.created, 'created'),
    counted(people.adopted, 'adopted'),
    counted(people.updated, 'updated'),
    counted(people.enabled, 'enabled'),
    counted(people.disabled, 'disabled'),
    counted(people.demoted, 'demoted'),
    counted(people.removed, 'removed'),
  ].filter((text) => text !== '');
  if (counts.length > 0) lines.push(...wrap(`people: ${counts.join(' · ')}`, '    ', '        '));
  const { enforcer } = plan;
  if (enforcer.before !== null && enforcer.before !== enforcer.after) lines.push(`    enforcer ${enforcer.before} → ${enforcer.after}`);
  if (summary.organizations > 0) lines.push(`    ${plural(summary.organizations, 'organization')} new or changed`);
  if (people.elsewhere > 0) lines.push(`    ${plural(people.elsewhere, 'member')} not from ${changes.origin}: left as they are`);
  for (const kind of ['removed', 'disabled', 'demoted'] as const) lines.push(...namesOf(kind, summary.affected, names));
  for (const verdict of plan.verdicts) lines.push(...verdictLines(verdict));
  const held = plan.verdicts.some(({ outcome }) => outcome === 'refused') ? 'held by a guard · ' : '';
  lines.push(`${held}import ${plan.digest.slice(0, DIGEST_SHOWN)}`);
  return `${lines.join('\n')}\n`;
}

/** An import plan as JSON: figures, everyone affected, conflicts, verdicts, the whole digest. */
export function renderImportJson(plan: ImportPlan): Json {
  const { changes, summary } = plan;
  return {
    account: changes.account,
    origin: changes.origin,
    newAccount: changes.newAccount,
    empty: isUnchanged(plan),
    enforcer: { before: plan.enforcer.before, after: plan.enforcer.after },
    people: { ...summary.people },
    scopes: summary.scopes.map((scope) => ({ ...scope })),
    organizations: summary.organizations,
    administrators: { ...summary.administrators },
    affected: summary.affected.map(({ called, removed, ended, disabled, demoted }) => ({ called, removed, ended, disabled, demoted })),
    conflicts: plan.conflicts.map(({ address, externalId, place, holder }) => ({ address, externalId, place, holder: { ...holder } })),
    verdicts: plan.verdicts.map((verdict) => ({ ...verdict })),
    digest: plan.digest,
  };
}

function headline(plan: ImportPlan): string {
  const { changes, summary } = plan;
  const { before, after } = summary.people;
  if (changes.newAccount) return `${plural(after, 'person')}, ${plural(changes.newScopes.length, 'scope')} (new)`;
  if (isUnchanged(plan)) return `no changes, ${plural(after, 'person')}`;
  return before === after ? plural(after, 'person') : `${before} → ${plural(after, 'person')}`;
}

function titleOf(scope: ScopeKey): string {
  const { account, myGlueAccount } = scopeOf(scope);
  return myGlueAccount === undefined ? `account ${account}` : `myglue  ${myGlueAccount}`;
}

function scopeText(scope: ScopeSummary): string {
  const changed = (['joined', 'rejoined', 'promoted', 'demoted', 'ended'] as const).map((kind) => counted(scope[kind], kind));
  const members = scope.before === scope.after || scope.isNew ? `${scope.after}` : `${scope.before} → ${scope.after}`;
  const text = [`${members} ${scope.after === 1 ? 'member' : 'members'}`, ...changed.filter((one) => one !== '')].join(' · ');
  return scope.isNew ? `${text} (new)` : text;
}

function namesOf(kind: 'removed' | 'disabled' | 'demoted', affected: readonly AffectedPerson[], cap: number): string[] {
  const called = affected.filter((person) => person[kind]).map((person) => person.called);
  if (called.length === 0) return [];
  const rest = called.length - cap;
  const listed = rest > 0 ? `${called.slice(0, cap).join(', ')} and ${rest} more (--names all)` : called.join(', ');
  return wrap(`${kind}: ${listed}`, '    ', '        ');
}

function verdictLines(verdict: Verdict): string[] {
  const mark = verdict.outcome === 'refused' ? '✗' : '✓';
  const lead = `${mark} ${verdict.guard}   `;
  const lines = wrap(verdict.message, lead, ' '.repeat(lead.length));
  return verdict.remedy === '' ? lines : [...lines, ...wrap(verdict.remedy, '    ', '    ')];
}

function counted(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}`;
}

function plural(count: number, word: string): string {
  if (count === 1) return `1 ${word}`;
  return `${count} ${word === 'person' ? 'people' : `${word}s`}`;
}

/** Breaks a text at blanks; a run of blanks stays as it is within a line. */
function wrap(text: string, first: string, next: string): string[] {
  const lines: string[] = [];
  let line = first;
  let isFresh = true;
  for (const word of text.split(/(?<! ) (?! )/)) {
    if (!isFresh && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = next;
      isFresh = true;
    }
    line += isFresh ? word : ` ${word}`;
    isFresh = false;
  }
  return [...lines, line];
}
