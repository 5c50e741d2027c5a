import { expect, test } from 'vitest';
import { statementName } from './statement-name.ts';

test.each([
  ['begin immediate', 'begin immediate'],
  ['begin', 'begin'],
  ['commit', 'commit'],
  ['rollback', 'rollback'],
  ['pragma journal_mode = WAL', 'pragma journal_mode'],
  ['insert into "documents" ("kind") values (?) on conflict do update set kind = 1', 'insert into documents'],
  ['\n    delete from documents where exists (select 1 from terms)', 'delete from documents'],
  ['update users set epoch = epoch + 1 from (select 1) as w', 'update users'],
  ['with given as materialized (select * from (select 1 from json_each(?)) as g) insert into users (id) select 1', 'insert into users'],
  ['with given as materialized (select * from x) update users set a = 1 from given', 'update users'],
  ['create table if not exists schema_version (version integer)', 'create table'],
  ['create unique index users_address on users (id)', 'create index'],
  ['select "id" from "accounts" where "slug" = ?', 'select accounts'],
  ['with t as materialized (select value from json_each(?)) select * from terms', 'select terms'],
  ['select max(1, 2)', 'select'],
])('%j is called %j', (sql, name) => {
  expect(statementName(sql)).toBe(name);
});
