import { PadlockError } from '../../../src/core/model/errors.ts';
import { scopeOf } from '../../../src/core/model/scope.ts';
import { type EnforcerName, FACTOR_KINDS, type FactorKind, type Instant } from '../../../src/core/model/words.ts';
import type {
  Enforcer,
  EnforcerFinding,
  PersonElsewhere,
  ResetCarried,
  ResetNotes,
  ResetOrder,
  ScopeDemand,
  ScopePushed,
} from '../../../src/core/ports/enforcer.ts';

/** The word of an enforcer that this program does not have yet: nothing of plan, report or flows asks for more than the port. */
export const ELSEWHERE = 'keycloak' as EnforcerName;

interface There {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly enabled: boolean;
}

/** What a reset writes down before it begins. */
interface Notes {
  readonly user: string;
  readonly wasEnabled: boolean;
  readonly factors: readonly string[];
}

/**
 * An enforcer over such a server: a requirement is a role mapped on a group, O(1) for each scope; a reset is steps, each of which
 * may be the last before a kill. `step` is called before each of them.
 */
export function realmEnforcer(address: string, step: (name: string) => void = () => undefined): Enforcer {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    step(`${method} ${path}`);
    const response = await fetch(`${address}${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) }).catch(
      (cause: unknown) => {
        throw new PadlockError('enforcer/unreachable', 'keycloak does not answer', { fix: 'see that it runs', cause });
      },
    );
    if (response.status === 404) return undefined;
    if (!response.ok)
      throw new PadlockError('enforcer/unreachable', `keycloak answers ${response.status}`, {
        fix: 'give Padlock the rights it needs there',
      });
    return response.json();
  };
  /** A reader with too few rights is answered with emptiness: nothing is believed before the realm shows its flow. */
  const believed = async () => {
    const { browserFlow } = (await call('GET', '/realm')) as { browserFlow?: string };
    if (browserFlow === undefined)
      throw new PadlockError('enforcer/unreachable', 'keycloak shows a part of the realm alone', { fix: 'grant view-realm' });
  };
  async function* everybody(): AsyncGenerator<There> {
    await believed();
    for (let first = 0; ; first += 2) {
      const page = (await call('GET', `/users?first=${first}&max=2`)) as There[];
      yield* page;
      if (page.length < 2) return;
    }
  }
  const factorsOf = async (user: string) =>
    ((await call('GET', `/users/${user}/credentials`)) as { id: string; type: string; createdDate: number }[]).filter(
      ({ type }) => type !== 'password',
    );
  const find = async (person: PersonElsewhere) => {
    for await (const one of everybody()) if (isPerson(one, person)) return one;
    return undefined;
  };

  async function drift(account: string, demands: readonly ScopeDemand[], now: Instant): Promise<EnforcerFinding[]> {
    await believed();
    const groups = new Map(((await call('GET', '/groups')) as { path: string; roles: string[] }[]).map(({ path, roles }) => [path, roles]));
    const clients = (await call('GET', '/clients')) as { clientId: string; directAccessGrantsEnabled: boolean }[];
    const exempt = await exemptIds(demands);
    const standing = [...((await call('GET', '/exempt')) as string[])].sort();
    return [
      ...clients
        .filter(({ directAccessGrantsEnabled }) => directAccessGrantsEnabled)
        .map(
          ({ clientId }): EnforcerFinding => ({
            scope: null,
            what: `direct grants of client ${clientId}`,
            is: true,
            shouldBe: false,
            mends: 'by-hand',
          }),
        ),
      ...demands.flatMap(({ scope, stages }) => {
        const paths = [...groups.keys()].filter((path) => path.startsWith(groupOf(scope, '')));
        return paths.flatMap((path): EnforcerFinding[] => {
          const [is, shouldBe] = [[...(groups.get(path) ?? [])].sort(), rolesFor(stages, path, now)];
          return is.join() === shouldBe.join() ? [] : [{ scope, what: `the roles of ${path}`, is, shouldBe, mends: 'push' }];
        });
      }),
      ...(exempt.join() === standing.join()
        ? []
        : [{ scope: account, what: 'whom it exempts', is: standing, shouldBe: exempt, mends: 'push' as const }]),
    ];
  }

  async function exemptIds(demands: readonly ScopeDemand[]): Promise<string[]> {
    const ids: string[] = [];
    const exempt = demands[0]?.exempt ?? [];
    if (exempt.length > 0) for await (const one of everybody()) if (exempt.some((person) => isPerson(one, person))) ids.push(one.id);
    return ids.sort();
  }

  async function pushScope({ scope, stages, exempt }: ScopeDemand, now: Instant): Promise<ScopePushed> {
    try {
      for (const { path, roles } of (await call('GET', '/groups')) as { path: string; roles: string[] }[]) {
        if (!path.startsWith(groupOf(scope, ''))) continue;
        const wanted = rolesFor(stages, path, now);
        const at = `/groups/${encodeURIComponent(path)}`;
        const [more, less] = [wanted.filter((role) => !roles.includes(role)), roles.filter((role) => !wanted.includes(role))];
        if (more.length > 0) await call('POST', at, more);
        if (less.length > 0) await call('DELETE', at, less);
      }
      const wanted = await exemptIds([{ scope, exempt } as ScopeDemand]);
      const standing = (await call('GET', '/exempt')) as string[];
      for (const id of wanted) if (!standing.includes(id)) await call('PUT', `/exempt/${id}`);
      for (const id of standing) if (!wanted.includes(id)) await call('DELETE', `/exempt/${id}`);
      return { scope, outcome: 'pushed' };
    } catch (error) {
      if (!(error instanceof PadlockError)) throw error;
      return { scope, outcome: 'failed', why: error.message, fix: error.fix ?? '' };
    }
  }

  async function reset({ person, requestedAt }: ResetOrder, notes: ResetNotes): Promise<ResetCarried> {
    const found = await find(person);
    if (found === undefined) return { outcome: 'nobody' };
    const old = (await factorsOf(found.id)).filter(({ createdDate }) => createdDate < requestedAt);
    const { user, wasEnabled, factors } = (await notes.begin({
      user: found.id,
      wasEnabled: found.enabled,
      factors: old.map(({ id }) => id),
    })) as unknown as Notes;
    await call('PUT', `/users/${user}`, { enabled: false });
    await call('POST', `/users/${user}/logout`);
    for (const factor of factors) await call('DELETE', `/users/${user}/credentials/${factor}`);
    await call('POST', `/users/${user}/logout`);
    await call('PUT', `/users/${user}`, { enabled: wasEnabled });
    return { outcome: 'done', factors: factors.length };
  }

  return {
    capabilities: {
      name: ELSEWHERE,
      place: 'elsewhere',
      enforcesAccount: true,
      enforcesMyGlue: true,
      grace: 'deadline',
      enrolls: FACTOR_KINDS,
      resets: true,
      sessions: true,
      enrollment: 'enforcer',
      cannot: { gracePeriod: 'prompts nobody before the deadline', localChallenge: 'always asks for the local code' },
    },
    push: async (demands, now) => {
      const pushed: ScopePushed[] = [];
      for (const demand of demands) pushed.push(await pushScope(demand, now));
      return pushed;
    },
    reset,
    drift,
    async *enrollment() {
      for await (const { id, username, email } of everybody()) {
        const kinds = new Set((await factorsOf(id)).map(({ type }) => type as FactorKind));
        yield { externalId: username, address: email, kinds: [...kinds] };
      }
    },
  };
}

function isPerson({ username, email }: There, { externalId, address }: PersonElsewhere): boolean {
  return username === externalId || (address !== null && email.toLowerCase() === address.toLowerCase());
}

/** `/account/Editor`, `/myglue/bakery/Editor`. */
function groupOf(scope: string, role: string): string {
  const { myGlueAccount } = scopeOf(scope);
  return myGlueAccount === undefined ? `/account/${role}` : `/myglue/${myGlueAccount}/${role}`;
}

/** The roles of a group: those of its stages that have begun. */
function rolesFor(stages: ScopeDemand['stages'], path: string, now: Instant): string[] {
  const begun = stages.filter(({ role, from }) => path.endsWith(`/${role}`) && from <= now);
  return [...new Set(begun.map(({ kinds }) => (kinds.length === 1 ? `${kinds[0]}-required` : 'mfa-required')))].sort();
}
