import type { Served } from './served.ts';

/** What a page answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Where it sends the browser. */
  readonly location: string | null;
}

/** Somebody with a session, as their browser talks to the portal. */
export class Visitor {
  readonly #served: Served;
  readonly token: string;

  constructor(served: Served, token: string) {
    this.#served = served;
    this.token = token;
  }

  async get(path: string): Promise<Answer> {
    return this.#ask(path, {});
  }

  /** Sends a form of a page: the token of forms is read off it. */
  async post(path: string, fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const form = /name="form" value="([^"]+)"/.exec((await this.get('/settings')).text)?.[1] ?? '';
    return this.#ask(path, {
      method: 'POST',
      headers: { origin: this.#served.origin, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ form, ...fields }).toString(),
    });
  }

  async #ask(path: string, init: RequestInit): Promise<Answer> {
    const headers = { ...(init.headers as Record<string, string> | undefined), cookie: `__Host-padlock=${this.token}` };
    const response = await fetch(`${this.#served.origin}${path}`, { ...init, headers, redirect: 'manual' });
    return { status: response.status, text: await response.text(), headers: response.headers, location: response.headers.get('location') };
  }
}
