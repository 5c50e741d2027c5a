import { type Html, html } from '../../../core/layout/html/escape.ts';
import type { Door } from '../../../core/ports/store-sign-in.ts';
import { askForMail } from '../../../flows/sign-in/links.ts';
import { enterByPasskey, passkeyAtDoor } from '../../../flows/sign-in/passkey.ts';
import { enterPassword } from '../../../flows/sign-in/password.ts';
import { signOut } from '../../../flows/sign-in/session.ts';
import { type Doors, forget, scopeIn, type Visit } from '../doors.ts';
import { notFound } from '../faults.ts';
import { onward, placeOfDoor } from '../onward.ts';
import type { PortalOptions } from '../options.ts';
import { button, field, form, note, saidOf, show } from '../page.ts';

/** What ended a session, as its person is told. */
const ENDED: Readonly<Record<string, string>> = {
  idle: 'You were signed out because nobody used this page for a while.',
  expired: 'You were signed out because no session lasts longer, used or not.',
  revoked: 'You were signed out because a second factor is due now. Sign in to set it up.',
  ended: 'You were signed out because your account was changed.',
  disabled: 'You were signed out. Ask your administrator why.',
  out: 'You are signed out.',
};

const WRONG = {
  refused: 'This address and password do not fit. Check both; passwords tell capital letters from small ones.',
  wait: 'There were too many wrong passwords. Wait a few minutes, then try again.',
  'unknown-passkey': 'This passkey is not known here. Use your password.',
  'password-first': 'This passkey did not ask for a PIN, a fingerprint or your face, so it is not enough alone. Use your password.',
  locked: 'Too many wrong codes have locked your sign-in. Ask for a mail that unlocks it, below.',
} as const;

/** Paths of a door: an account's, or a MyGlue account's. */
const AT = ['/:account', '/:account/:myglue'] as const;

/** The doors of every account and MyGlue account, and the way out. */
export function signInRoutes(doors: Doors, { signIn }: PortalOptions): void {
  const doorOf = async (visit: Visit): Promise<Door | undefined> => {
    const door = await signIn.store.read((reader) => reader.door(scopeIn(visit)));
    return door !== undefined && signIn.signsIn(door.enforcer) ? door : undefined;
  };

  doors.page('/', 'anybody', ({ c, bearer }) => {
    if (bearer.is === 'session') return c.redirect('/settings', 303);
    const content = html`<p>Each company signs in at an address of its own. Yours is in the mail that invited you: it looks like
<code>${signIn.site.origin}/sign-in/your-company</code>.</p>`;
    return show(c, { title: 'Where do you sign in?', content });
  });

  for (const at of AT) {
    doors.page(`/sign-in${at}`, 'anybody', async (visit) => {
      const door = await doorOf(visit);
      if (door === undefined) return notFound(visit.c);
      const ended = saidOf(ENDED, visit.c.req.query('ended'));
      return doorPage(visit, door, { said: ended === undefined ? undefined : note(ended, 'warn') });
    });
    doors.act(`/sign-in${at}`, 'anybody', async (visit, sent) => {
      const door = await doorOf(visit);
      if (door === undefined) return notFound(visit.c);
      const address = sent.field('address');
      const { scope } = door;
      const entered = await enterPassword(signIn, {
        scope,
        address,
        password: sent.field('password'),
        from: visit.from,
        device: visit.device,
      });
      return entered.outcome === 'in' ? onward(visit, entered) : doorPage(visit, door, { address, wrong: entered.outcome });
    });
    doors.act(`/passkey${at}/options`, 'anybody', async (visit) => {
      if ((await doorOf(visit)) === undefined) return notFound(visit.c);
      const options = await passkeyAtDoor(signIn, visit.token, visit.from);
      return options === undefined ? visit.c.json({ outcome: 'wait' }, 429) : visit.c.json(options);
    });
    doors.act(`/passkey${at}`, 'anybody', async (visit, sent) => {
      const door = await doorOf(visit);
      if (door === undefined) return notFound(visit.c);
      const { token, from, device } = visit;
      const entered = await enterByPasskey(signIn, { scope: door.scope, visitor: token, answer: sent.json('answer'), from, device });
      if (entered.outcome === 'in') return onward(visit, entered);
      return doorPage(visit, door, { wrong: entered.outcome === 'refused' ? 'unknown-passkey' : entered.outcome });
    });
    doors.page(`/help${at}`, 'anybody', async (visit) => {
      const door = await doorOf(visit);
      return door === undefined ? notFound(visit.c) : helpPage(visit, door);
    });
    doors.act(`/help${at}`, 'anybody', async (visit, sent) => {
      const door = await doorOf(visit);
      if (door === undefined) return notFound(visit.c);
      const about = sent.field('about') === 'unlock' ? 'unlock' : 'password-reset';
      await askForMail(signIn, about, { scope: door.scope, address: sent.field('address'), from: visit.from });
      const content = html`<p>If this address signs in here${about === 'unlock' ? ' and is locked' : ''}, a mail is on its way to it. Its link works for one hour, once.</p>
<p>Nothing in your inbox after a few minutes? Look among the unwanted mail, then ask your administrator.</p>
<ul class="links"><li><a href="/sign-in/${door.scope}">Back to signing in</a></li></ul>`;
      return show(visit.c, { title: 'Look into your mail', where: placeOfDoor(door), content });
    });
  }

  doors.act('/sign-out', 'anybody', async (visit) => {
    const { c, bearer, token } = visit;
    await signOut(signIn, token);
    forget(c);
    const scope = bearer.is === 'session' ? bearer.session.scope : bearer.is === 'attempt' ? bearer.attempt.scope : undefined;
    return c.redirect(scope === undefined ? '/' : `/sign-in/${scope}?ended=out`, 303);
  });
}

