import { LIMITS } from '../../core/authentication/sessions.ts';
import { maskOf } from '../../core/model/demand.ts';
import type { Hasher } from '../../core/ports/hasher.ts';
import type { Notifier } from '../../core/ports/notifier.ts';
import type { CommonPasswords } from '../../core/ports/passwords.ts';
import type { Random } from '../../core/ports/random.ts';
import type { KeptReports } from '../../flows/administering/archive.ts';
import { notReady } from '../../flows/operating/ready.ts';
import { sendNotices } from '../../flows/sign-in/notices.ts';
import { sweepSignIns } from '../../flows/sign-in/sweep.ts';
import type { SignInWorld } from '../../flows/sign-in/world.ts';
import type { OperatedWorld } from '../../flows/world.ts';
import { type Listen, listenText } from '../configuration/listen.ts';
import type { PortalConfiguration } from '../configuration/portal.ts';
import { portalApp } from './app.ts';
import { again } from './background.ts';
import { healthAnswers, plain } from './health.ts';
import type { Log } from './log.ts';
import { type Metrics, portalMetrics } from './metrics.ts';
import { addressBy } from './proxies.ts';
import { type Answers, type Certificate, listen } from './server.ts';

/** Pauses between rounds: of mails, that people wait for; of the sweep, that nobody does. */
const MAILS = 2_000;
const SWEEP = 30_000;

/** How long requests may take that were there when it stops. */
const PATIENCE = 10_000;

/** What a running portal is made of. */
export interface PortalParts {
  readonly portal: PortalConfiguration;
  readonly world: OperatedWorld;
  readonly random: Random;
  readonly hasher: Hasher;
  readonly passwords: CommonPasswords;
  readonly notifier: Notifier;
  readonly reports: KeptReports;
  readonly log: Log;
  readonly certificate: Certificate | undefined;
  /** Nothing goes on in the background. */
  readonly alone: boolean;
}

/** A portal that people can sign in at. */
export interface RunningPortal {
  /** As people reach it. */
  readonly origin: string;
  readonly listening: Listen;
  readonly metrics: Listen | undefined;
  /** What signing in works with: for whoever makes links to it. */
  readonly signIn: SignInWorld;
  /** What is missing, in a word; null: people can sign in. */
  ready(): Promise<string | null>;
  /** Lets requests and the mail that is being sent finish, 10 seconds at most, and closes the store. */
  stop(): Promise<void>;
}

/** Serves the portal, sends mails and sweeps, each by itself: what fails in one stops no other. `portal/not-listening`: it cannot. */
export async function runPortal(parts: PortalParts): Promise<RunningPortal> {
  const { portal, world, log } = parts;
  let stopping = false;
  const ready = async () => (stopping ? 'stopping' : notReady(world));
  const metrics = portalMetrics(async () => (await world.store.read((reader) => reader.pulse())).mails);
  let answers: Answers = () => plain(503, 'starting');
  const public_ = await listen(portal.listen, (request, bindings) => answers(request, bindings), parts.certificate);
  const signIn = signInWorld(parts, public_.at);
  answers = answersOf(parts, signIn, metrics, ready);
  const figures = portal.metrics === undefined ? undefined : await listen(portal.metrics, figuresOf(metrics)).catch(refused);
  const failed = (what: string) => (error: unknown) => log.background(what, error);
  const jobs = parts.alone
    ? []
    : [
        again(MAILS, () => mail(signIn, parts, metrics), failed('mails')),
        again(SWEEP, () => sweepSignIns(signIn).then(() => undefined), failed('sweep')),
      ];
  log.say('listening', { at: listenText(public_.at) });

  async function refused(error: unknown): Promise<never> {
    await public_.stop(0);
    throw error;
  }
  async function stop(): Promise<void> {
    stopping = true;
    log.say('stopping');
    const late = AbortSignal.timeout(PATIENCE);
    const cut = new Promise<void>((resolve) => late.addEventListener('abort', () => resolve()));
    const over = Promise.all([public_.stop(PATIENCE), figures?.stop(PATIENCE), ...jobs.map((job) => job.stop())]);
    await Promise.race([over, cut]);
    await world.store.close();
    log.say('stopped');
  }
  return { origin: signIn.site.origin, listening: public_.at, metrics: figures?.at, signIn, ready, stop };
}

function signInWorld({ portal, world, random, hasher }: PortalParts, at: Listen): SignInWorld {
  const origin = portal.origin ?? `${portal.tls === undefined ? 'http' : 'https'}://localhost:${at.port}`;
  return {
    store: world.store,
    clock: world.clock,
    random,
    hasher,
    limits: { ...LIMITS, idle: portal.idle, session: portal.session },
    enrollable: maskOf(portal.factors),
    signsIn: (enforcer) => world.enforcers[enforcer].capabilities.place === 'here',
    site: { origin, rpId: new URL(origin).hostname },
  };
}

function answersOf(parts: PortalParts, signIn: SignInWorld, metrics: Metrics, ready: () => Promise<string | null>): Answers {
  const { world, passwords, log, portal, reports } = parts;
  const app = portalApp({
    signIn,
    worldOf: (userId) => ({ ...world, actor: { channel: 'portal', subject: String(userId) }, actorUser: undefined }),
    passwords,
    reports,
    addressOf: addressBy(portal.trustedProxies),
    onRequest: (told) => {
      log.request(told);
      metrics.request(told);
    },
    onFault: (error, id) => {
      log.fault(error, id);
      metrics.fault();
    },
  });
  const health = healthAnswers({ ready, now: () => world.clock.now() });
  return (request, bindings) => health(request) ?? app.fetch(request, bindings as never);
}

/** Figures, at an address of their own. */
function figuresOf(metrics: Metrics): Answers {
  return async (request) => {
    if (new URL(request.url).pathname !== '/metrics') return plain(404, 'figures are at /metrics');
    const { headers } = plain(200, '');
    headers.set('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
    return new Response(await metrics.text(), { headers });
  };
}

async function mail(signIn: SignInWorld, { notifier, log }: PortalParts, metrics: Metrics): Promise<void> {
  let more = true;
  while (more) {
    const { sent, failed, givenUp, more: next } = await sendNotices(signIn, notifier);
    metrics.mails(sent, failed.length);
    for (const error of failed) log.background('mail', error);
    if (sent > 0 || givenUp > 0) log.say('mails', { sent, givenUp });
    more = next;
  }
}
