import { html } from '../../../../core/layout/html/escape.ts';
import { PadlockError } from '../../../../core/model/errors.ts';
import { type LogQuestion, logFlow } from '../../../../flows/administering/records.ts';
import { button, field } from '../../page.ts';
import { type Desk, type Desks, shown } from './desk.ts';
import { ACT_GROUPS, entryTable } from './history.ts';
import { choice, pager } from './parts.ts';

/** Who did what in the account, newest first. */
export function auditRoutes(desks: Desks): void {
  desks.page('/admin/audit', async (desk) => {
    const before = /^\d{1,15}$/.test(desk.query('before')) ? desk.query('before') : '';
    const asked = ACT_GROUPS.find(([act]) => act === desk.query('act'))?.[0] ?? '';
    const person = desk.query('person').trim().slice(0, 254);
    const question = { act: asked, person, ...(before !== '' && { before: Number(before) }) };
    const { page, wrong } = await read(desk, question);
    const parameters = { act: asked, person };
    const last = page?.more === true ? page.rows.at(-1)?.seq : undefined;
    const content = html`<form method="get" action="/admin/audit" class="filters" role="search">
${choice('act', 'Show', asked, ACT_GROUPS)}
${field({ name: 'person', label: 'Address or id of a person', type: 'search', value: person, required: false, wrong })}
${button('Search', 'quiet')}</form>
${page !== undefined && (page.rows.length === 0 ? html`<p>Nothing is recorded of that.</p>` : entryTable(page, 'The audit log, newest first'))}
${pager('/admin/audit', parameters, ['before', before, last === undefined ? undefined : String(last)])}
${page?.head !== undefined && html`<p class="muted small">The last entry is #${page.head.seq}, its hash <code>${page.head.hash.slice(0, 12)}…</code>. Each entry is chained to the one before: <code>padlock audit verify</code> recomputes the chain against what is kept outside the store.</p>`}`;
    return shown(desk, 'Audit log', content, wrong === undefined ? 200 : 404);
  });
}

async function read({ by, account }: Desk, question: LogQuestion) {
  try {
    return { page: await logFlow(by.world, account, question), wrong: undefined };
  } catch (error) {
    if (error instanceof PadlockError && error.code === 'store/unknown-user')
      return { page: undefined, wrong: 'Nobody here is called so.' };
    if (error instanceof PadlockError && error.code === 'store/ambiguous-user')
      return { page: undefined, wrong: 'Several people are called so. Give the address.' };
    throw error;
  }
}
