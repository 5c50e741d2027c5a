import { type Html, html } from '../../../core/layout/html/escape.ts';
import { enterCode, type WrongCode } from '../../../flows/sign-in/challenge.ts';
import { showToken } from '../../../flows/sign-in/links.ts';
import { answerPasskey, passkeyChallenge } from '../../../flows/sign-in/passkey.ts';
import { postpone } from '../../../flows/sign-in/postpone.ts';
import { type Doors, type Passes, scopeIn } from '../doors.ts';
import { onward, pageOfStep, placeOf } from '../onward.ts';
import type { PortalOptions } from '../options.ts';
import { button, field, form, instant, note, show } from '../page.ts';

/** What is wrong with a code, and what to do. */
export const WRONG_CODES: Readonly<Record<WrongCode, string>> = {
  wrong: 'This code is wrong. Type the one that the app shows now.',
  clock:
    "This code is right at another time: the phone's clock is off. Set the phone's time to automatic (Google Authenticator: Settings, Time correction for codes, Sync now), then type the next code.",
  replayed: 'This code was used before. Wait until the app shows the next one, up to 30 seconds.',
  unreadable: 'Codes cannot be checked at present. A recovery code still works; else ask your administrator.',
  'not-allowed': 'Your organization asks for another kind of factor here. Use your passkey, or a recovery code.',
};

type AtChallenge = Passes['attempt'];

/** The second step: code, recovery code, passkey, enrollment token; and what may wait. */
export function challengeRoutes(doors: Doors, { signIn }: PortalOptions): void {
  const place = ({ bearer }: AtChallenge) => placeOf(signIn, bearer.attempt.scope);
  const over = (visit: AtChallenge, outcome: 'over' | 'locked') =>
    visit.c.redirect(`${outcome === 'locked' ? '/locked' : '/sign-in'}/${visit.bearer.attempt.scope}`, 303);

  doors.page('/code', 'attempt', async (visit) => {
    const { step } = visit.bearer.step;
    return step === 'challenge' ? codePage(visit, await place(visit)) : visit.c.redirect(pageOfStep(step), 303);
  });
  doors.act('/code', 'attempt', async (visit, sent) => {
    const answered = await enterCode(signIn, visit.token, sent.field('code'), visit.device);
    if (answered.outcome === 'in') return onward(visit, answered, answered.method);
    if (answered.outcome === 'wrong') return codePage(visit, await place(visit), answered.why);
    return over(visit, answered.outcome);
  });
  doors.act('/code/passkey/options', 'attempt', async (visit) => {
    const options = await passkeyChallenge(signIn, visit.token);
    return options === undefined ? visit.c.json({ text: 'There is no passkey that can be used here.' }, 409) : visit.c.json(options);
  });
  doors.act('/code/passkey', 'attempt', async (visit, sent) => {
    const answered = await answerPasskey(signIn, visit.token, sent.json('answer'), visit.device);
    if (answered.outcome === 'in') return onward(visit, answered, answered.method);
    if (answered.outcome === 'wrong') return codePage(visit, await place(visit), 'passkey');
    return over(visit, answered.outcome);
  });

  doors.page('/token', 'attempt', async (visit) => {
    const { step } = visit.bearer;
    return step.step === 'token' ? tokenPage(visit, await place(visit), step.until) : visit.c.redirect(pageOfStep(step.step), 303);
  });
  doors.act('/token', 'attempt', async (visit, sent) => {
    const answered = await showToken(signIn, visit.token, sent.field('token'), visit.device);
    if (answered.outcome === 'in') return onward(visit, answered);
    const until = visit.bearer.step.step === 'token' ? visit.bearer.step.until : null;
    return answered.outcome === 'wrong' ? tokenPage(visit, await place(visit), until, true) : over(visit, answered.outcome);
  });
  doors.page('/stuck', 'attempt', async (visit) => {
    const { step } = visit.bearer.step;
    if (step !== 'stuck') return visit.c.redirect(pageOfStep(step), 303);
    const content = html`<p>A second factor is due now, of a kind that cannot be set up here. Nothing that you can do on this page changes that: ask your
administrator, and say that <b>no allowed factor can be set up</b> for you.</p>${form('/sign-out', visit.form, button('Leave', 'quiet'))}`;
    return show(visit.c, { title: 'Your administrator has to help', where: await place(visit), content });
  });

  doors.act('/postpone', 'attempt', async (visit) => {
    const progress = await postpone(signIn, visit.token, visit.device);
    if (progress !== undefined) return onward(visit, progress);
    const content = html`<p>The deadline has passed, or there is nothing to postpone.</p><p><a class="button primary" href="${pageOfStep(visit.bearer.step.step)}">Go on</a></p>`;
    return show(visit.c, { title: 'This cannot be postponed', where: await place(visit), content }, 409);
  });
  for (const at of ['/locked/:account', '/locked/:account/:myglue'])
    doors.page(at, 'anybody', (visit) => {
      const content = html`<p>There were too many wrong codes, so nobody can sign in as you for now. Somebody who has your password may have tried: change it when you are back.</p>
<p>A mail about it is on its way to you. Unlock your sign-in by a link that is mailed to you, or ask your administrator.</p>
<p><a class="button primary" href="/help/${scopeIn(visit)}">Ask for the link</a></p>`;
      return show(visit.c, { title: 'Your sign-in is locked', content });
    });
}

