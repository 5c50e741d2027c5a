import { describe, expect, it } from 'vitest';
import type { ResolvedActor } from '../../../src/core/model/actor.ts';
import { ROLES, type Role } from '../../../src/core/model/words.ts';
import { type Act, type OnPerson, rightTo } from '../../../src/core/rights/rights.ts';

const ME = 1;
const OTHER = 2;
const settings = { policy: ['Administrator', 'Manager'] } as const;

function actor(role: Role | null, more: Partial<ResolvedActor> = {}): ResolvedActor {
  return { channel: 'cli', subject: 'ada', account: 'northwind', userId: ME, role, bound: false, bootstrap: false, ...more };
}

/** Every act, those with a target against every kind of it: who may, besides in bootstrap. */
const both: readonly Role[] = ['Administrator', 'Manager'];
const alone: readonly Role[] = ['Administrator'];
const ON_PERSON: readonly OnPerson['act'][] = ['reset', 'invite', 'issue-token', 'unlock', 'end-sessions'];
const TABLE: [string, Act, readonly Role[]][] = [
  ['change-policy', { act: 'change-policy' }, both],
  ['override-guard', { act: 'override-guard' }, both],
  ['suspend', { act: 'suspend' }, both],
  ['import-directory', { act: 'import-directory' }, alone],
  ['define-report', { act: 'define-report' }, alone],
  ['read-report', { act: 'read-report' }, alone],
  ['read-audit', { act: 'read-audit' }, alone],
  ['acknowledge-restore', { act: 'acknowledge-restore' }, alone],
  ['erase-person', { act: 'erase-person' }, alone],
  ['rotate-keys', { act: 'rotate-keys' }, alone],
  ['list-users', { act: 'list-users' }, both],
  ['exempt others', { act: 'exempt', users: [OTHER, 3] }, alone],
  ['exempt nobody who exists', { act: 'exempt', users: [] }, alone],
  ['exempt themselves among others', { act: 'exempt', users: [OTHER, ME] }, []],
  ['list-resets', { act: 'list-resets' }, both],
  ['read-policies', { act: 'read-policies' }, both],
  ...ON_PERSON.flatMap((act): [string, Act, readonly Role[]][] => [
    ...ROLES.map((role): [string, Act, readonly Role[]] => [
      `${act} on a ${role}`,
      { act, user: OTHER, role },
      role === 'Administrator' ? alone : both,
    ]),
    [`${act} on somebody without a role in the account itself`, { act, user: OTHER, role: null }, both],
    ...ROLES.map((role): [string, Act, readonly Role[]] => [`${act} on themselves, a ${role}`, { act, user: ME, role }, []]),
  ]),
  ["approve another's request for a third", { act: 'approve-reset', user: OTHER, requester: 3 }, alone],
  ['approve the request of the person who is reset', { act: 'approve-reset', user: OTHER, requester: OTHER }, alone],
  ['approve their own request', { act: 'approve-reset', user: OTHER, requester: ME }, []],
  ['approve a request that nobody is known to have made', { act: 'approve-reset', user: OTHER, requester: null }, []],
  ['approve their own reset', { act: 'approve-reset', user: ME, requester: OTHER }, []],
];
const FIRST: readonly string[] = ['change-policy', 'suspend', 'override-guard', 'import-directory'];

describe.each(TABLE)('%s', (_, act, who) => {
  it.each(ROLES)('by a member who is %s', (role) => {
    expect(rightTo(actor(role), act, settings).allowed).toBe(who.includes(role));
  });

  it('by nobody whom the account knows, and nobody without a role', () => {
    for (const stranger of [actor(null), actor(null, { userId: null }), actor('Administrator', { userId: null })]) {
      expect(rightTo(stranger, act, settings)).toEqual({ allowed: false, reason: 'cli "ada" is no enabled member of northwind' });
    }
  });

  it('in an account that is still to be bootstrapped', () => {
    for (const stranger of [actor(null, { userId: null, bootstrap: true }), actor('Lite', { bootstrap: true })]) {
      expect(rightTo(stranger, act, settings).allowed).toBe(FIRST.includes(act.act));
    }
  });
});

it('every act stands in the table', () => {
  const acts: Record<Act['act'], true> = {
    'change-policy': true,
    suspend: true,
    'override-guard': true,
    'import-directory': true,
    'define-report': true,
    'read-report': true,
    'read-audit': true,
    'list-users': true,
    'list-resets': true,
    'read-policies': true,
    invite: true,
    'issue-token': true,
    unlock: true,
    'end-sessions': true,
    exempt: true,
    reset: true,
    'approve-reset': true,
    'acknowledge-restore': true,
    'erase-person': true,
    'rotate-keys': true,
  };
  expect(new Set(TABLE.map(([, act]) => act.act))).toEqual(new Set(Object.keys(acts)));
});

it('policy and overrides as configured, to Administrators alone', () => {
  const strict = { policy: ['Administrator'] } as const;
  for (const act of ['change-policy', 'suspend', 'override-guard'] as const) {
    expect(rightTo(actor('Administrator'), { act }, strict).allowed).toBe(true);
    expect(rightTo(actor('Manager'), { act }, strict)).toEqual({
      allowed: false,
      reason: `cli "ada" is Manager of northwind; ${act} takes Administrator`,
    });
  }
  expect(rightTo(actor('Manager'), { act: 'list-users' }, strict).allowed).toBe(true);
});

it('a refusal says why', () => {
  const why = (role: Role, act: Act) => {
    const answer = rightTo(actor(role), act, settings);
    return answer.allowed ? 'allowed' : answer.reason;
  };
  expect(why('Administrator', { act: 'exempt', users: [ME] })).toBe('nobody exempts themselves');
  expect(why('Administrator', { act: 'reset', user: ME, role: 'Administrator' })).toBe('nobody resets themselves');
  expect(why('Manager', { act: 'reset', user: OTHER, role: 'Administrator' })).toBe('a Manager does not reset an Administrator');
  expect(why('Manager', { act: 'issue-token', user: OTHER, role: 'Administrator' })).toBe(
    'a Manager does not issue a token to an Administrator',
  );
  expect(why('Administrator', { act: 'unlock', user: ME, role: 'Administrator' })).toBe('nobody unlocks themselves');
  expect(why('Administrator', { act: 'approve-reset', user: ME, requester: OTHER })).toBe('nobody approves their own reset');
  expect(why('Administrator', { act: 'approve-reset', user: OTHER, requester: ME })).toBe(
    'the approver must be another person than the requester',
  );
  expect(why('Editor', { act: 'list-users' })).toBe('cli "ada" is Editor of northwind; list-users takes Administrator or Manager');
});
