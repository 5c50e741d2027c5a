import { type Check, fault, fine, warning } from '../../core/doctor/check.ts';
import type { ResolvedActor } from '../../core/model/actor.ts';
import type { StoreReading } from '../../core/ports/store.ts';
import type { StoreKeeping } from '../../core/ports/store-keeping.ts';
import { actorIn, CONTESTED_FIX, contestedWords } from '../authorize.ts';
import { administratorQuestion } from '../reconcile/administrators.ts';
import type { OperatedWorld } from '../world.ts';

type Reader = StoreReading & StoreKeeping;

/** For each account: whether anybody can still change it, and as whom this command line acts. */
export async function rightsChecks(world: OperatedWorld, reader: Reader): Promise<Check[]> {
  const { accounts, terms } = await reader.applied();
  const questions = accounts.map(({ account, enforcer }) => {
    const own = terms.find((t) => t.scope === account);
    return administratorQuestion(world, account, own, enforcer, []);
  });
  const able = await reader.administrators(questions);
  const lockedOut = await reader.lockedOut(questions);
  const checks: Check[] = [];
  for (const { account } of accounts) {
    const administrators = able.get(account) ?? 0;
    const locked = lockedOut.get(account) ?? 0;
    if (administrators === 0) {
      const fix = 'see "The sole administrator is gone" in docs/runbook.md';
      checks.push(fault('rights', `${account} has no administrator who can sign in`, fix));
      continue;
    }
    checks.push(actorCheck(world, await actorIn(world, reader, account), `${countWords(administrators - locked, locked)} can sign in`));
    if (administrators === locked) {
      const told = `no administrator of ${account} can sign in: of the ${locked} who are enrolled, no factor opens`;
      checks.push(fault('rights', told, 'restore the key file; lost for good: "The key is lost for good" in docs/runbook.md'));
    }
  }
  return checks;
}

function countWords(administrators: number, locked: number): string {
  const count = administrators === 1 ? '1 administrator' : `${administrators} administrators`;
  return locked === 0 ? count : `${count} of ${administrators + locked}`;
}

function actorCheck(world: OperatedWorld, actor: ResolvedActor, administrators: string): Check {
  const { channel, subject, account } = actor;
  if (actor.contested !== undefined) {
    return fault('rights', `${contestedWords(actor, actor.contested)}; changes are refused`, CONTESTED_FIX);
  }
  if (actor.role !== null) {
    return fine('rights', `${channel} "${subject}" is ${actor.called}, ${actor.role} of ${account}; ${administrators}`);
  }
  const whom = actor.called ?? world.actorUser ?? 'nobody';
  const told = `${channel} "${subject}" ${actor.bound ? 'is bound to' : 'stands for'} ${whom}, no enabled member of ${account}; changes are refused`;
  const fix = actor.bound
    ? 'name somebody who is by actor.user in padlock.yaml, with another actor.subject: a subject stays bound to one person'
    : 'set actor.user in padlock.yaml to somebody who is';
  return whom === 'nobody' ? warning('rights', told, fix) : fault('rights', told, fix);
}
