import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOf } from '../../adapters/store/opened.ts';
import { AMIR, CARLA, DANA, ILSE, MIA, Office, southwind, TARA } from '../../flows/administering/office.ts';
import { Client } from './client.ts';
import { type Served, serveNorthwind } from './served.ts';

const PAGES = ['users', 'policies', 'resets', 'exemptions', 'reports', 'audit'] as const;
const OF_MANAGERS: readonly string[] = ['users', 'policies', 'resets'];
const FELIX = 'felix@northwind.example';
const NOAH = 'noah@bakery.example';

let served: Served;
let office: Office;
const as: Record<string, Client> = {};
const ids: Record<string, number> = {};

beforeAll(async () => {
  served = await serveNorthwind();
  office = await Office.open(served.portal);
  for (const address of [DANA, ILSE, CARLA, TARA]) as[address] = new Client(served.origin, await office.signIn(address));
  for (const address of [DANA, ILSE, CARLA, TARA, MIA, AMIR, FELIX, NOAH]) ids[address] = await served.portal.idOf(address);
  southwind(served.portal);
}, 60_000);
afterAll(async () => {
  expect(served.faults).toEqual([]);
  await served.close();
});

const visitor = (address: string) => {
  const found = as[address];
  if (found === undefined) throw new Error(address);
  return found;
};
const pageOf = (address: string) => `/admin/users/${ids[address]}`;
/** The id that a form for a reset was made with. */
const requestIn = (text: string) => /name="request" value="([^"]+)"/.exec(text)?.[1] ?? '';

describe('who sees which page', () => {
  test('an Administrator sees each; a Manager those of people; who is neither, none; the bar says the same', async () => {
    const seen: [string, readonly string[]][] = [
      [DANA, PAGES],
      [CARLA, OF_MANAGERS],
      [TARA, []],
    ];
    for (const [address, sees] of seen) {
      for (const page of PAGES) {
        const { status, text } = await visitor(address).get(`/admin/${page}`);
        expect([address, page, status]).toEqual([address, page, sees.includes(page) ? 200 : 403]);
        for (const other of PAGES) expect(text.includes(`href="/admin/${other}"`) && !sees.includes(other)).toBe(false);
      }
    }
    for (const path of ['/admin/users.csv', '/admin/reports/report.csv', pageOf(MIA)])
      expect([path, (await visitor(TARA).get(path)).status]).toEqual([path, 403]);
    expect((await visitor(CARLA).get('/admin/reports/report.csv')).status).toBe(403);
  });

  test('nobody without a session', async () => {
    const nobody = new Client(served.origin, 'x'.repeat(43));
    for (const path of ['/admin', ...PAGES.map((page) => `/admin/${page}`), '/admin/users.csv', pageOf(MIA)]) {
      const { status, location } = await nobody.get(path);
      expect([path, status, location]).toEqual([path, 303, '/']);
    }
    expect((await nobody.post(`${pageOf(MIA)}/unlock`)).status).toBe(403);
    const half = await served.portal.password(DANA);
    const waiting = new Client(served.origin, half.outcome === 'in' ? half.token : '');
    expect(await waiting.get('/admin/users')).toMatchObject({ status: 303, location: '/code' });
  });

  test('people of another account are nobody, whatever is asked about them', async () => {
    const dana = visitor(DANA);
    for (const path of [
      '/admin/users/9000',
      '/admin/users/999999',
      '/admin/users/x',
      '/admin/users/1e3',
      `/admin/users/${'9'.repeat(40)}`,
      '/admin/users?scope=southwind',
      '/admin/users.csv?scope=southwind',
    ]) {
      const { status, text } = await dana.get(path);
      expect([path, status, text.includes('Xaver')]).toEqual([path, 404, false]);
    }
    for (const act of ['unlock', 'invite', 'token', 'sign-out']) expect((await dana.post(`/admin/users/9000/${act}`)).status).toBe(404);
    const request = 'PORTAL-00000000000000FF';
    expect((await dana.post('/admin/users/9000/reset', { request, reason: 'x' })).status).toBe(404);
    expect((await dana.post(`/admin/resets/${request}/approve`)).status).toBe(404);
    for (const path of ['/admin/users', '/admin/audit', '/admin/resets', '/admin/reports', '/admin/policies'])
      expect([path, /Xaver|southwind/i.test((await dana.get(path)).text)]).toEqual([path, false]);
  });

  test('looking changes nothing', async () => {
    const { raw } = served.portal.northwind.opened;
    const before = contentOf(raw);
    const paths = [
      ...PAGES.map((page) => `/admin/${page}`),
      pageOf(MIA),
      '/admin/users.csv',
      ...['html', 'csv', 'json'].map((f) => `/admin/reports/report.${f}`),
    ];
    for (const path of paths) expect([path, (await visitor(DANA).get(path)).status]).toEqual([path, 200]);
    expect(contentOf(raw)).toBe(before);
  });
});

