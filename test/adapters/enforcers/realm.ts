import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FactorKind } from '../../../src/core/model/words.ts';

/** A factor there, or the password. */
interface Credential {
  readonly id: string;
  readonly type: FactorKind | 'password';
  readonly createdDate: number;
}

interface RealmUser {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  enabled: boolean;
  credentials: Credential[];
  sessions: number;
}

/**
 * An identity server on this machine, for one account, as far as an enforcer needs it: groups by role with roles mapped on them,
 * people with credentials and sessions, clients with their grants. It knows nothing of Padlock. It can be broken, and its answers
 * are empty, not forbidden, for a reader with too few rights.
 */
export class Realm {
  readonly groups = new Map<string, Set<string>>();
  readonly users = new Map<string, RealmUser>();
  readonly exempt = new Set<string>();
  readonly clients = [
    { clientId: 'portal', directAccessGrantsEnabled: false },
    { clientId: 'legacy', directAccessGrantsEnabled: false },
  ];
  /** What changed something, in order: `DELETE /users/u1/credentials/c2`. */
  readonly writes: string[] = [];
  down = false;
  rightless = false;
  /** Paths that are refused. */
  refused = '';
  #ids = 0;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** Somebody with a password and a session. */
  join(username: string, email: string): RealmUser {
    const id = `u${++this.#ids}`;
    const user: RealmUser = {
      id,
      username,
      email,
      enabled: true,
      sessions: 1,
      credentials: [{ id: `p${id}`, type: 'password', createdDate: 0 }],
    };
    this.users.set(id, user);
    return user;
  }

  enroll(user: RealmUser, type: FactorKind, createdDate: number): void {
    user.credentials.push({ id: `c${++this.#ids}`, type, createdDate });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const method = request.method ?? '';
    if (this.down) return void request.socket.destroy();
    if (this.refused !== '' && decodeURIComponent(path).startsWith(this.refused)) return void response.writeHead(403).end();
    if (method !== 'GET') this.writes.push(`${method} ${decodeURIComponent(path)}`);
    const answer = this.#act(
      method,
      path.split('/').slice(1).map(decodeURIComponent),
      new URLSearchParams(query),
      text === '' ? null : JSON.parse(text),
    );
    if (answer === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  }

  #act(method: string, [what, id = '', part, last = '']: string[], query: URLSearchParams, body: unknown): unknown {
    if (what === 'realm') return this.rightless ? {} : { browserFlow: 'padlock browser v1' };
    if (what === 'clients') return this.rightless ? [] : this.clients;
    if (what === 'groups' && id === '') return this.rightless ? [] : [...this.groups].map(([path, roles]) => ({ path, roles: [...roles] }));
    if (what === 'groups') return this.#map(this.groups, method, id, body as string[]);
    if (what === 'exempt') return this.#exempt(method, id);
    if (what !== 'users') return undefined;
    if (id === '') return this.rightless ? [] : this.#page(query);
    const user = this.users.get(id);
    if (user === undefined) return undefined;
    if (method === 'PUT') Object.assign(user, body);
    else if (part === 'logout') user.sessions = 0;
    else if (part === 'credentials' && method === 'DELETE') {
      if (!user.credentials.some((credential) => credential.id === last)) return undefined;
      user.credentials = user.credentials.filter((credential) => credential.id !== last);
    } else if (part === 'credentials') return user.credentials;
    return {};
  }

  #map(groups: Map<string, Set<string>>, method: string, path: string, roles: string[]): unknown {
    const mapped = groups.get(path);
    if (mapped === undefined) return undefined;
    for (const role of roles) {
      if (method === 'DELETE') mapped.delete(role);
      else mapped.add(role);
    }
    return {};
  }

  #exempt(method: string, id: string): unknown {
    if (method === 'DELETE') this.exempt.delete(id);
    else if (method === 'PUT') this.exempt.add(id);
    else return [...this.exempt];
    return {};
  }

  #page(query: URLSearchParams): unknown {
    const first = Number(query.get('first'));
    return [...this.users.values()].slice(first, first + Number(query.get('max')));
  }
}
