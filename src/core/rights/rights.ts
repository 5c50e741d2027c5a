import type { Answer, ResolvedActor } from '../model/actor.ts';
import type { Role } from '../model/words.ts';

/** The acts that rights are asked for. */
export type Act =
  | { readonly act: 'change-policy' }
  | { readonly act: 'suspend' }
  | { readonly act: 'override-guard' }
  | { readonly act: 'import-directory' }
  | { readonly act: 'define-report' }
  | { readonly act: 'read-report' }
  | { readonly act: 'read-audit' }
  | { readonly act: 'acknowledge-restore' }
  | { readonly act: 'erase-person' }
  | { readonly act: 'rotate-keys' }
  | { readonly act: 'list-users' }
  | { readonly act: 'list-resets' }
  | { readonly act: 'read-policies' }
  | { readonly act: 'exempt'; readonly users: readonly number[] }
  | OnPerson
  | { readonly act: 'approve-reset'; readonly user: number; readonly requester: number | null };

/** What is done to one person's way in; `role`: the one that the person has in the account itself. */
export interface OnPerson {
  readonly act: 'reset' | 'invite' | 'issue-token' | 'unlock' | 'end-sessions';
  readonly user: number;
  readonly role: Role | null;
}

/** What is configurable of the rights. */
export interface RightsSettings {
  /** Who may change policy, suspend it, and override guards. */
  readonly policy: readonly Role[];
}

/**
 * Who may do what: a pure function of actor, act and target.
 *
 * | act                              | Administrator        | Manager                  | others | bootstrap |
 * | change-policy, suspend, override-guard | as configured  | as configured            | no     | yes       |
 * | import-directory                 | yes                  | no                       | no     | yes       |
 * | exempt                           | not themselves       | no                       | no     | no        |
 * | define-report, read-report/audit | yes                  | no                       | no     | no        |
 * | acknowledge-restore, erase-person, rotate-keys | yes  | no                       | no     | no        |
 * | list-users, list-resets, read-policies | yes            | yes                      | no     | no        |
 * | reset, invite, issue-token, unlock, end-sessions | anyone but themselves | no Administrator, not themselves | no | no |
 * | approve-reset                    | not their own request, not themselves | no      | no     | no        |
 *
 * Anyone is anyone of the account and its MyGlue accounts: an actor is resolved in the account that the person is of.
 * Bootstrap is an account without an Administrator: its first import and policy are taken, and audited as such.
 */
export function rightTo(actor: ResolvedActor, act: Act, settings: RightsSettings): Answer {
  const first = ['change-policy', 'suspend', 'import-directory', 'override-guard'].includes(act.act);
  if (actor.bootstrap && first) return ALLOWED;
  if (actor.userId === null || actor.role === null) {
    return denied(`${name(actor)} is no enabled member of ${actor.account}`);
  }
  switch (act.act) {
    case 'change-policy':
    case 'suspend':
    case 'override-guard':
      return one(actor, settings.policy, act.act);
    case 'list-users':
    case 'list-resets':
    case 'read-policies':
      return one(actor, ['Administrator', 'Manager'], act.act);
    case 'exempt':
      if (act.users.includes(actor.userId)) return denied('nobody exempts themselves');
      return one(actor, ['Administrator'], act.act);
    case 'reset':
    case 'invite':
    case 'issue-token':
    case 'unlock':
    case 'end-sessions': {
      const [does, may] = ON_PERSON[act.act];
      if (act.user === actor.userId) return denied(`nobody ${does} themselves`);
      if (actor.role === 'Manager' && act.role === 'Administrator') return denied(`a Manager does not ${may} an Administrator`);
      return one(actor, ['Administrator', 'Manager'], act.act);
    }
    case 'approve-reset':
      if (act.user === actor.userId) return denied('nobody approves their own reset');
      if (act.requester === null || act.requester === actor.userId) return denied('the approver must be another person than the requester');
      return one(actor, ['Administrator'], act.act);
    default:
      return one(actor, ['Administrator'], act.act);
  }
}

/** How a refusal says what is done to somebody. */
const ON_PERSON: Readonly<Record<OnPerson['act'], readonly [does: string, may: string]>> = {
  reset: ['resets', 'reset'],
  invite: ['invites', 'invite'],
  'issue-token': ['issues a token to', 'issue a token to'],
  unlock: ['unlocks', 'unlock'],
  'end-sessions': ['signs out, as an administrator,', 'sign out'],
};

const ALLOWED: Answer = { allowed: true };

function denied(reason: string): Answer {
  return { allowed: false, reason };
}

function one(actor: ResolvedActor, roles: readonly Role[], act: Act['act']): Answer {
  if (actor.role !== null && roles.includes(actor.role)) return ALLOWED;
  return denied(`${name(actor)} is ${actor.role} of ${actor.account}; ${act} takes ${roles.join(' or ')}`);
}

function name(actor: ResolvedActor): string {
  return `${actor.channel} "${actor.subject}"`;
}
