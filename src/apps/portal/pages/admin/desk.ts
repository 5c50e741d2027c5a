import type { Piece } from '../../../../core/layout/html/escape.ts';
import { html } from '../../../../core/layout/html/escape.ts';
import { PadlockError } from '../../../../core/model/errors.ts';
import type { Administrator } from '../../../../flows/administering/acting.ts';
import { barOf } from '../../bar.ts';
import type { Doors, Passes, Sent } from '../../doors.ts';
import { placeOf } from '../../onward.ts';
import type { PortalOptions } from '../../options.ts';
import { show } from '../../page.ts';

/** Somebody signed in who looks at a page of administrators: in the account that they are of, whatever door they came in by. */
export interface Desk {
  readonly visit: Passes['session'];
  readonly by: Administrator;
  readonly account: string;
  /** The account as people call it. */
  readonly where: string;
  /** A parameter of the address; empty where there is none. */
  query(name: string): string;
  /** The person of the path, by the store's id; -1, which nobody has, where it is no number. */
  id(): number;
}

/**
 * Pages and acts of administrators, each behind the one gate. Who may do what is the flows' to say, by the rights, in the snapshot or the
 * transaction of each; here a refusal becomes a page.
 */
export class Desks {
  readonly #doors: Doors;
  readonly #options: PortalOptions;

  constructor(doors: Doors, options: PortalOptions) {
    this.#doors = doors;
    this.#options = options;
  }

  /** A page to look at. */
  page(path: string, page: (desk: Desk) => Promise<Response>): void {
    this.#doors.page(path, 'session', async (visit) => this.#guarded(visit, page));
  }

  /** An act: a form that was sent. */
  act(path: string, act: (desk: Desk, sent: Sent) => Promise<Response>): void {
    this.#doors.act(path, 'session', async (visit, sent) => this.#guarded(visit, (desk) => act(desk, sent)));
  }

  async #guarded(visit: Passes['session'], work: (desk: Desk) => Promise<Response>): Promise<Response> {
    const { signIn, worldOf } = this.#options;
    const { account, id } = visit.bearer.someone.person;
    const desk: Desk = {
      visit,
      account,
      by: { world: worldOf(id), signIn, token: visit.token },
      where: await placeOf(signIn, account),
      query: (name) => visit.c.req.query(name) ?? '',
      id: () => (/^\d{1,15}$/.test(visit.c.req.param('id') ?? '') ? Number(visit.c.req.param('id')) : -1),
    };
    try {
      return await work(desk);
    } catch (error) {
      if (error instanceof PadlockError && error.code === 'rights/denied') return refused(desk);
      throw error;
    }
  }
}

/** Answers with a page of administrators: wide, beneath the bar. */
export function shown({ visit, where }: Desk, title: string, content: Piece, status: 200 | 403 | 404 | 409 | 422 = 200): Promise<Response> {
  return show(visit.c, { title, where, bar: barOf(visit), wide: true, content: html`${content}` }, status);
}

function refused(desk: Desk): Promise<Response> {
  const text = html`<p>Your role in ${desk.where} does not allow this. Nothing was changed.</p>
<p><a href="/settings">My settings</a></p>`;
  return shown(desk, 'This is not open to you', text, 403);
}

/** Nobody, or nothing, of that name here: the same whether it is another account's or nobody's. */
export function unknownHere(desk: Desk, what: string): Promise<Response> {
  return shown(desk, `There is no such ${what}`, html`<p>It is not here, or not any more.</p><p><a href="/admin/users">Users</a></p>`, 404);
}

/** A page that was made elsewhere: opened in a sandbox, as its own page. */
export function opened({ visit }: Desk, page: Uint8Array): Response {
  visit.c.set('sandboxed', true);
  return visit.c.body(Buffer.from(page), 200, { 'Content-Type': 'text/html; charset=utf-8' });
}

/** A file to keep: bytes, or text that is streamed as it is made. */
export function download(
  { visit }: Desk,
  file: string,
  type: string,
  content: Uint8Array | AsyncIterable<string> | Iterable<string>,
): Response {
  const bytes =
    content instanceof Uint8Array
      ? Buffer.from(content)
      : (ReadableStream.from(content).pipeThrough(new TextEncoderStream()) as ReadableStream);
  return visit.c.body(bytes, 200, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Disposition': `attachment; filename="${file}"`,
  });
}
