import { isDuration, parseDuration } from '../../core/documents/values.ts';
import { type DatabaseText, isNear, isPlain, serverParts } from './database.ts';
import { DEFAULTS } from './defaults.ts';
import type { Finding } from './faults.ts';

const FORM = 'write it as postgres://padlock@db.northwind.example/padlock, or sqlite: and the path of a file';

/** What the schema cannot say of `store` and of single values of `database`. Nothing of the store is quoted: it may hold a password. */
export function databaseMeanings(store: string | undefined, database: DatabaseText | undefined): Finding[] {
  const wrong: Finding[] = [];
  const tell = (pointer: string, message: string, fix: string) => wrong.push({ pointer, onKey: false, quotable: false, message, fix });
  if (store !== undefined && /^postgres(ql)?:/.test(store)) {
    const parts = serverParts(store);
    if (parts === undefined) tell('/store', 'this names no user, server and database', FORM);
    else for (const [message, fix] of urlFaults(parts)) tell('/store', message, fix);
  }
  const timeout = database?.statementTimeout;
  if (timeout !== undefined && !(isDuration(timeout) && parseDuration(timeout) >= 1000))
    tell('/database/statementTimeout', 'this is no duration of a second or more', `write it as ${DEFAULTS.statementTimeout}`);
  return wrong;
}

function urlFaults({ host, sslmode, others }: NonNullable<ReturnType<typeof serverParts>>): [string, string][] {
  const faults: [string, string][] = others.map((name) => [
    `${JSON.stringify(name)} cannot be asked for here`,
    'ask for host (the folder of a socket) and sslmode alone; the rest is in database',
  ]);
  if (sslmode !== undefined && sslmode !== 'disable' && sslmode !== 'verify-full') {
    faults.push([
      `${JSON.stringify(sslmode)} believes whoever answers in the place of the server`,
      'write sslmode=verify-full, and name the authority in database.certificateAuthority where it is one of your own',
    ]);
  }
  if (sslmode === 'verify-full' && host.startsWith('/')) faults.push(['a socket has no TLS', 'remove sslmode']);
  if (sslmode === 'disable' && !isNear(host))
    faults.push(['without TLS everybody on the way reads and changes what the store holds', 'remove sslmode=disable']);
  return faults;
}

/** What is wrong with `store` and `database` together, wherever each stands. They are right one by one. */
export function databaseTogether(store: string, database: DatabaseText, isInFile: boolean): Finding[] {
  const wrong: Finding[] = [];
  const tell = (is: boolean, pointer: string, message: string, fix: string) => {
    if (is) wrong.push({ pointer, message, fix, onKey: true, quotable: false });
  };
  const parts = serverParts(store);
  const [first] = Object.keys(database);
  tell(
    parts === undefined && first !== undefined,
    `/database/${first}`,
    'the store is a file, and this is for a server',
    'remove it, or set store to a postgres:// URL',
  );
  tell(
    parts?.password !== undefined && isInFile,
    '/store',
    'a password does not stand in this file',
    'write it into a file for its owner alone and name that with database.passwordFile',
  );
  tell(
    parts?.password !== undefined && database.passwordFile !== undefined && !isInFile,
    '/database/passwordFile',
    'the URL of the server has a password already',
    'keep it in the file alone',
  );
  tell(
    (database.certificate === undefined) !== (database.key === undefined),
    `/database/${database.key === undefined ? 'certificate' : 'key'}`,
    'a certificate and its key go together',
    'set both, or neither',
  );
  const withoutTls = parts !== undefined && isPlain(parts);
  for (const name of ['certificateAuthority', 'certificate'] as const)
    tell(
      withoutTls && database[name] !== undefined,
      `/database/${name}`,
      'this server is reached without TLS',
      'write sslmode=verify-full behind the URL, or remove it',
    );
  return wrong;
}