interface Said {
  readonly address?: string;
  readonly wrong?: keyof typeof WRONG;
  readonly said?: Html | undefined;
}

function doorPage({ c, form: token }: Visit, door: Door, { address, wrong, said }: Said) {
  const at = door.scope;
  const fields = html`${field({ name: 'address', label: 'E-mail address', type: 'email', value: address ?? '', autocomplete: 'username', inputmode: 'email', focus: address === undefined })}
${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', focus: address !== undefined })}
${button('Continue')}`;
  const content = html`${said}${wrong !== undefined && note(WRONG[wrong], 'bad')}
${form(`/sign-in/${at}`, token, fields)}
<button class="quiet" type="button" hidden data-passkey="get" data-options="/passkey/${at}/options" data-answer="/passkey/${at}" data-form="${token}">Use a passkey instead</button>
<ul class="links"><li><a href="/help/${at}">Forgot the password, or locked?</a></li></ul>`;
  const status = wrong === undefined ? 200 : wrong === 'wait' ? 429 : 401;
  return show(c, { title: 'Sign in', where: placeOfDoor(door), content, script: true }, status);
}

function helpPage({ c, form: token }: Visit, door: Door) {
  const address = (id: string) =>
    field({ name: `address`, label: 'E-mail address', type: 'email', autocomplete: 'username', inputmode: 'email', id });
  const content = html`<section class="card"><h2>Forgot the password</h2>
<p>A link to set a new one comes by mail. Your second factor stays as it is, and is asked for as ever.</p>
${form(`/help/${door.scope}`, token, html`<input type="hidden" name="about" value="password-reset">${address('reset-address')}${button('Send the link')}`)}</section>
<section class="card"><h2>Locked after wrong codes</h2>
<p>A link that unlocks your sign-in comes by mail.</p>
${form(`/help/${door.scope}`, token, html`<input type="hidden" name="about" value="unlock">${address('unlock-address')}${button('Send the link')}`)}</section>
<section class="card"><h2>Lost the phone or the key</h2>
<p>Sign in with your password and one of your recovery codes, in the field for the code. Without one, ask your administrator to reset your second factor.</p></section>
<ul class="links"><li><a href="/sign-in/${door.scope}">Back to signing in</a></li></ul>`;
  return show(c, { title: 'Help with signing in', where: placeOfDoor(door), content });
}