describe('acts', () => {
  test('a reset: once, however often its form is sent, and never without a reason', async () => {
    const dana = visitor(DANA);
    const before = (await dana.get(pageOf(FELIX))).text;
    const request = requestIn(before);
    const empty = await dana.post(`${pageOf(FELIX)}/reset`, { request, reason: '  ' });
    expect(empty.text).toContain('A reset takes a reason');
    expect(await office.factors(FELIX)).toBe(1);
    const sent = await Promise.all([1, 2, 3].map(() => dana.post(`${pageOf(FELIX)}/reset`, { request, reason: 'lost phone' })));
    expect(sent.map(({ status, location }) => [status, location])).toEqual(
      Array.from({ length: 3 }, () => [303, `${pageOf(FELIX)}?done=Executed`]),
    );
    expect(office.one('select count(*) from resets where request_id = ?', request)).toBe(1);
    expect(office.one("select count(*) from audit where act = 'reset.executed' and body like ?", `%${request}%`)).toBe(1);
    const page = await dana.get(`${pageOf(FELIX)}?done=Executed`);
    expect(page.text).toContain('MFA was reset.');
    expect(page.text).toContain('No factor is set up.');
    expect(requestIn(page.text)).not.toBe(request);
    expect((await dana.get('/admin/resets')).text).toContain(request);
  });

  test('where a second administrator is asked for: one asks, another approves, once', async () => {
    const [dana, ilse] = [visitor(DANA), visitor(ILSE)];
    const request = requestIn((await dana.get(pageOf(AMIR))).text);
    expect(await dana.post(`${pageOf(AMIR)}/reset`, { request, reason: 'called back' })).toMatchObject({
      location: `${pageOf(AMIR)}?done=AwaitingApproval`,
    });
    const own = (await dana.get(pageOf(AMIR))).text;
    expect(own).toContain('another person than the requester');
    expect(own).not.toContain(`/admin/resets/${request}/approve`);
    expect((await dana.post(`/admin/resets/${request}/approve`)).status).toBe(403);
    expect((await ilse.get('/admin/resets')).text).toContain('Look and approve');
    expect((await ilse.get(pageOf(AMIR))).text).toContain(`/admin/resets/${request}/approve`);
    const both = await Promise.all([ilse.post(`/admin/resets/${request}/approve`), ilse.post(`/admin/resets/${request}/approve`)]);
    expect(both.map(({ location }) => location)).toEqual([`${pageOf(AMIR)}?done=Executed`, `${pageOf(AMIR)}?done=Executed`]);
    expect(office.one("select count(*) from audit where act = 'reset.executed' and body like ?", `%${request}%`)).toBe(1);
    expect(await office.factors(AMIR)).toBe(0);
  });

  test('a token is shown once, with its end', async () => {
    const shown = await visitor(DANA).post(`${pageOf(NOAH)}/token`);
    const token = /class="secret">([\w-]{43})</.exec(shown.text)?.[1] ?? '';
    expect([shown.status, token.length, shown.headers.get('cache-control')]).toEqual([200, 43, 'no-store']);
    expect(shown.text).toContain('datetime="2026-11-26T08:04:00Z"');
    for (const path of [pageOf(NOAH), '/admin/audit']) expect((await visitor(DANA).get(path)).text).not.toContain(token);
  });

  test('invite, unlock and sign out say what they did', async () => {
    const dana = visitor(DANA);
    expect((await dana.post(`${pageOf(NOAH)}/invite`)).location).toBe(`${pageOf(NOAH)}?done=invited`);
    office.one(
      'insert into sign_in_state (user_id, code_failures, locked_at) values (?, 10, ?) returning 1',
      ids[NOAH],
      served.portal.northwind.now,
    );
    expect((await dana.get('/admin/users?scope=northwind/bakery&show=locked')).text).toContain(NOAH);
    expect((await dana.post(`${pageOf(NOAH)}/unlock`)).location).toBe(`${pageOf(NOAH)}?done=unlocked`);
    expect((await dana.post(`${pageOf(NOAH)}/sign-out`)).location).toBe(`${pageOf(NOAH)}?done=signed-out`);
    const page = (await dana.get(`${pageOf(NOAH)}?done=signed-out`)).text;
    for (const words of ['They are signed out everywhere', 'Invited by mail', 'Unlocked', 'Signed out', 'Enrollment token issued'])
      expect(page).toContain(words);
    expect((await dana.get(`${pageOf(NOAH)}?done=<b>`)).text).not.toContain('<b>');
  });

  test('a Manager acts on no Administrator, and nobody on themselves', async () => {
    const [dana, carla] = [visitor(DANA), visitor(CARLA)];
    for (const act of ['reset', 'invite', 'token', 'unlock', 'sign-out']) {
      const fields = { request: 'PORTAL-00000000000000EE', reason: 'x' };
      expect([act, (await carla.post(`${pageOf(ILSE)}/${act}`, fields)).status]).toEqual([act, 403]);
      expect([act, (await dana.post(`${pageOf(DANA)}/${act}`, fields)).status]).toEqual([act, 403]);
    }
    expect((await carla.get(pageOf(ILSE))).text).toContain('a Manager does not reset an Administrator');
    expect((await carla.get(pageOf(ILSE))).text).not.toContain('<h2>History</h2>');
    expect((await dana.get(pageOf(DANA))).text).toContain('This is you');
    expect(requestIn((await carla.get(pageOf(MIA))).text)).not.toBe('');
  });

  test('a form that is none of ours changes nothing', async () => {
    const dana = visitor(DANA);
    expect((await dana.post(`${pageOf(MIA)}/unlock`, { form: 'x' })).status).toBe(403);
    expect((await dana.post(`${pageOf(MIA)}/reset`, { request: 'NW-1', reason: 'x' })).status).toBe(404);
    expect(await office.factors(MIA)).toBe(1);
  });
});

