import { unusedCodes } from '../../core/authentication/recovery-codes.ts';
import { endOf } from '../../core/authentication/sessions.ts';
import type { Answer } from '../../core/model/actor.ts';
import type { ListedReset } from '../../core/model/listed.ts';
import type { Instant } from '../../core/model/words.ts';
import { rulesOf } from '../../core/policy/rules.ts';
import type { StoreReader } from '../../core/ports/store.ts';
import type { ExplainedMembership } from '../../core/report/explain.ts';
import { type OnPerson, rightTo } from '../../core/rights/rights.ts';
import { authorize } from '../authorize.ts';
import { scopeFacts } from '../enforcing.ts';
import { explained } from '../judged.ts';
import { roleIn, type Someone } from '../sign-in/person.ts';
import type { SignInWorld } from '../sign-in/world.ts';
import type { World } from '../world.ts';
import { memberOf } from './acting.ts';
import { type NamedEntries, named } from './records.ts';
import { waitingResets } from './resets.ts';

/** Entries of somebody's history that their page shows. */
const HISTORY = 25;

/** Everything that the page of a person shows, and what may be done about it. */
export interface PersonFile {
  readonly now: Instant;
  readonly someone: Someone;
  readonly memberships: readonly ExplainedMembership[];
  /** Ids of factors that cannot be opened. */
  readonly unreadable: readonly number[];
  readonly codes: { readonly left: number; readonly all: number };
  /** Sessions that stand. */
  readonly sessions: number;
  /** Some scope of theirs asks for an enrollment token, or for a second administrator at a reset. */
  readonly asksToken: boolean;
  readonly asksApproval: boolean;
  readonly waiting: readonly (ListedReset & { readonly approval: Answer })[];
  /** Null: the audit log is not open to whoever looks. */
  readonly history: NamedEntries | null;
  readonly rights: Readonly<Record<OnPerson['act'], Answer>>;
}

/** One person of an account or of its MyGlue accounts. Undefined: there is nobody of this id in the account. */
export function personFlow(world: World, signIn: SignInWorld, account: string, userId: number): Promise<PersonFile | undefined> {
  const now = world.clock.now();
  return world.store.read(async (reader) => {
    const actor = await authorize(world, reader, account, { act: 'list-users' }, 'nobody was shown');
    const someone = await memberOf(signIn, reader, account, userId, now);
    if (someone === undefined) return undefined;
    const may = (act: Parameters<typeof rightTo>[1]) => rightTo(actor, act, world.rights);
    const role = roleIn(someone, account) ?? null;
    const onPerson = (act: OnPerson['act']) => may({ act, user: userId, role });
    const codes = await reader.recoveryCodes(userId);
    const rules = someone.terms.map((terms) => rulesOf(terms));
    const waiting = await waitingResets(reader, account, userId);
    return {
      now,
      someone,
      memberships: explained(someone.person, await scopeFacts(world, reader, account), someone.terms, someone.obligations, now),
      unreadable: (await reader.unreadableFactors([userId])).get(userId) ?? [],
      codes: { left: unusedCodes(codes).length, all: codes.length },
      sessions: await standing(reader, signIn, someone, now),
      asksToken: someone.facts.asked.some(({ token }) => token),
      asksApproval: rules.some((own) => (own?.resets?.approvals ?? 0) > 0),
      waiting: waiting.map((reset) => ({
        ...reset,
        approval: may({ act: 'approve-reset', user: userId, requester: reset.requesterId }),
      })),
      history: may({ act: 'read-audit' }).allowed
        ? await named(reader, (await reader.auditList({ account, userId, limit: HISTORY })).entries)
        : null,
      rights: {
        reset: onPerson('reset'),
        invite: onPerson('invite'),
        'issue-token': onPerson('issue-token'),
        unlock: onPerson('unlock'),
        'end-sessions': onPerson('end-sessions'),
      },
    };
  });
}

async function standing(
  reader: StoreReader,
  signIn: SignInWorld,
  { person, state, canSignIn, facts }: Someone,
  now: Instant,
): Promise<number> {
  const sessions = await reader.sessionsOf(person.id);
  const ends = sessions.map((session) => endOf({ session, state, canSignIn, asked: facts.asked }, signIn.limits, now));
  return ends.filter((why) => why === null).length;
}
