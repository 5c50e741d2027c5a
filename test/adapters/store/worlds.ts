import fc from 'fast-check';
import { allowedFor, BITS_PER_ROLE, type Demand, roleIndex } from '../../../src/core/model/demand.ts';
import type { ExemptionWindow, Proof, Standing } from '../../../src/core/model/requirement.ts';
import type { Obligation, Terms, Trust } from '../../../src/core/model/terms.ts';
import { type Instant, ROLES, type Role } from '../../../src/core/model/words.ts';
import { addsObligation } from '../../../src/core/policy/deadline.ts';
import type { OnEngine } from './engines.ts';

/** The moment at which the worlds are judged; edges of windows, ages and deadlines are drawn around it. */
export const NOW: Instant = Date.UTC(2026, 10, 25, 12);
export const DAY = 86_400_000;
const HOUR = 3_600_000;
const ACCOUNT = 'northwind';
const SCOPES = 16;

/** One apply of a scope's policy, earlier or the one in force. */
export interface Applying {
  readonly at: Instant;
  readonly terms: Terms;
}

/** A scope with its history; `obligations` is what the applies have left, or anything at all where `history` is empty. */
export interface WorldScope {
  readonly key: string;
  readonly history: readonly Applying[];
  /** Undefined: no policy. */
  readonly terms: Terms | undefined;
  readonly obligations: readonly Obligation[];
}

/** What happened to somebody before the world is judged: nothing of it stands in the store, and the deadline must not show it. */
export type Past = 'nothing' | 'reset' | 're-enabled' | 'rejoined' | 'promoted';

/** An exemption's window as stored: with the channel that owns its document. */
export interface StoredWindow extends ExemptionWindow {
  readonly channel: 'file' | 'portal';
}

/** A person. */
export interface WorldUser {
  readonly id: number;
  readonly address: string;
  readonly enabled: boolean;
  readonly service: boolean;
  readonly localPassword: boolean;
  readonly kinds: number | null;
  readonly windows: readonly StoredWindow[];
  readonly proofs: readonly Proof[];
  readonly past: Past;
}

/** A membership as the store holds it. */
export interface WorldMember {
  readonly scope: number;
  readonly user: WorldUser;
  readonly role: Role;
  readonly joined: Instant;
  readonly ended: boolean;
}

export interface RandomWorld {
  readonly scopes: readonly WorldScope[];
  readonly users: readonly WorldUser[];
  readonly members: readonly WorldMember[];
}

/** A membership as `judge` takes it. Lists believe proofs of people without a local password alone. */
export function standingOf({ user, role, joined }: WorldMember, windows: readonly ExemptionWindow[] = user.windows): Standing {
  return {
    role,
    enabled: user.enabled && !user.service,
    kinds: user.kinds,
    joined,
    exemptions: windows,
    proofs: user.localPassword ? [] : user.proofs,
  };
}

/** Instants around now: whole days apart, so that sums meet now exactly, and a millisecond beside. */
function days(from: number, to: number): fc.Arbitrary<Instant> {
  return fc
    .tuple(fc.integer({ min: from, max: to }), weighted([8, 0], [1, 1], [1, -1]))
    .map(([count, beside]) => NOW + count * DAY + beside);
}

function weighted<T>(...choices: readonly (readonly [weight: number, value: T])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
}

const mask = weighted([3, 0], [3, 1], [2, 2], [4, 3], [1, 4], [1, 6]);
const demand = fc.tuple(mask, mask, mask, mask, mask, mask).map(pack);

function pack(masks: readonly number[]): Demand {
  return masks.reduce((sum, kinds, role) => sum | (kinds << (BITS_PER_ROLE * role)), 0);
}

const trust: fc.Arbitrary<Trust> = fc.record({
  provider: fc.constantFrom('entra', 'okta'),
  claim: fc.constantFrom('amr' as const, 'acr' as const),
  value: fc.constantFrom('mfa', 'phr'),
  maxAge: fc.constantFrom(HOUR, 12 * HOUR, DAY),
});

const rules = fc.record({
  mode: weighted([12, 'Enforce'], [4, 'ReportOnly'], [3, 'off']),
  enforceFrom: fc.option(days(-20, 10), { freq: 2 }),
  grace: fc.constantFrom(0, DAY, 7 * DAY, 14 * DAY, 21 * DAY),
  trust: fc.uniqueArray(trust, { maxLength: 2, selector: (t) => `${t.provider} ${t.claim} ${t.value}` }),
});

/** Some terms for a scope, not derived from any history: what a plan may propose. */
export function proposedTerms(scope: string): fc.Arbitrary<Terms> {
  return fc.tuple(demand, rules).map(([asked, rest]) => termsOf(scope, asked, rest));
}

type Rules = typeof rules extends fc.Arbitrary<infer T> ? T : never;

