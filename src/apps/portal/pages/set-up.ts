import { secretText, totpUri } from '../../../core/authentication/kinds/totp/uri.ts';
import { provenRecently } from '../../../core/authentication/sessions.ts';
import { type Html, html } from '../../../core/layout/html/escape.ts';
import type { FactorKind } from '../../../core/model/words.ts';
import { showTokenInSettings } from '../../../flows/sign-in/links.ts';
import {
  type Confirmed,
  confirmPasskey,
  confirmTotp,
  currentSetUp,
  openSetUp,
  passkeySetUp,
  type ShownSetUp,
} from '../../../flows/sign-in/set-up.ts';
import { takesToken, wasShown } from '../../../flows/sign-in/shown-token.ts';
import { type Doors, keep, type Visit } from '../doors.ts';
import { pageOfStep, placeOf } from '../onward.ts';
import type { PortalOptions } from '../options.ts';
import { button, field, form, instant, note, show } from '../page.ts';
import { qrSvg } from '../qr.ts';
import { later } from './challenge.ts';

/** Authenticator apps that read the QR code, as people know them. */
const APPS = 'Google Authenticator, Microsoft Authenticator, Authy, Duo, 1Password, LastPass, Salesforce, IBM or WatchGuard';

/** Names of the kinds, as people know them. */
export const KIND_NAMES: Readonly<Record<FactorKind, string>> = { totp: 'Authenticator app', passkey: 'Passkey' };

const WRONG = {
  wrong: 'This code is wrong. Type the six digits that the app shows for this entry now.',
  clock:
    "This code is right at another time: the phone's clock is off. Set the phone's time to automatic (Google Authenticator: Settings, Time correction for codes, Sync now), then type the next code.",
} as const;

/** Setting up a factor: in a sign-in that needs one, or from the settings. Each page is for either, as the flow decides. */
export function setUpRoutes(doors: Doors, { signIn }: PortalOptions): void {
  const placeFor = ({ bearer }: Visit) =>
    bearer.is === 'attempt'
      ? placeOf(signIn, bearer.attempt.scope)
      : bearer.is === 'session'
        ? placeOf(signIn, bearer.session.scope)
        : 'Padlock';
  const away = ({ c, bearer }: Visit) =>
    c.redirect(
      bearer.is === 'attempt'
        ? pageOfStep(bearer.step.step)
        : bearer.is === 'session'
          ? takesToken(bearer.someone) && provenRecently(bearer.session, signIn.limits, signIn.clock.now())
            ? '/set-up'
            : '/prove?for=set-up'
          : '/',
      303,
    );

  doors.page('/set-up', 'anybody', async (visit) => {
    const { bearer } = visit;
    const where = await placeFor(visit);
    if (bearer.is === 'session') {
      const now = signIn.clock.now();
      if (!takesToken(bearer.someone) || (await signIn.store.read((reader) => wasShown(signIn, reader, bearer.session, now))))
        return choicePage(visit, where, ['totp', 'passkey'], undefined);
      return tokenFirst(visit, where, provenRecently(bearer.session, signIn.limits, now) ? 'ask' : 'prove');
    }
    if (bearer.is !== 'attempt' || bearer.step.step !== 'set-up') return away(visit);
    const reasons = whyOf(bearer.step.until, where);
    return choicePage(visit, where, bearer.step.kinds, html`${reasons}`, bearer.step.until);
  });
  doors.act('/set-up/token', 'session', async (visit, sent) => {
    const { outcome } = await showTokenInSettings(signIn, visit.token, sent.field('token'));
    if (outcome === 'over') return away(visit);
    if (outcome === 'locked') return visit.c.redirect(`/locked/${visit.bearer.session.scope}`, 303);
    return outcome === 'shown' ? visit.c.redirect('/set-up', 303) : tokenFirst(visit, await placeFor(visit), 'wrong');
  });
  doors.act('/set-up/open', 'anybody', async (visit, sent) => {
    const kind: FactorKind = sent.field('kind') === 'passkey' ? 'passkey' : 'totp';
    const opened = await openSetUp(signIn, visit.token, kind);
    return opened === undefined ? away(visit) : visit.c.redirect(`/set-up/${kind}`, 303);
  });
  doors.page('/set-up/totp', 'anybody', async (visit) => {
    const open = await currentSetUp(signIn, visit.token);
    return open?.kind === 'totp' ? totpPage(visit, await placeFor(visit), await issuerOf(open), open) : away(visit);
  });
  doors.act('/set-up/totp', 'anybody', async (visit, sent) => {
    const confirmed = await confirmTotp(signIn, visit.token, sent.field('code'), sent.field('label'), visit.device);
    if (confirmed.outcome === 'enrolled') return donePage(visit, await placeFor(visit), confirmed);
    const open = confirmed.outcome === 'wrong' ? await currentSetUp(signIn, visit.token) : undefined;
    if (confirmed.outcome === 'over' || open === undefined) return away(visit);
    return totpPage(visit, await placeFor(visit), await issuerOf(open), open, WRONG[confirmed.why]);
  });
  doors.page('/set-up/passkey', 'anybody', async (visit) => {
    const open = await currentSetUp(signIn, visit.token);
    return open?.kind === 'passkey' ? passkeyPage(visit, await placeFor(visit)) : away(visit);
  });
  doors.act('/set-up/passkey/options', 'anybody', async (visit) => {
    const options = await passkeySetUp(signIn, visit.token);
    return options === undefined ? visit.c.json({ outcome: 'over' }, 409) : visit.c.json(options);
  });
  doors.act('/set-up/passkey', 'anybody', async (visit, sent) => {
    const confirmed = await confirmPasskey(signIn, visit.token, sent.json('answer'), sent.field('label'), visit.device);
    if (confirmed.outcome === 'enrolled') return donePage(visit, await placeFor(visit), confirmed);
    return confirmed.outcome === 'wrong' ? passkeyPage(visit, await placeFor(visit), true) : away(visit);
  });

  const issuerOf = async ({ someone }: ShownSetUp) => {
    const door = await signIn.store.read((reader) => reader.door(someone.person.account));
    return door?.accountTitle ?? someone.person.account;
  };
}

