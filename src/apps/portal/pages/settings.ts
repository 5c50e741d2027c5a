import { unusedCodes } from '../../../core/authentication/recovery-codes.ts';
import { provenRecently } from '../../../core/authentication/sessions.ts';
import { type Html, html } from '../../../core/layout/html/escape.ts';
import type { Factor } from '../../../core/model/sign-in.ts';
import { endSessions } from '../../../flows/sign-in/session.ts';
import {
  type Changed,
  changePassword,
  passkeyToProve,
  proveAgain,
  proveByPasskey,
  removeFactor,
  renewCodes,
} from '../../../flows/sign-in/settings.ts';
import { barOf } from '../bar.ts';
import { deviceName } from '../device.ts';
import { type Doors, keep, type Passes } from '../doors.ts';
import { placeOf } from '../onward.ts';
import type { PortalOptions } from '../options.ts';
import { button, field, form, instant, note, saidOf, show } from '../page.ts';
import { WRONG_CODES } from './challenge.ts';
import { passwordFields, wrongWith } from './links.ts';
import { codesContent, KIND_NAMES } from './set-up.ts';

type SignedIn = Passes['session'];

/** Where proving again leads on to. A closed list: an address in a link is not followed. */
const AFTER: Readonly<Record<string, string>> = { 'set-up': '/set-up', settings: '/settings', admin: '/admin/users' };

/** My settings: factors, recovery codes, sessions, password; and proving again who one is, before any of them changes. */
export function settingsRoutes(doors: Doors, { signIn, passwords }: PortalOptions): void {
  const place = ({ bearer }: SignedIn) => placeOf(signIn, bearer.session.scope);
  const changed = async <T>(visit: SignedIn, result: Changed<T>, done: (value: T) => Response | Promise<Response>, back = 'settings') => {
    if (result.outcome === 'done') {
      keep(visit.c, result.token);
      return done(result.value);
    }
    if (result.outcome === 'prove') return visit.c.redirect(`/prove?for=${back}`, 303);
    if (result.outcome === 'required') return visit.c.redirect('/settings?after=required', 303);
    return visit.c.redirect(result.outcome === 'gone' ? '/settings' : '/', 303);
  };

  doors.page('/settings', 'session', async (visit) => settingsPage(visit, await place(visit), signIn));
  doors.act('/settings/factors/:id/remove', 'session', async (visit) =>
    changed(visit, await removeFactor(signIn, visit.token, Number(visit.c.req.param('id'))), () =>
      visit.c.redirect('/settings?after=removed', 303),
    ),
  );
  doors.act('/settings/codes', 'session', async (visit) =>
    changed(visit, await renewCodes(signIn, visit.token), async (codes) =>
      show(visit.c, {
        title: 'Save your recovery codes',
        where: await place(visit),
        content: codesContent(codes, '/settings', 'The old ones do not work any more.'),
      }),
    ),
  );
  doors.act('/settings/sessions/others/end', 'session', async (visit) => {
    await endSessions(signIn, visit.token, null);
    return visit.c.redirect('/settings?after=ended', 303);
  });
  doors.act('/settings/sessions/:hash/end', 'session', async (visit) => {
    await endSessions(signIn, visit.token, visit.c.req.param('hash') ?? '');
    return visit.c.redirect('/settings?after=ended', 303);
  });

  const newPassword = async (visit: SignedIn, wrong?: string) => {
    const { someone } = visit.bearer;
    const content = html`${form('/settings/password', visit.form, html`${passwordFields(someone.person.address ?? '', wrong)}${button('Change the password')}`)}
<ul class="links"><li><a href="/settings">Back to my settings</a></li></ul>`;
    return show(
      visit.c,
      { title: 'Change your password', where: await place(visit), bar: barOf(visit), content },
      wrong === undefined ? 200 : 422,
    );
  };
  doors.page('/settings/password', 'session', (visit) =>
    provenRecently(visit.bearer.session, signIn.limits, signIn.clock.now())
      ? newPassword(visit)
      : visit.c.redirect('/prove?for=password', 303),
  );
  doors.act('/settings/password', 'session', async (visit, sent) => {
    const password = sent.field('password');
    const wrong = wrongWith(password, sent.field('again'), visit.bearer.someone, await place(visit), passwords);
    if (wrong !== null) return newPassword(visit, wrong);
    return changed(
      visit,
      await changePassword(signIn, visit.token, password),
      () => visit.c.redirect('/settings?after=password', 303),
      'password',
    );
  });

  doors.page('/prove', 'session', async (visit) => provePage(visit, await place(visit)));
  doors.act('/prove', 'session', async (visit, sent) => {
    const proof = { password: sent.field('password'), typed: sent.field('code'), from: visit.from };
    return proved(visit, await proveAgain(signIn, visit.token, proof));
  });
  doors.act('/prove/passkey/options', 'session', async (visit) => {
    const options = await passkeyToProve(signIn, visit.token);
    return options === undefined ? visit.c.json({ outcome: 'none' }, 409) : visit.c.json(options);
  });
  doors.act('/prove/passkey', 'session', async (visit, sent) =>
    proved(visit, await proveByPasskey(signIn, visit.token, sent.json('answer'))),
  );

  async function proved(visit: SignedIn, result: Awaited<ReturnType<typeof proveAgain>>) {
    if (result.outcome === 'proven') {
      keep(visit.c, result.token);
      return visit.c.redirect(afterOf(visit), 303);
    }
    if (result.outcome === 'over') return visit.c.redirect('/', 303);
    if (result.outcome === 'locked') return visit.c.redirect(`/locked/${visit.bearer.session.scope}`, 303);
    const why =
      result.outcome === 'wait'
        ? 'There were too many wrong passwords. Wait a few minutes.'
        : result.why === 'password'
          ? 'This password is wrong.'
          : WRONG_CODES[result.why];
    return provePage(visit, await place(visit), why);
  }
}