function codePage(visit: AtChallenge, where: string, why?: WrongCode | 'passkey') {
  const { c, form: token, bearer } = visit;
  const kinds = bearer.step.step === 'challenge' ? bearer.step.kinds : [];
  const takes = kinds.includes('totp')
    ? 'The six digits that your authenticator app shows, or one of your recovery codes.'
    : 'One of your recovery codes.';
  const passkey = kinds.includes('passkey') && passkeyButton(token, kinds.includes('totp'));
  const typed = form(
    '/code',
    token,
    html`${field({ name: 'code', label: kinds.includes('totp') ? 'Code' : 'Recovery code', hint: takes, autocomplete: 'one-time-code', inputmode: 'text', code: true, focus: !kinds.includes('passkey') || kinds.includes('totp'), wrong: why === undefined || why === 'passkey' ? undefined : WRONG_CODES[why] })}
${button('Sign in')}`,
  );
  const content = html`${why === 'passkey' && note('This passkey was not accepted. Try it once more, or use a recovery code.', 'bad')}${passkey}${typed}
<ul class="links"><li>No phone and no recovery code? Ask your administrator to reset your second factor.</li></ul>
${form('/sign-out', token, button('Start over', 'quiet'))}`;
  return show(c, { title: 'Prove that it is you', where, content, script: kinds.includes('passkey') }, why === undefined ? 200 : 401);
}

function passkeyButton(token: string, isOneOfTwo: boolean): Html {
  return html`<p><button class="primary" type="button" hidden data-passkey="get" data-options="/code/passkey/options" data-answer="/code/passkey" data-form="${token}">Use your passkey</button></p>
<noscript>${note('Passkeys need JavaScript in this browser.')}</noscript><p class="or">${isOneOfTwo ? 'or' : 'without it'}</p>`;
}

function tokenPage(visit: AtChallenge, where: string, until: number | null, wrong = false) {
  const { c, form: token } = visit;
  const content = html`<p>${where} lets nobody set up a second factor without an enrollment token. Your administrator gives you one: it works once, for a day.</p>
${form('/token', token, html`${field({ name: 'token', label: 'Enrollment token', wrong: wrong ? 'This token is wrong, was used, or is not yours. Ask for a new one.' : undefined, focus: true })}${button('Continue')}`)}
${until !== null && later(token, until)}`;
  return show(c, { title: 'Your enrollment token', where, content }, wrong ? 401 : 200);
}

/** The way past a set-up that may wait. */
export function later(token: string, until: number): Html {
  return html`${form('/postpone', token, button('Not now', 'quiet'))}<p class="hint">You can do it later, until ${instant(until)}. From then on you cannot sign in without it.</p>`;
}