/** Terms of a scope; `mode` is `Enforce`, `ReportOnly` or `off`. */
export function termsOf(scope: string, asked: Demand, { mode, ...rest }: Rules): Terms {
  const lines = { requireMfa: 3, roles: 4, factors: 5, sso: 6, mode: 7, enforceFrom: 8, gracePeriod: 9 };
  return {
    ...rest,
    scope,
    demand: asked,
    requireMfa: mode !== 'off',
    reportOnly: mode === 'ReportOnly',
    rules: {},
    origin: { document: scope, via: 'own', file: 'policies.yaml', lines },
  };
}

const applying = fc.record({
  gap: weighted([4, 0], [2, 7], [2, 3], [1, 14]),
  which: weighted([5, 'first'], [4, 'second'], [2, 'both'], [2, 'either'], [3, 'passkey']),
  rules,
});

const PASSKEY = pack(ROLES.map(() => 2));

/** Rows that no history need have left, none among them; a row is never younger than the moment. */
const anything = fc.uniqueArray(
  fc.tuple(
    demand,
    days(-20, 0).map((at) => Math.min(at, NOW)),
  ),
  { maxLength: 3, selector: ([d]) => d },
);

/** A history: the demands of a scope are mostly the same, sometimes narrowed, widened, or of other roles. */
function scopeOf(index: number): fc.Arbitrary<WorldScope> {
  const key = index === 0 ? ACCOUNT : `${ACCOUNT}/client-${index}`;
  return fc
    .record({
      demands: fc.tuple(demand, demand),
      applies: fc.array(applying, { minLength: 1, maxLength: 5, size: 'max' }),
      last: days(-21, 0),
      gone: weighted([10, false], [1, true]),
      anything: fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: anything }),
    })
    .map(({ demands: [first, second], applies, last, gone, anything }) => {
      const choices = { first, second, both: narrowed(first, second), either: first | second, passkey: narrowed(first, PASSKEY) };
      let at = last - applies.slice(1).reduce((sum, a) => sum + a.gap * DAY, 0);
      const history = applies.map((a, i): Applying => {
        if (i > 0) at += a.gap * DAY;
        return { at, terms: termsOf(key, choices[a.which as keyof typeof choices], a.rules) };
      });
      const obligations: Obligation[] = [];
      for (const one of history) {
        const fresh = addsObligation(one.terms, obligations) && !obligations.some((o) => o.demand === one.terms.demand);
        if (fresh) obligations.push({ scope: key, demand: one.terms.demand, since: one.at });
      }
      const terms = gone ? undefined : history.at(-1)?.terms;
      if (anything === null) return { key, history, terms, obligations };
      return { key, history: [], terms, obligations: anything.map(([d, since]) => ({ scope: key, demand: d, since })) };
    });
}

/** The kinds that both demands allow, role by role; the second's where they have none in common, none for a role not asked. */
function narrowed(first: Demand, second: Demand): Demand {
  const kinds = (asked: number, other: number) => (asked === 0 ? 0 : asked & other || other);
  return pack(ROLES.map((role) => kinds(allowedFor(first, role), allowedFor(second, role))));
}

const edge = weighted([2, -3 * DAY], [2, -DAY], [1, -1], [2, 0], [1, 1], [2, DAY], [1, 3 * DAY]);

/** A window around now, half-open; some begin or end at now to the millisecond. */
const storedWindow: fc.Arbitrary<StoredWindow> = fc
  .record({
    document: fc.constantFrom('field-work', 'migration', 'parental-leave'),
    channel: weighted([4, 'file' as const], [1, 'portal' as const]),
    from: edge,
    to: edge,
  })
  .map(({ document, channel, from, to }) => ({
    document,
    channel,
    startsAt: NOW + Math.min(from, to),
    expiresAt: NOW + Math.max(from, to) + (from === to ? 1 : 0),
  }));

const proof: fc.Arbitrary<Proof> = fc.record({
  provider: weighted([6, 'entra'], [3, 'okta'], [1, 'other']),
  claim: weighted([3, 'amr' as const], [1, 'acr' as const]),
  value: weighted([4, 'mfa'], [1, 'phr']),
  at: fc
    .tuple(weighted([1, -HOUR], [2, 0], [3, HOUR], [3, 12 * HOUR], [2, DAY], [1, 2 * DAY]), weighted([3, 0], [1, 1], [1, -1]))
    .map(([age, beside]) => NOW - age + beside),
});