/** Somebody who is signed in, and whose first factor takes an enrollment token. Not before they prove again who they are: then no token is lost. */
function tokenFirst({ c, form: token }: Visit, where: string, state: 'prove' | 'ask' | 'wrong') {
  const wrong = state === 'wrong' ? 'This token is wrong, was used, or is not yours. Ask for a new one.' : undefined;
  const content = html`<p>${where} lets nobody set up a second factor without an enrollment token. Your administrator gives you one: it works once, for a day.</p>
${
  state === 'prove'
    ? html`<p>Have it at hand. You prove once more that it is you first.</p><p><a class="button primary" href="/prove?for=set-up">Continue</a></p>`
    : form('/set-up/token', token, html`${field({ name: 'token', label: 'Enrollment token', wrong, focus: true })}${button('Continue')}`)
}
<ul class="links"><li><a href="/settings">Back to my settings</a></li></ul>`;
  return show(c, { title: 'Your enrollment token', where, content }, wrong === undefined ? 200 : 401);
}

/** Why a set-up is asked for, and until when it may wait. */
function whyOf(until: number | null, where: string): Html {
  if (until === null)
    return html`<p>${where} requires a second factor of you: your password alone no longer signs you in. It takes about a minute.</p>`;
  return html`<p>${where} requires a second factor of you. Your deadline is <b>${instant(until)}</b>. It takes about a minute.</p>`;
}

