import { PadlockError } from '../../../core/model/errors.ts';
import { scopeOf } from '../../../core/model/scope.ts';
import type { Json, Role } from '../../../core/model/words.ts';
import type { AccountMapping, ExportRow } from '../rows/part.ts';

/** IT Glue's names of roles where they differ from ours. */
const ROLE_NAMES: Partial<Record<Role, string>> = { ReadOnly: 'Read-only' };

/** One JSON:API document of users, a resource a line, in chunks of text. */
export async function* exportItGlue(rows: AsyncIterable<ExportRow>, origin: string, mapping: AccountMapping): AsyncGenerator<string> {
  let count = 0;
  yield '{"data":[';
  for await (const row of rows) {
    yield `${count === 0 ? '' : ','}\n${JSON.stringify(resourceOf(row, mapping))}`;
    count++;
  }
  yield `\n],"meta":${JSON.stringify({ 'total-count': count, origin })},"links":${JSON.stringify({ self: '/users', next: null })}}\n`;
}

function resourceOf(row: ExportRow, mapping: AccountMapping): Json {
  const { myGlueAccount } = scopeOf(row.scope);
  return {
    id: row.externalId,
    type: 'users',
    attributes: {
      name: row.name,
      email: row.address,
      'role-name': ROLE_NAMES[row.role] ?? row.role,
      'last-sign-in-at': row.lastSignIn === null ? null : new Date(row.lastSignIn).toISOString(),
      'my-glue': myGlueAccount !== undefined,
      'my-glue-account-id': myGlueAccount === undefined ? null : idOf(myGlueAccount, mapping),
    },
  };
}

/** A number, as IT Glue writes it, where it is one. */
function idOf(slug: string, mapping: AccountMapping): number | string {
  const id = mapping.myGlueAccounts[slug];
  if (id === undefined) {
    throw new PadlockError('directory/unmapped-myglue-account', `IT Glue's id of the MyGlue account ${slug} is not known`, {
      fix: `add it to accounts.${mapping.account}.myGlueAccounts of padlock.yaml: ${slug}: "ID", or export CSV`,
    });
  }
  return String(Number(id)) === id ? Number(id) : id;
}