const user = fc.record({
  enabled: weighted([18, true], [1, false]),
  service: weighted([24, false], [1, true]),
  localPassword: weighted([1, true], [1, false]),
  kinds: weighted([10, 0 as number | null], [3, null], [4, 1], [2, 2], [1, 3], [2, 4]),
  windows: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.uniqueArray(storedWindow, { maxLength: 3, selector: (w) => `${w.channel} ${w.document} ${w.startsAt}` }) },
  ),
  proofs: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.uniqueArray(proof, { maxLength: 3, selector: (p) => `${p.provider} ${p.claim} ${p.value}` }) },
  ),
  past: weighted([4, 'nothing'], [1, 'reset'], [1, 're-enabled'], [1, 'rejoined'], [1, 'promoted']) as fc.Arbitrary<Past>,
  first: fc.nat(SCOPES - 1),
  roles: fc.tuple(fc.constantFrom(...ROLES), fc.constantFrom(...ROLES)),
  joined: fc.tuple(days(-30, 0), days(-30, 0)),
  /** Another scope of the same person; 0: none. */
  step: weighted([3, 0], [1, 1], [1, 5]),
  ended: weighted([24, false], [1, true]),
});

/** A world of some users, a third of them with two memberships. */
export function worlds(users: number): fc.Arbitrary<RandomWorld> {
  const scopes = fc.tuple(...Array.from({ length: SCOPES }, (_, index) => scopeOf(index)));
  return fc.tuple(scopes, fc.array(user, { minLength: users, maxLength: users })).map(([scopeList, drawn]) => {
    const members: WorldMember[] = [];
    const people = drawn.map(({ first, roles, joined, step, ended, ...facts }, index): WorldUser => {
      const person = pastOf({ ...facts, id: index + 1, address: `U${(index * 7919) % users}@client.example` });
      members.push({ scope: first, user: person, role: roles[0], joined: joined[0], ended });
      if (step > 0) members.push({ scope: (first + step) % SCOPES, user: person, role: roles[1], joined: joined[1], ended: false });
      return person;
    });
    return { scopes: scopeList, users: people, members };
  });
}

/** What a past leaves: a reset no kind, a person re-enabled is enabled. */
function pastOf(person: WorldUser): WorldUser {
  if (person.past === 'reset') return { ...person, kinds: 0 };
  return person.past === 're-enabled' ? { ...person, enabled: true } : person;
}

/** Writes a world into a new store, row by row, by other statements than the store's own. */
export async function writeWorld(store: Pick<OnEngine, 'insert'>, { scopes, users, members }: RandomWorld): Promise<void> {
  const insert = async (table: string, rows: readonly Readonly<Record<string, unknown>>[]) => {
    if (rows.length > 0) await store.insert(table, rows);
  };
  const terms = scopes.flatMap((s, i) => (s.terms === undefined ? [] : [{ id: i + 1, terms: s.terms }]));
  await insert('accounts', [{ id: 1, slug: ACCOUNT, title: 'Northwind IT', enforcer: 'portal' }]);
  await insert(
    'scopes',
    scopes.map((s, i) => ({ id: i + 1, account_id: 1, my_glue: i === 0 ? null : `client-${i}`, key: s.key, title: s.key })),
  );
  await insert(
    'terms',
    terms.map(({ id, terms: t }) => ({
      scope_id: id,
      require_mfa: Number(t.requireMfa),
      report_only: Number(t.reportOnly),
      demand: t.demand,
      enforce_from: t.enforceFrom,
      grace: t.grace,
      rules: '{}',
      origin: JSON.stringify(t.origin),
      version: 1,
    })),
  );
  await insert(
    'trusts',
    terms.flatMap(({ id, terms: t }) => t.trust.map(({ maxAge, ...x }) => ({ scope_id: id, ...x, max_age: maxAge }))),
  );
  await insert(
    'obligations',
    scopes.flatMap((s, i) => s.obligations.map((o) => ({ scope_id: i + 1, demand: o.demand, since: o.since }))),
  );
  await insert(
    'users',
    users.map((u) => ({
      id: u.id,
      account_id: 1,
      external_id: String(u.id),
      origin: 'demo',
      address: u.address,
      address_key: u.address.toLowerCase(),
      enabled: Number(u.enabled),
      service: Number(u.service),
      local_password: Number(u.localPassword),
      sso: 1,
      kinds: u.kinds,
    })),
  );
  await insert(
    'upstream_proofs',
    users.flatMap((u) => u.proofs.map((p) => ({ user_id: u.id, ...p }))),
  );
  await insert(
    'exemption_users',
    users.flatMap((u) =>
      u.windows.map((w) => ({
        account_id: 1,
        channel: w.channel,
        document: w.document,
        user_id: u.id,
        called: u.address,
        starts_at: w.startsAt,
        expires_at: w.expiresAt,
      })),
    ),
  );
  await insert(
    'memberships',
    members.map((m) => ({
      scope_id: m.scope + 1,
      user_id: m.user.id,
      role: roleIndex(m.role),
      joined_at: m.joined,
      ended_at: m.ended ? NOW - DAY : null,
      active: Number(m.user.enabled && !m.user.service),
      kinds: m.user.kinds,
    })),
  );
}
