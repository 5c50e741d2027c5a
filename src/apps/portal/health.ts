/** Answers to whoever watches over the process. `ready`: what is missing, in a word. */
export interface Health {
  readonly ready: () => Promise<string | null>;
  readonly now: () => number;
}

/** How long an answer stands: nobody makes the store work by asking often. */
const STANDS = 1000;

/** `/healthz`: the process lives. `/readyz`: people can sign in; else 503 and one word. Undefined: it is another path. */
export function healthAnswers({ ready, now }: Health): (request: Request) => Promise<Response> | undefined {
  let last: { readonly at: number; readonly answer: Promise<string | null> } | undefined;
  const asked = () => {
    const at = now();
    if (last === undefined || at - last.at >= STANDS || at < last.at) last = { at, answer: ready() };
    return last.answer;
  };
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const { pathname } = new URL(request.url);
    if (pathname === '/healthz') return Promise.resolve(plain(200, 'lives'));
    if (pathname !== '/readyz') return undefined;
    return asked().then((missing) => (missing === null ? plain(200, 'ready') : plain(503, missing)));
  };
}

/** A word, kept by no cache. */
export function plain(status: number, text: string): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
  return new Response(`${text}\n`, { status, headers });
}