describe('lists', () => {
  test('names that would do harm are shown as they are, in pages and in CSV', async () => {
    const name = `<script>alert(1)</script>"'\u202Egnp`;
    office.one('update users set name = ? where id = ? returning 1', name, ids[MIA]);
    office.one('update users set name = ? where id = ? returning 1', '=cmd()', ids[NOAH]);
    const dana = visitor(DANA);
    for (const path of ['/admin/users?scope=northwind/bakery', pageOf(MIA)]) {
      const { text } = await dana.get(path);
      expect(text).not.toMatch(/<script|\u202E/);
      expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;\uFFFDgnp');
    }
    const hostile = '"><img src=x onerror=alert(1)>';
    for (const path of ['/admin/users?q=', '/admin/audit?person=', '/admin/users?client=', '/admin/users?scope=northwind/bakery&after='])
      expect((await dana.get(path + encodeURIComponent(hostile))).text).not.toContain('<img');
    const csv = await dana.get('/admin/users.csv?scope=northwind/bakery');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="padlock-people-northwind-bakery.csv"');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = csv.text.split('\r\n');
    expect(lines).toHaveLength(14);
    expect(lines.find((line) => line.includes(NOAH))).toContain(",'=cmd(),");
    expect((await dana.get('/admin/users.csv?scope=northwind/bakery&q=%3Dcmd')).text.split('\r\n')).toHaveLength(3);
  });

  test('fifty a page, everybody once, and no page is large, whatever people are called', async () => {
    const user =
      served.portal.northwind.opened.raw.prepare(`insert into users (id, account_id, external_id, origin, address, address_key, name, enabled,
      service, local_password, sso, kinds) values (?, 1, ?, 'csv', ?, ?, ?, 1, 0, 1, 0, 0)`);
    const member = served.portal.northwind.opened.raw.prepare(
      "insert into memberships (scope_id, user_id, role, joined_at, active, kinds) select id, ?, 5, 0, 1, 0 from scopes where key = 'northwind/garage'",
    );
    for (let id = 5000; id < 5130; id++) {
      user.run(id, String(id), `z${id}-${'<'.repeat(240)}@x.example`, `z${id}@x.example`, '&'.repeat(2000));
      member.run(id);
    }
    const seen: string[] = [];
    let path: string | undefined = '/admin/users?scope=northwind/garage';
    for (let pages = 0; path !== undefined; pages++) {
      expect(pages).toBeLessThan(4);
      const { text } = await visitor(DANA).get(path);
      expect(text.length).toBeLessThan(60_000);
      seen.push(...[...text.matchAll(/<th scope="row"><a href="\/admin\/users\/(\d+)"/g)].map(([, id]) => id ?? ''));
      path = /href="([^"]+)">Next page/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen).toHaveLength(136);
    expect(new Set(seen).size).toBe(136);
    expect((await visitor(DANA).get('/admin/users.csv?scope=northwind/garage')).text.split('\r\n')).toHaveLength(138);
  });

  test('the log by act and by person, newest first; a person whom nobody knows is said', async () => {
    const dana = visitor(DANA);
    const resets = (await dana.get('/admin/audit?act=reset')).text;
    expect(resets).toContain('MFA reset');
    expect(resets).not.toContain('Factor set up');
    const felix = (await dana.get(`/admin/audit?person=${FELIX}`)).text;
    expect([...felix.matchAll(/<td class="when">/g)]).toHaveLength(1);
    expect(await dana.get('/admin/audit?person=nobody@x.example')).toMatchObject({
      status: 404,
      text: expect.stringContaining('Nobody here is called so.'),
    });
    expect(await dana.get('/admin/audit?person=x@southwind.example')).toMatchObject({ status: 404 });
  });

  test('policies as they were declared; exemptions; figures and reports of this account alone', async () => {
    const dana = visitor(DANA);
    const policies = (await dana.get('/admin/policies')).text;
    for (const words of ['policies/myglue/clinic.yaml:10', '14 days after somebody is first asked', 'requireMfa: true', 'Report only'])
      expect(policies).toContain(words);
    expect(policies).not.toMatch(/<(input|textarea|select)(?![^>]*type="hidden")/);
    expect((await dana.get('/admin/exemptions')).text).toContain('field-work');
    const json = await dana.get('/admin/reports/report.json');
    expect(json.headers.get('content-disposition')).toMatch(/^attachment; filename="padlock-northwind-2026-11-25T\d{6}Z\.json"$/);
    expect(json.text).not.toContain('southwind');
    expect((await dana.get('/admin/reports/report.html')).text).toContain('<!doctype html>');
    expect((await dana.get('/admin/reports/report.pdf')).status).toBe(404);
    expect((await dana.get('/admin/reports')).text).toContain('No folder of reports is configured');
  });
});

test('five minutes after the last proof every act asks for another, and the page says so before', async () => {
  served.portal.later(5 * 60_000);
  const dana = visitor(DANA);
  const page = (await dana.get(pageOf(MIA))).text;
  expect(page).toContain(`href="/prove?for=reset-${ids[MIA]}"`);
  expect(requestIn(page)).toBe('');
  for (const act of ['reset', 'invite', 'token', 'unlock', 'sign-out']) {
    const sent = await dana.post(`${pageOf(MIA)}/${act}`, { request: 'PORTAL-00000000000000EE', reason: 'x' });
    expect([act, sent.status, sent.location]).toEqual([act, 303, `/prove?for=reset-${ids[MIA]}`]);
  }
  expect(await office.factors(MIA)).toBe(1);
});
