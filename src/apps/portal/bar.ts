import { type Html, html } from '../../core/layout/html/escape.ts';
import { type Act, rightTo } from '../../core/rights/rights.ts';
import { selfOf } from '../../flows/sign-in/progress.ts';
import type { Passes } from './doors.ts';
import { button, form } from './page.ts';

/** Pages of the bar, for those who have the right of each; null: everybody. */
const PAGES: readonly (readonly [href: string, label: string, right: Act | null])[] = [
  ['/settings', 'My settings', null],
  ['/admin/users', 'Users', { act: 'list-users' }],
  ['/admin/policies', 'Policies', { act: 'read-policies' }],
  ['/admin/exemptions', 'Exemptions', { act: 'read-report' }],
  ['/admin/resets', 'Resets', { act: 'list-resets' }],
  ['/admin/reports', 'Reports', { act: 'read-report' }],
  ['/admin/audit', 'Audit log', { act: 'read-audit' }],
];

/** The bar of somebody who is signed in: where they may go, and the way out. What they may not see is not there, and its pages refuse them anyway. */
export function barOf({ c, form: token, bearer }: Passes['session']): Html {
  const { person } = bearer.someone;
  const actor = selfOf(bearer.someone);
  // None of these rights is one that is configured.
  const mine = PAGES.filter(([, , right]) => right === null || rightTo(actor, right, { policy: [] }).allowed);
  const link = ([href, label]: (typeof PAGES)[number]) =>
    html`<a href="${href}"${c.req.path.startsWith(href) ? html` aria-current="page"` : ''}>${label}</a>`;
  return html`<header class="bar-top"><nav aria-label="Main"><span class="brand">Padlock</span>${mine.map(link)}<span class="end"><span class="muted small">${person.name ?? person.address}</span>${form('/sign-out', token, button('Sign out', 'quiet'), 'inline')}</span></nav></header>`;
}
