import { EXIT } from '../../../core/model/errors.ts';
import type { Composition } from '../../compose.ts';
import { listenText } from '../../configuration/listen.ts';
import { finish, type Session } from './session.ts';

/** A portal that runs, as it is composed. */
export type RunningPortal = Awaited<ReturnType<Composition['portal']>>;

/** Says where a portal listens, which is the command's result, and then runs it until the process is told to end. */
export async function serveUntilStopped(session: Session, portal: RunningPortal): Promise<void> {
  const told = toldToStop();
  try {
    await tellWhere(session, portal, EXIT.ok);
    await told;
  } finally {
    await portal.stop();
  }
}

/** Where a portal listens, and as what people reach it. */
export async function tellWhere(session: Session, portal: RunningPortal, exitCode: 0 | 1, missing: string | null = null): Promise<void> {
  const { origin, listening, metrics } = portal;
  await finish(session, {
    kind: 'ServeResult',
    exitCode,
    *text() {
      yield `${origin}   listening on ${listenText(listening)}${metrics === undefined ? '' : `, figures on ${listenText(metrics)}`}`;
      if (missing !== null) yield `not ready: ${missing}; padlock doctor says more`;
    },
    json: () => ({
      url: origin,
      listening: listenText(listening),
      metrics: metrics === undefined ? null : listenText(metrics),
      missing,
    }),
  });
}

/** Once: a second signal ends the process as it would any. */
function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}
