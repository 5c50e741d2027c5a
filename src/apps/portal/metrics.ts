import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { methodOf } from './log.ts';
import type { RequestTold } from './options.ts';

/** Figures of a running portal, as Prometheus reads them. They name nobody and no path. */
export interface Metrics {
  request(told: RequestTold): void;
  mails(sent: number, failed: number): void;
  fault(): void;
  /** The text of all of them. */
  text(): Promise<string>;
}

/** Begins at nothing. `waiting`: how many mails wait, asked for when somebody reads the figures. */
export function portalMetrics(waiting: () => Promise<number>): Metrics {
  const registers = [new Registry()];
  const requests = new Counter({
    name: 'padlock_http_requests_total',
    help: 'Requests that are over, by route pattern. POST /sign-in and /code tell how sign-ins go: 303 on, 401 wrong, 429 to wait.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'padlock_http_request_seconds',
    help: 'How long they took.',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const mails = new Counter({ name: 'padlock_mails_total', help: 'Mails, by what came of them.', labelNames: ['outcome'], registers });
  const faults = new Counter({ name: 'padlock_faults_total', help: 'What nobody expected; each stands in the log.', registers });
  new Gauge({
    name: 'padlock_mails_waiting',
    help: 'Mails that are still to be sent.',
    registers,
    async collect() {
      this.set(await waiting());
    },
  });
  return {
    request: ({ method, route, status, milliseconds }) => {
      requests.inc({ method: methodOf(method), route, status });
      seconds.observe({ method: methodOf(method), route }, milliseconds / 1000);
    },
    mails: (sent, failed) => {
      mails.inc({ outcome: 'sent' }, sent);
      mails.inc({ outcome: 'failed' }, failed);
    },
    fault: () => faults.inc(),
    text: () => registers[0]?.metrics() ?? Promise.resolve(''),
  };
}
