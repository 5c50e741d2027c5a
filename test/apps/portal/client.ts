/** A client without a browser: it keeps the cookie, and sends what it is told to, fit or not. */
export class Client {
  readonly origin: string;
  cookie = '';
  form = '';

  constructor(origin: string, token?: string) {
    this.origin = origin;
    if (token !== undefined) this.cookie = `__Host-padlock=${token}`;
  }

  /** Looks at a page; nothing is followed. */
  async get(path: string, init: RequestInit = {}): Promise<Answer> {
    return this.#told(
      await fetch(`${this.origin}${path}`, { redirect: 'manual', ...init, headers: { cookie: this.cookie, ...init.headers } }),
    );
  }

  /** Sends a form as the page would that was looked at last, or that of the settings. */
  async post(path: string, fields: Readonly<Record<string, string>> = {}, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    if (this.form === '') await this.get('/settings');
    const body = new URLSearchParams({ form: this.form, ...fields });
    const init = { method: 'POST', redirect: 'manual', body } as const;
    return this.#told(await fetch(`${this.origin}${path}`, { ...init, headers: { cookie: this.cookie, origin: this.origin, ...headers } }));
  }

  async #told(response: Response): Promise<Answer> {
    const set = response.headers.getSetCookie()[0];
    if (set !== undefined) this.cookie = set.split(';')[0] ?? '';
    const text = await response.text();
    this.form = /name="form" value="([0-9a-f]{64})"/.exec(text)?.[1] ?? this.form;
    return { status: response.status, headers: response.headers, text, location: response.headers.get('location') };
  }
}

/** What was answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly location: string | null;
}