function choicePage(visit: Visit, where: string, kinds: readonly FactorKind[], why: Html | undefined, until: number | null = null) {
  const token = visit.form;
  const choice = (kind: FactorKind, text: string) =>
    kinds.includes(kind) &&
    html`<section class="card"><h2>${KIND_NAMES[kind]}</h2><p>${text}</p>${form('/set-up/open', token, html`<input type="hidden" name="kind" value="${kind}">${button(`Set up ${kind === 'totp' ? 'an app' : 'a passkey'}`)}`)}</section>`;
  const content = html`${why}
${choice('totp', `An app on your phone that shows six digits: ${APPS}.`)}
${choice('passkey', 'A fingerprint, face or PIN of this device, or a security key. Nothing to type.')}
${until !== null && later(token, until)}
${visit.bearer.is === 'session' ? html`<ul class="links"><li><a href="/settings">Back to my settings</a></li></ul>` : form('/sign-out', token, button('Start over', 'quiet'))}`;
  return show(visit.c, { title: 'Set up a second factor', where, content });
}

function totpPage(visit: Visit, where: string, issuer: string, { secret, someone }: ShownSetUp, wrong?: string) {
  const uri = totpUri({ issuer, user: someone.person.address ?? someone.person.externalId, secret });
  const content = html`<ol class="steps">
<li>On your phone, open an authenticator app: ${APPS}.</li>
<li>Add an account in it, and scan this:
<div class="qr">${qrSvg(uri)}</div>
<details><summary>Cannot scan it? Type it instead</summary><p>Choose “enter a key”. Account: <b>${issuer}</b>. Key:</p><p class="secret">${secretText(secret)}</p><p class="hint">Time-based, six digits, 30 seconds.</p></details></li>
<li>Type the code that the app shows now:
${form(
  '/set-up/totp',
  visit.form,
  html`${field({ name: 'code', label: 'Code', autocomplete: 'one-time-code', inputmode: 'numeric', code: true, focus: wrong !== undefined, wrong })}
${field({ name: 'label', label: 'Name of the phone (if you like)', required: false, hint: 'So that you know it again in your settings.' })}${button('Confirm')}`,
)}</li></ol>
<ul class="links"><li><a href="/set-up">Choose another kind</a></li></ul>`;
  return show(visit.c, { title: 'Set up your authenticator app', where, content }, wrong === undefined ? 200 : 422);
}

function passkeyPage(visit: Visit, where: string, wrong = false) {
  const content = html`${wrong && note('This passkey could not be set up. Try it once more.', 'bad')}<p>Your browser asks where to keep the passkey: on this device, on your phone, or on a security key.</p>
${field({ name: 'label', label: 'Name of the passkey (if you like)', required: false, hint: 'So that you know it again in your settings.' })}
<p><button class="primary" type="button" hidden data-passkey="create" data-options="/set-up/passkey/options" data-answer="/set-up/passkey" data-form="${visit.form}" data-label="label">Make the passkey</button></p>
<noscript>${note('Passkeys need JavaScript in this browser. Choose an authenticator app instead.')}</noscript>
<ul class="links"><li><a href="/set-up">Choose another kind</a></li></ul>`;
  return show(visit.c, { title: 'Set up a passkey', where, content, script: true }, wrong ? 422 : 200);
}

type Enrolled = Extract<Confirmed, { outcome: 'enrolled' }>;

function donePage(visit: Visit, where: string, confirmed: Enrolled) {
  keep(visit.c, confirmed.token);
  const next = pageOfStep(confirmed.step.step);
  if (confirmed.codes.length === 0) return visit.c.redirect(next, 303);
  return show(visit.c, { title: 'Save your recovery codes', where, content: codesContent(confirmed.codes, next), script: true });
}

/** Recovery codes, shown this once, with what they are for. */
export function codesContent(codes: readonly string[], next: string, happened = 'Your second factor is set up.'): Html {
  return html`${note(happened, 'good')}
<p>If you lose it, one of these codes signs you in instead. Each works once. They are shown <b>only now</b>: print them, or keep them in a password manager, not on the phone itself.</p>
<ul class="codes">${codes.map((code) => html`<li>${code}</li>`)}</ul>
<p><button class="quiet" type="button" hidden data-print>Print</button></p>
<p><a class="button primary" href="${next}">I have saved them</a></p>`;
}
