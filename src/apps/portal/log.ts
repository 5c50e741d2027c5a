import { type DestinationStream, destination, pino } from 'pino';
import { PadlockError } from '../../core/model/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { RequestTold } from './options.ts';

/**
 * What is told of a running portal, one JSON line each. There is no way to log whatever comes along: a request is its route's pattern, an
 * error its code and stack, without the values that it was about.
 */
export interface Log {
  request(told: RequestTold): void;
  /** What nobody expected, under the id that the page told. */
  fault(error: unknown, id: string): void;
  /** What is done in the background failed; it goes on. */
  background(what: string, error: unknown): void;
  /** What began, ended or was done: words of ours, and counts. */
  say(message: string, detail?: Readonly<Record<string, string | number>>): void;
}

/** Logs to standard error, or to another place in tests. Written at once: what was logged is there when the process dies. */
export function portalLog(clock: Clock, to: DestinationStream = destination({ dest: 2, sync: true })): Log {
  const log = pino(
    {
      base: null,
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    to,
  );
  return {
    request: ({ method, route, status, milliseconds }) =>
      log.info({ method: methodOf(method), route, status, ms: Math.round(milliseconds) }, 'request'),
    fault: (error, id) => log.error({ fault: id, ...told(error) }, 'fault'),
    background: (what, error) => log.error({ what, ...told(error) }, 'background'),
    say: (message, detail) => log.info(detail ?? {}, message),
  };
}

/** Methods that there are; whatever else somebody sends is one more, so that nobody fills a log or a table of figures with words. */
export function methodOf(method: string): string {
  return ['GET', 'HEAD', 'POST'].includes(method) ? method : 'other';
}

/**
 * An error as it may be told. Words of ours name no secret; words of others may quote what they choked on (a statement's parameters, a
 * line of a form), so of those only the class, the code and where it happened are told.
 */
function told(error: unknown): Readonly<Record<string, string | readonly string[]>> {
  if (error instanceof PadlockError && !error.code.startsWith('internal/')) {
    return { code: error.code, message: error.message, ...(error.cause !== undefined && { cause: classOf(error.cause) }) };
  }
  if (!(error instanceof Error)) return { error: typeof error };
  return { error: classOf(error), at: placesOf(error) };
}

function classOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && /^[A-Za-z0-9_/-]{1,60}$/.test(String(error.code)) ? ` ${String(error.code)}` : '';
  return `${error.constructor.name}${code}`;
}

/** The lines of a stack that say where; its first ones hold the message, however many lines that has. */
function placesOf(error: Error): readonly string[] {
  const lines = (error.stack ?? '').replace(`${error.name}: ${error.message}`, '').split('\n');
  return lines
    .map((line) => line.trim())
    .filter((line) => /^at .*(?::\d+:\d+\)?|\(native\)|\(<anonymous>\))$/.test(line) && !error.message.includes(line))
    .slice(0, 12);
}
