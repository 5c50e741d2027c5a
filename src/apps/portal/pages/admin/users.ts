import { type Html, html, type Piece } from '../../../../core/layout/html/escape.ts';
import { kindsOf } from '../../../../core/model/demand.ts';
import type { ScopeFacts } from '../../../../core/model/findings.ts';
import { type ListedPerson, PEOPLE_FILTERS, type PeopleFilter } from '../../../../core/model/listed.ts';
import { scopeName } from '../../../../core/report/html/words.ts';
import { type PeopleChoice, type PeoplePage, peopleCsv, peopleFlow } from '../../../../flows/administering/people.ts';
import { button, field, note } from '../../page.ts';
import { KIND_NAMES } from '../set-up.ts';
import { type Desk, type Desks, download, shown, unknownHere } from './desk.ts';
import { choice, linkTo, padlock, pager, personLink, SYMBOLS, scopeNote, stateBadge, whyWords } from './parts.ts';

/** Tabs of MyGlue accounts that a page shows: where there are more, they are looked for. */
const TABS = 12;
/** What is looked for at most, in UTF-16 units. */
const LONGEST_SEARCH = 100;

const FILTER_WORDS: Readonly<Record<PeopleFilter, string>> = {
  all: 'Everybody',
  open: 'Open padlock',
  overdue: 'Overdue',
  pending: 'Pending',
  exempt: 'Exempt',
  locked: 'Locked',
  unreadable: 'Unreadable factor',
};

/** The people of the account, and of each MyGlue account apart; and the same as CSV. */
export function userRoutes(desks: Desks): void {
  desks.page('/admin', async ({ visit }) => visit.c.redirect('/admin/users', 303));
  desks.page('/admin/users', async (desk) => {
    const after = numberOf(desk.query('after'));
    const chosen = choiceOf(desk);
    const page = await peopleFlow(desk.by.world, desk.account, chosen, after);
    return page === undefined ? unknownHere(desk, 'MyGlue account') : usersPage(desk, chosen, page, after);
  });
  desks.page('/admin/users.csv', async (desk) => {
    const chosen = choiceOf(desk);
    const chunks = await peopleCsv(desk.by.world, desk.account, chosen);
    if (chunks === undefined) return unknownHere(desk, 'MyGlue account');
    return download(desk, `padlock-people-${chosen.scope.replaceAll('/', '-')}.csv`, 'text/csv', chunks);
  });
}

function choiceOf({ account, query }: Desk): PeopleChoice {
  const asked = query('show');
  return {
    scope: query('scope') === '' ? account : query('scope'),
    filter: PEOPLE_FILTERS.find((filter) => filter === asked) ?? 'all',
    search: query('q').trim().slice(0, LONGEST_SEARCH),
  };
}

function numberOf(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function usersPage(desk: Desk, chosen: PeopleChoice, page: PeoplePage, after: number | undefined): Promise<Response> {
  const { scope, filter, search } = chosen;
  const parameters = { scope: scope === desk.account ? '' : scope, show: filter === 'all' ? '' : filter, q: search };
  const said = scopeNote(page.facts);
  const last = page.more ? page.people.at(-1) : undefined;
  const content = html`${SYMBOLS}${tabs(desk, page, parameters)}
${said !== null && note(said)}
<form method="get" action="/admin/users" class="filters" role="search">${scope !== desk.account && html`<input type="hidden" name="scope" value="${scope}">`}
${field({ name: 'q', label: 'Name or address', type: 'search', value: search, required: false })}
${choice('show', 'Show', filter, Object.entries(FILTER_WORDS))}
${button('Search', 'quiet')}</form>
${page.people.length === 0 ? nobody(filter, search) : table(page)}
<div class="foot">${pager('/admin/users', parameters, ['after', after === undefined ? '' : String(after), last === undefined ? undefined : String(last.userId)])}
${page.people.length > 0 && html`<p><a href="${linkTo('/admin/users.csv', parameters)}" download>Download ${filter === 'all' && search === '' ? 'everybody here' : 'this selection'} as CSV</a></p>`}</div>`;
  return shown(desk, 'Users', content);
}

/** The account, then its MyGlue accounts: all of them where they are few, else those that are looked for. */
function tabs({ account, query }: Desk, { scopes, facts }: PeoplePage, parameters: Readonly<Record<string, string>>): Piece {
  if (scopes.length === 1) return null;
  const sought = query('client').trim().toLowerCase();
  const clients = scopes.filter((one) => one.scope !== account);
  const found = clients.filter((one) => sought === '' || `${one.title} ${one.scope}`.toLowerCase().includes(sought)).slice(0, TABS);
  const here = found.some((one) => one.scope === facts.scope) || facts.scope === account ? found : [facts, ...found];
  const tab = (one: ScopeFacts) =>
    html`<li><a href="${linkTo('/admin/users', { ...parameters, scope: one.scope === account ? '' : one.scope, client: query('client') })}"${one.scope === facts.scope ? html` aria-current="page"` : ''}><bdi>${scopeName(one)}</bdi></a></li>`;
  const search = html`<form method="get" action="/admin/users" class="filters" role="search">${field({ name: 'client', label: `MyGlue accounts: ${here.length} of ${clients.length} are shown`, type: 'search', value: query('client'), required: false })}${button('Find', 'quiet')}</form>`;
  return html`<nav class="tabs" aria-label="Account and MyGlue accounts"><ul>${scopes.filter((one) => one.scope === account).map(tab)}${here.map(tab)}</ul></nav>${clients.length > TABS && search}`;
}

function nobody(filter: PeopleFilter, search: string): Html {
  if (search === '' && filter === 'all') return html`<p>Nobody is here.</p>`;
  return html`<p>Nobody${search === '' ? '' : html` whose name or address holds <b><bdi>${search}</bdi></b>`} is ${filter === 'all' ? 'here' : html`here under “${FILTER_WORDS[filter]}”`}.</p>`;
}

function table({ people, facts, unreadable }: PeoplePage): Html {
  return html`<table class="people"><caption class="hidden">People of ${scopeName(facts)}, by address</caption>
<thead><tr><th scope="col">Person</th><th scope="col">Padlock</th><th scope="col">MFA</th><th scope="col">Factors</th><th scope="col">Role</th></tr></thead>
<tbody>${people.map((person) => row(person, unreadable.has(person.userId)))}</tbody></table>`;
}

function row(person: ListedPerson, isUnreadable: boolean): Html {
  const { kinds, role, breakGlass, lockedAt } = person;
  const factors =
    kinds === null
      ? 'not known'
      : kinds === 0
        ? 'none'
        : kindsOf(kinds)
            .map((kind) => KIND_NAMES[kind])
            .join(', ');
  return html`<tr><th scope="row">${personLink(person)}</th><td>${padlock(person)}</td>
<td>${stateBadge(person.reason)} <span class="small">${whyWords(person)}</span></td>
<td data-label="Factors">${factors}${isUnreadable && html` <span class="badge bad">Unreadable</span>`}</td>
<td data-label="Role">${role}${breakGlass && html` <span class="badge">Break-glass</span>`}${lockedAt !== null && html` <span class="badge bad">Locked</span>`}</td></tr>
`;
}
