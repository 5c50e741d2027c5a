import { judgePassword } from '../../../core/authentication/passwords.ts';
import { html } from '../../../core/layout/html/escape.ts';
import { acceptInvitation, type LinkState, resetPassword, unlockByLink, viewLink } from '../../../flows/sign-in/links.ts';
import type { Someone } from '../../../flows/sign-in/person.ts';
import type { Doors, Visit } from '../doors.ts';
import { onward, placeOf } from '../onward.ts';
import type { PortalOptions } from '../options.ts';
import { button, field, form, instant, note, show } from '../page.ts';

/** Pages of mailed links. Looking at one uses nothing up, however often a mail scanner does; its button does. */
export function linkRoutes(doors: Doors, { signIn, passwords }: PortalOptions): void {
  const tokenOf = ({ c }: Visit) => c.req.param('token') ?? '';

  for (const purpose of ['invitation', 'password-reset'] as const) {
    doors.page(`/${purpose}/:token`, 'anybody', async (visit) => {
      const state = await viewLink(signIn, tokenOf(visit), purpose);
      if (state.is !== 'open') return closedPage(visit, state);
      return passwordPage(visit, purpose, state.someone, await placeOf(signIn, state.someone.person.account));
    });
    doors.act(`/${purpose}/:token`, 'anybody', async (visit, sent) => {
      const placeOfTheirs = (someone: Someone) => placeOf(signIn, someone.person.account);
      const password = sent.field('password');
      const judge = async (someone: Someone) => wrongWith(password, sent.field('again'), someone, await placeOfTheirs(someone), passwords);
      const set =
        purpose === 'invitation'
          ? await acceptInvitation(signIn, tokenOf(visit), password, visit.device, judge)
          : await resetPassword(signIn, tokenOf(visit), password, judge);
      if (set.is === 'not-taken') return passwordPage(visit, purpose, set.someone, await placeOfTheirs(set.someone), set.wrong);
      if (set.is === 'in') return onward(visit, set);
      if (set.is !== 'open') return closedPage(visit, set);
      const where = await placeOfTheirs(set.someone);
      const content = html`<p>Sign in with it now. Your second factor is as it was, and is asked for as ever.</p>
<p><a class="button primary" href="/sign-in/${doorOf(set.someone)}">Sign in</a></p>`;
      return show(visit.c, { title: 'Your password is set', where, content });
    });
  }
  doors.page('/unlock/:token', 'anybody', async (visit) => {
    const state = await viewLink(signIn, tokenOf(visit), 'unlock');
    if (state.is !== 'open') return closedPage(visit, state);
    const content = html`<p>Too many wrong codes locked the sign-in of ${state.someone.person.address ?? 'this person'}. If those were not yours, somebody has your password: change it once you are signed in.</p>
${form(`/unlock/${tokenOf(visit)}`, visit.form, button('Unlock'))}`;
    return show(visit.c, { title: 'Unlock your sign-in', where: await placeOf(signIn, state.someone.person.account), content });
  });
  doors.act('/unlock/:token', 'anybody', async (visit) => {
    const state = await unlockByLink(signIn, tokenOf(visit));
    if (state.is !== 'open') return closedPage(visit, state);
    const content = html`<p><a class="button primary" href="/sign-in/${doorOf(state.someone)}">Sign in</a></p>`;
    return show(visit.c, { title: 'Your sign-in is unlocked', where: await placeOf(signIn, state.someone.person.account), content });
  });
}

/** The door that somebody signs in at: the account's, or that of their first MyGlue account. */
function doorOf({ person }: Someone): string {
  return person.memberships.find(({ scope }) => scope === person.account)?.scope ?? person.memberships[0]?.scope ?? person.account;
}

/** What is wrong with a new password, in words; null: nothing. */
export function wrongWith(
  password: string,
  again: string,
  { person }: Someone,
  title: string,
  rules: PortalOptions['passwords'],
): string | null {
  const called = [person.address, person.name, title].flatMap((text) => text ?? []);
  const why = judgePassword(password, { called, common: (text) => rules.has(text) });
  if (why !== null) return `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;
  return password === again ? null : 'The two are not the same. Type it again in both fields.';
}

/** The two fields of a new password. */
export function passwordFields(address: string, wrong: string | undefined) {
  return html`<input type="hidden" autocomplete="username" value="${address}">${field({ name: 'password', label: 'New password', type: 'password', autocomplete: 'new-password', focus: true, wrong, hint: 'At least 8 characters; a few words in a row are good. No rule about digits or signs.' })}
${field({ name: 'again', label: 'Once more', type: 'password', autocomplete: 'new-password' })}`;
}

function passwordPage(visit: Visit, purpose: 'invitation' | 'password-reset', { person }: Someone, where: string, wrong?: string) {
  const invited = purpose === 'invitation';
  const content = html`<p>${invited ? html`You are invited as <b>${person.address ?? person.name}</b>. Choose a password; a second factor follows if ${where} asks for one.` : html`Choose a new password for <b>${person.address ?? person.name}</b>. Every session is signed out.`}</p>
${form(visit.c.req.path, visit.form, html`${passwordFields(person.address ?? '', wrong)}${button(invited ? 'Continue' : 'Set the password')}`)}`;
  return show(visit.c, { title: invited ? 'Welcome' : 'Set a new password', where, content }, wrong === undefined ? 200 : 422);
}

function closedPage({ c }: Visit, state: Exclude<LinkState, { is: 'open' }>) {
  const said = {
    used: html`It was used already${state.is === 'used' ? html`, on ${instant(state.at)}` : ''}.`,
    replaced: html`A newer mail with another link was sent to you, or your password was set since.`,
    expired: html`It is too old. Ask for a new one.`,
    unknown: html`Check that the whole address was copied, or ask for a new one.`,
  }[state.is];
  return show(c, { title: 'This link does not work any more', content: note(said, 'warn') }, 410);
}
