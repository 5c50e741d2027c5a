import { PadlockError } from '../../../core/model/errors.ts';
import type { Answer } from './transport.ts';

/** What failures are told with: which API it was, and where its key came from. */
export interface Told {
  readonly origin: string;
  readonly keyPlace: string;
}

/** An answer that was the last one and is no document, as an error: what came, why, and what to do. Nothing received is quoted. */
export function failureOf(answer: Exclude<Answer, { kind: 'document' }>, { origin, keyPlace }: Told): PadlockError {
  if (answer.kind === 'broken') return contractBroken(answer.why, origin);
  if (answer.kind === 'silent') return unreachable(answer.why, origin);
  const { status } = answer;
  if (status === 401) {
    return new PadlockError('directory/unauthorized', `${origin} does not let the API key in (401)`, {
      fix: `make a new key in IT Glue and write it to ${keyPlace}: one that nobody used for 90 days is revoked`,
    });
  }
  if (status === 403) {
    return new PadlockError('directory/wrong-key', `${origin} knows no such API key (403)`, {
      fix: `correct the key in ${keyPlace}, or the region: a key is known in its own alone`,
    });
  }
  if (status === 429) {
    return new PadlockError('directory/rate-limited', `${origin} was asked too often, and still is (429)`, {
      fix: 'try again in 5 minutes, and see what else reads IT Glue with keys of this account',
    });
  }
  if (status === 408 || status >= 500) return unreachable(`it answers ${status}`, origin);
  if (status >= 300 && status < 400) return contractBroken(`it redirects (${status}), and the key goes nowhere else`, origin);
  return contractBroken(`it answers ${status}`, origin);
}

/** An answer that the published API does not give, or not from it. */
function contractBroken(why: string, origin: string): PadlockError {
  return new PadlockError('directory/contract-broken', `${origin} does not answer as IT Glue's API does: ${why}`, {
    fix: 'correct region or baseUrl; if they are right, a proxy may be in between, or the API has changed',
  });
}

/** A read that began and did not come to its end. `why` may be another error: its words and its fix are told. */
export function incomplete(why: PadlockError | string): PadlockError {
  if (typeof why === 'string') {
    return new PadlockError('directory/incomplete', `${why}; nothing is imported`, { fix: 'import again; nothing was taken for removed' });
  }
  return new PadlockError('directory/incomplete', `only a part was read: ${why.message}; nothing is imported`, {
    ...(why.fix !== undefined && { fix: why.fix }),
    data: { reason: why.code },
  });
}

function unreachable(why: string, origin: string): PadlockError {
  return new PadlockError('directory/unreachable', `${origin} cannot be read: ${why}`, {
    fix: 'see that this machine reaches it, and that IT Glue is up; then import again',
  });
}
