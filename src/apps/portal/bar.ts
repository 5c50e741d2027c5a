import { type Html, html } from '../../core/layout/html/escape.ts';
import type { Passes } from './doors.ts';
import { button, form } from './page.ts';

/** Pages of the bar, for those who may see them. */
const PAGES = [
  ['/settings', 'My settings', 'everybody'],
  ['/admin/users', 'Users', 'managers'],
  ['/admin/policies', 'Policies', 'managers'],
  ['/admin/exemptions', 'Exemptions', 'administrators'],
  ['/admin/resets', 'Resets', 'managers'],
  ['/admin/reports', 'Reports', 'administrators'],
  ['/admin/audit', 'Audit log', 'administrators'],
] as const;

/** The bar of somebody who is signed in: where they may go, and the way out. What they may not see is not there, and its pages refuse them anyway. */
export function barOf({ c, form: token, bearer }: Passes['session']): Html {
  const { person } = bearer.someone;
  const role = person.memberships.find(({ scope }) => scope === person.account)?.role;
  const mine = PAGES.filter(
    ([, , whose]) => whose === 'everybody' || role === 'Administrator' || (whose === 'managers' && role === 'Manager'),
  );
  const link = ([href, label]: (typeof PAGES)[number]) =>
    html`<a href="${href}"${c.req.path.startsWith(href) ? html` aria-current="page"` : ''}>${label}</a>`;
  return html`<header class="bar-top"><nav aria-label="Main"><span class="brand">Padlock</span>${mine.map(link)}<span class="end"><span class="muted small">${person.name ?? person.address}</span>${form('/sign-out', token, button('Sign out', 'quiet'), 'inline')}</span></nav></header>`;
}
