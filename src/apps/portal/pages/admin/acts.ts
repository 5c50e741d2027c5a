import { html } from '../../../../core/layout/html/escape.ts';
import { moment } from '../../../../core/report/html/words.ts';
import type { Acted } from '../../../../flows/administering/acting.ts';
import { invite, issueToken, signOutEverywhere, unlock } from '../../../../flows/administering/acts.ts';
import { personFlow } from '../../../../flows/administering/person.ts';
import { goOn, isRequestId, requestReset } from '../../../../flows/administering/resets.ts';
import { note } from '../../page.ts';
import { type Desk, type Desks, shown, unknownHere } from './desk.ts';
import { personPage } from './person.ts';

/** What a reason holds at most, in UTF-16 units. */
const LONGEST_REASON = 500;

/** What administrators do about somebody. Each is one transaction of a flow, which looks at session, right and proof in it. */
export function actRoutes(desks: Desks): void {
  desks.act('/admin/users/:id/reset', async (desk, sent) => {
    const [requestId, reason] = [sent.field('request'), sent.field('reason').trim().slice(0, LONGEST_REASON)];
    if (!isRequestId(requestId)) return unknownHere(desk, 'form');
    if (reason === '') return withoutReason(desk);
    return after(desk, await requestReset(desk.by, desk.id(), { requestId, reason }), ({ outcome }) => back(desk, desk.id(), outcome));
  });
  for (const how of ['approve', 'again'] as const)
    desks.act(`/admin/resets/:request/${how}`, async (desk) => {
      const acted = await goOn(desk.by, desk.visit.c.req.param('request') ?? '', how);
      return after(desk, acted, ({ outcome, userId }) => back(desk, userId ?? 0, outcome));
    });
  desks.act('/admin/users/:id/invite', async (desk) =>
    after(desk, await invite(desk.by, desk.id()), (invited) => back(desk, desk.id(), invited === 'sent' ? 'invited' : invited)),
  );
  desks.act('/admin/users/:id/unlock', async (desk) =>
    after(desk, await unlock(desk.by, desk.id()), (unlocked) => back(desk, desk.id(), unlocked ? 'unlocked' : 'not-locked')),
  );
  desks.act('/admin/users/:id/sign-out', async (desk) =>
    after(desk, await signOutEverywhere(desk.by, desk.id()), () => back(desk, desk.id(), 'signed-out')),
  );
  desks.act('/admin/users/:id/token', async (desk) =>
    after(desk, await issueToken(desk.by, desk.id()), async (issued) => {
      if (issued === null) return back(desk, desk.id(), 'cannot-sign-in');
      const content = html`<p>Hand it over yourself, not by the mail that they sign in with. It is shown <b>only now</b>, works once, and until ${moment(issued.expiresAt)}. An older one does not work any more.</p>
<p class="secret">${issued.token}</p>
<p><a class="button primary" href="/admin/users/${desk.id()}">Done</a></p>`;
      return shown(desk, 'Enrollment token', content);
    }),
  );
}

async function after<T>(desk: Desk, acted: Acted<T>, then: (value: T) => Response | Promise<Response>): Promise<Response> {
  const { c } = desk.visit;
  if (acted.outcome === 'done') return then(acted.value);
  if (acted.outcome === 'prove') return c.redirect(`/prove?for=reset-${acted.userId}`, 303);
  return acted.outcome === 'unknown' ? unknownHere(desk, 'person or request') : c.redirect('/', 303);
}

/** Back to the person's page: loading it again repeats nothing. */
function back({ visit }: Desk, userId: number, happened: string): Response {
  return visit.c.redirect(`/admin/users/${userId}?done=${happened}`, 303);
}

async function withoutReason(desk: Desk): Promise<Response> {
  const file = await personFlow(desk.by.world, desk.by.signIn, desk.account, desk.id());
  if (file === undefined) return unknownHere(desk, 'person');
  return personPage(desk, file, note('A reset takes a reason: say how you know that it is them who ask. Nothing was removed.', 'bad'));
}
