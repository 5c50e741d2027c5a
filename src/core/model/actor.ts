import type { Channel, Instant, Json, Role } from './words.ts';

/** Who is acting, as the channel authenticated them. */
export interface Actor {
  readonly channel: Channel;
  /** Who the channel says it is: a session's user, a signer's principal, the name configured for this command line. */
  readonly subject: string;
}

/** An actor resolved in one account: the person, and the role that gives the rights. */
export interface ResolvedActor extends Actor {
  readonly account: string;
  /** Null: nobody yet, in an account that is still to be bootstrapped. */
  readonly userId: number | null;
  readonly role: Role | null;
  /** The channel's subject is bound to that person: nobody else is ever meant by it. */
  readonly bound: boolean;
  /** The person's address, or id; absent where it is nobody. */
  readonly called?: string;
  /** Whom the subject is bound to, where the configuration names another person: nobody acts then, and neither is meant. */
  readonly contested?: string;
  /** The account has no administrator yet: the first import and policy are taken, audited as bootstrap. */
  readonly bootstrap: boolean;
}

/** An answer about a right: allowed, or why not, in words. */
export type Answer = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/** One entry of an account's audit chain before it is chained. The detail never holds a secret. */
export interface AuditRecord {
  readonly account: string;
  readonly at: Instant;
  readonly actor: ResolvedActor;
  /** `policy.update`, `reset.executed`, `directory.import`. */
  readonly act: string;
  /** A scope's key, a request id, a user's id. */
  readonly target: string;
  readonly detail: Json;
}