function afterOf({ c }: SignedIn): string {
  const asked = c.req.query('for') ?? '';
  const person = /^reset-([0-9]{1,15})$/.exec(asked)?.[1];
  if (person !== undefined) return `/admin/users/${person}`;
  return asked === 'password' ? '/settings/password' : (saidOf(AFTER, asked) ?? '/settings');
}

function provePage(visit: SignedIn, where: string, wrong?: string) {
  const { c, form: token, bearer } = visit;
  const query = new URLSearchParams({ for: c.req.query('for') ?? 'settings' });
  const { factors, person } = bearer.someone;
  const hasPasskey = factors.some(({ kind }) => kind === 'passkey');
  const fields = html`<input type="hidden" autocomplete="username" value="${person.address ?? ''}">
${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', focus: true })}
${factors.length > 0 && field({ name: 'code', label: 'Code', hint: 'From your app, or a recovery code.', autocomplete: 'one-time-code', code: true })}${button('Continue')}`;
  const content = html`<p>This changes how somebody signs in, so prove once more that it is you. It holds for five minutes.</p>
${wrong !== undefined && note(wrong, 'bad')}
${hasPasskey && html`<p><button class="primary" type="button" hidden data-passkey="get" data-options="/prove/passkey/options" data-answer="/prove/passkey?${query.toString()}" data-form="${token}">Use your passkey</button></p><p class="or">or</p>`}
${form(`/prove?${query.toString()}`, token, fields)}
<ul class="links"><li><a href="/settings">Back to my settings</a></li></ul>`;
  return show(c, { title: 'Is it still you?', where, bar: barOf(visit), content, script: hasPasskey }, wrong === undefined ? 200 : 401);
}

/** What has just happened, by what the address says; nothing else is ever shown from an address. */
const HAPPENED: Readonly<Record<string, Html>> = {
  'sign-in': note('You are signed in.', 'good'),
  removed: note('The factor was removed.', 'good'),
  ended: note('The sessions have ended.', 'good'),
  password: note('Your password was changed. Every other session was signed out.', 'good'),
  required: note('This factor stays: your organization requires one, and it is the last that would do. Set up another one first.', 'warn'),
  recovery: note(
    html`You signed in with a recovery code, which works once. <b>Make new recovery codes now, or set up your second factor anew:</b> without either, and without your phone, you will not get in again.`,
    'warn',
  ),
};

async function settingsPage(visit: SignedIn, where: string, signIn: PortalOptions['signIn']) {
  const { c, form: token, bearer } = visit;
  const { someone, session } = bearer;
  const [codes, sessions] = await signIn.store.read(async (reader) => [
    await reader.recoveryCodes(someone.person.id),
    await reader.sessionsOf(someone.person.id),
  ]);
  const left = unusedCodes(codes).length;
  const others = sessions.filter(({ hash, epoch }) => hash !== session.hash && epoch === someone.state.epoch);
  const due = someone.facts.asked.filter(({ requirement }) => requirement.state === 'Pending' || requirement.state === 'Overdue');
  const deadline = Math.min(...due.map(({ requirement }) => requirement.deadline ?? 0));
  const factor = ({
    id,
    kind,
    label,
    enrolledAt,
  }: Factor) => html`<div class="row"><div><b>${label === '' ? KIND_NAMES[kind] : label}</b><br><span class="muted small">${KIND_NAMES[kind]} · since ${instant(enrolledAt)}</span></div>
${form(`/settings/factors/${id}/remove`, token, html`<button class="danger" aria-label="Remove ${label === '' ? KIND_NAMES[kind] : label}">Remove</button>`, 'inline')}</div>`;
  const content = html`${saidOf(HAPPENED, c.req.query('after'))}
${due.length > 0 && note(html`A second factor is required of you${deadline > 0 ? html`, by ${instant(deadline)}` : ''}. <a href="/set-up">Set one up now</a>.`)}
<section class="card"><h2>Second factor</h2>
${someone.factors.length === 0 ? html`<p>None is set up. Your password alone signs you in.</p>` : someone.factors.map(factor)}
<p><a class="button quiet" href="/set-up">Set up ${someone.factors.length === 0 ? 'one' : 'another'}</a></p></section>
${
  someone.factors.length > 0 &&
  html`<section class="card"><h2>Recovery codes</h2>
<p>${left === 0 ? html`<b>None is left.</b> Without your second factor you could not sign in.` : `${left} of ${codes.length} are left.`} Each signs you in once instead of your second factor.</p>
${form('/settings/codes', token, button('Make new ones', 'quiet'))}</section>`
}
<section class="card"><h2>Password</h2><p><a class="button quiet" href="/settings/password">Change it</a></p></section>
<section class="card"><h2>Where you are signed in</h2>
<div class="row"><div><b>This browser</b><br><span class="muted small">${deviceName(session.device)} · since ${instant(session.createdAt)}</span></div></div>
${others.map((other) => html`<div class="row"><div><b>${deviceName(other.device)}</b><br><span class="muted small">last used ${instant(other.seenAt)}</span></div>${form(`/settings/sessions/${other.hash}/end`, token, button('Sign out', 'quiet'), 'inline')}</div>`)}
${others.length > 1 && form('/settings/sessions/others/end', token, button('Sign out everywhere else', 'quiet'))}</section>`;
  return show(c, { title: 'My settings', where, bar: barOf(visit), content });
}
