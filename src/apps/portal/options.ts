import type { CommonPasswords } from '../../core/ports/passwords.ts';
import type { KeptReports } from '../../flows/administering/archive.ts';
import type { SignInWorld } from '../../flows/sign-in/world.ts';
import type { World } from '../../flows/world.ts';

/** What the portal is made of. */
export interface PortalOptions {
  readonly signIn: SignInWorld;
  /** The world as one of its users acts in it: by the store's id. */
  readonly worldOf: (userId: number) => World;
  readonly passwords: CommonPasswords;
  /** The version of this program, for reports. */
  readonly version?: string;
  /** Where the reports of earlier runs lie; undefined: nowhere that is configured. */
  readonly reports?: KeptReports;
  /** The network address that a request came from, by the trusted proxies. */
  readonly addressOf: (request: Request, socket: string | undefined) => string;
  /** Told of every request that is over: the route's pattern, never its path, as paths hold tokens. */
  readonly onRequest?: (told: RequestTold) => void;
  /** Told of whatever nobody expected; the page says only that something failed, and under which id. */
  readonly onFault: (error: unknown, id: string) => void;
}

/** One request that is over. */
export interface RequestTold {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
}

/** What requests carry besides themselves. */
export interface Env {
  readonly Bindings: { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } };
  /** `sandboxed`: the answer is a page that was made elsewhere, and gets no right at all. */
  readonly Variables: { sandboxed?: true };
}
