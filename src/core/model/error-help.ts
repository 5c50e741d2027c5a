import { DOCUMENT_HELP } from './document-help.ts';
import type { ErrorCode, Help } from './errors.ts';

/** Every error code explained: what docs/errors.md is generated from, and what SARIF carries as the help of its rules. */
export const ERROR_HELP: Readonly<Record<ErrorCode, Help>> = {
  ...DOCUMENT_HELP,
  'plan/stale': {
    means: 'the plan was made from other facts than those in force now',
    cause: 'Somebody applied another change in between, an override lifts what it did not lift then, or it is not the plan of `--digest`.',
    remedy: 'Plan again, review it, apply the new plan.',
  },
  'plan/unreadable': {
    means: 'the saved plan cannot be read',
    cause: 'Cut off, edited, or made by another version.',
    remedy: 'Plan again with `--out`.',
  },
  'plan/refused': {
    means: 'guards refuse the change',
    cause: 'See the plan: each refusal names its numbers, its limit and the remedy.',
    remedy: 'Follow the remedy, or commit the GuardOverride that `padlock plan --print-overrides` writes.',
  },
  'rights/denied': {
    means: 'the actor may not do this',
    cause:
      'A Manager resetting an Administrator, anybody resetting themselves, an act for Administrators alone; or `actor.subject` is bound to another person than `actor.user` names.',
    remedy: 'Ask somebody who may. Another person acts under an `actor.subject` of their own.',
  },
  'rights/unknown-actor': {
    means: 'nobody knows who acts',
    cause: '`actor` of the configuration names no user of the account.',
    remedy: 'Name an identity that is mapped to a user.',
  },
  'directory/unreadable': {
    means: 'a directory file cannot be read',
    cause: 'It does not exist, is no CSV or JSON, or may not be read.',
    remedy: 'Check the path, the format and who may read it.',
  },
  'directory/incomplete': {
    means: 'a part of the directory is missing',
    cause:
      'An empty file, a cut-off page, fewer rows than were announced, a list that changed while it was read, an API that failed half-way. Absent people are not taken for removed.',
    remedy: 'Fetch the export again, whole; from an API, import again.',
  },
  'directory/invalid-row': {
    means: 'a row that makes no person or organization',
    cause: 'A missing id, a bad address, an unknown column value.',
    remedy: 'Correct the row that is named.',
  },
  'directory/duplicate-row': {
    means: 'an id stands in two rows',
    cause: 'Two exports in one file.',
    remedy: 'Keep one.',
  },
  'directory/duplicate-address': {
    means: 'one address for two people',
    cause: 'Letter case counts for nothing in addresses.',
    remedy: 'Correct one of the two.',
  },
  'directory/still-member': {
    means: 'somebody who has not left cannot be erased',
    cause: 'A membership of theirs has not ended.',
    remedy: 'Import the directory without them first; the guard `directory` judges that.',
  },
  'directory/still-named': {
    means: 'documents in force name the person who is to be erased',
    cause: 'An exemption, a break-glass list or a reset request still says the address.',
    remedy: 'Take the name out of the documents and apply them first.',
  },
  'store/ambiguous-user': {
    means: 'more than one person is called so',
    cause: 'An id that two directories use: nobody is meant by it.',
    remedy: 'Give the address.',
  },
  'store/restored': {
    means: 'the store is older than what is known of it outside',
    cause: 'It was restored from a backup, or a copy of it was put in its place.',
    remedy: 'See `padlock doctor`: it names what the store has forgotten. On purpose: `padlock audit acknowledge --reason TEXT`.',
  },
  'store/lost': {
    means: 'the store is gone, or empty, and the heads outside of it know what stood there',
    cause: 'Its file was deleted, its disk is not mounted, or the configuration names another path.',
    remedy: 'Mount it, correct the path, or restore a backup (docs/runbook.md). To begin anew on purpose, move the file of heads away.',
  },
  'store/not-forgotten': {
    means: 'a reset that was executed and holds cannot be redone',
    cause: '`reset --redo` is for a request that was executed, and that a restored store has forgotten or whose factors were put back.',
    remedy: 'Check the id with `padlock doctor`; for a new reset give a new request id.',
  },
  'store/not-empty': {
    means: 'a store is only copied to a database without any table',
    cause: 'The database holds a store already, perhaps the copy made before, or something else.',
    remedy: 'Name an empty one (`createdb NAME`). If the store in it is the copy, name it by `store` in `padlock.yaml`.',
  },
  'store/half-copied': {
    means: 'a database holds a part of a store, and nobody works on it before the whole is there',
    cause: '`store copy` is under way or was interrupted; or the store was changed before the copy could be carried on.',
    remedy: 'Run the same `padlock store copy` again. Where the store was changed: make the database anew, and copy while nothing writes.',
  },
  'store/copy-differs': {
    means: 'a copied store is not, row for row, what was copied',
    cause: 'Somebody changed the database while it was copied to, or its disk is at fault.',
    remedy: 'Make the database anew (`dropdb`, `createdb`) and copy again; the store that is copied stays as it is.',
  },
  'witness/unreadable': {
    means: 'the file of the heads of the audit log cannot be read, or knows nothing of a store that has entries',
    cause:
      'It is missing where it should be (it stands beside the keys, and moves with them), emptied, damaged, or may not be read; or the store was written by a version without heads.',
    remedy:
      'Mend who may read it, or put it back; never delete it to get on. Lost, and the store is no older one: `padlock audit acknowledge --reason TEXT`.',
  },
  'witness/unwritable': {
    means: 'the file of the heads of the audit log cannot be written',
    cause: 'Its folder is missing, full, or not writable. The next run that writes catches up.',
    remedy: 'Make room, or set `heads` to a place that can be written.',
  },
  'keys/unwritable': {
    means: 'the file of keys cannot be written',
    cause: 'Its folder is missing, full, or not writable.',
    remedy: 'Make room or mend who may write it, and run the command again: nothing was changed.',
  },
  'report/unreadable': {
    means: 'a report, or the key that signs reports, cannot be read',
    cause: 'It does not exist, is cut off, or is not what it should be.',
    remedy: 'Check the path, and what the message says of the file.',
  },
  'directory/unmapped-role': {
    means: 'a custom role that the configuration does not map',
    cause: 'A role made in IT Glue.',
    remedy: 'Map it under `customRoles`.',
  },
  'directory/unmapped-myglue-account': {
    means: 'a MyGlue account that the configuration does not map',
    cause: 'A new client.',
    remedy: 'Map it under `myGlueAccounts`.',
  },
  'directory/no-key': {
    means: "there is no API key to read IT Glue's people with",
    cause: 'The file or variable that `padlock.yaml` names is missing, empty, no key, or a file that everybody on the machine can read.',
    remedy: 'Write the key into a file for its owner alone (`chmod 600`), or set the variable.',
  },
  'directory/wrong-key': {
    means: 'IT Glue does not know the API key (403)',
    cause: 'A typo, a key that was deleted, or one of another region.',
    remedy: 'Correct the key or `region`.',
  },
  'directory/unauthorized': {
    means: 'IT Glue does not let the API key in (401)',
    cause: 'It was revoked: by somebody, or because nobody used it for 90 days.',
    remedy: 'Make a new key in IT Glue and put it in the place of the old one. Importing every week keeps it in use.',
  },
  'directory/rate-limited': {
    means: 'IT Glue was asked too often (429), for longer than Padlock waits',
    cause: 'It takes 3 000 requests in 5 minutes from all that read the account.',
    remedy: 'Import again later, at an hour when nothing else reads it.',
  },
  'directory/unreachable': {
    means: 'IT Glue does not answer, or with 5xx, however often it was tried',
    cause: 'No way out of this network, or IT Glue is down.',
    remedy: 'See that this machine reaches the address that is named, and import again.',
  },
  'directory/contract-broken': {
    means: "what answers is not IT Glue's API as it is published",
    cause:
      'Another address in `baseUrl`, a proxy that answers for it, redirects or shows a certificate of its own, or a change of the API.',
    remedy:
      'Correct the address. Of a proxy that this machine is to trust, name the certificate in `NODE_EXTRA_CA_CERTS`. If all is right, report it.',
  },
  'enforcer/unreachable': {
    means: 'an enforcer cannot be read',
    cause: 'It is down, or it answers with a part of what it holds: too few rights look like nobody being there.',
    remedy: 'Check its address and the rights of the account that Padlock uses there, then run it again.',
  },
  'enforcer/cannot': {
    means: 'the enforcer cannot do this',
    cause: 'It was asked for something that it says it cannot: `none` resets nobody.',
    remedy: 'Do it where these people sign in.',
  },
  'enforcer/not-carried': {
    means: 'something is decided here, and not carried out at the enforcer',
    cause: 'It was down or refused after the store had committed. What is named is in force here, and not there.',
    remedy: 'Apply again: whatever is still open is carried out then, and nothing twice.',
  },
  'enforcer/unfinished': {
    means: 'an earlier reset of the same person is still to be carried out',
    cause: 'It was interrupted between two steps, or another process is at it.',
    remedy: 'Apply again: resets of one person are carried out one after the other.',
  },
  'store/unavailable': {
    means: 'the store cannot be opened or is busy',
    cause: 'Another process holds it, the disk is full, or the file may not be written.',
    remedy: 'See the cause that is named, and try again.',
  },
  'store/missing': {
    means: 'there is no store yet',
    cause: 'Nothing was imported or applied here.',
    remedy: 'Run `padlock directory import` first, or name the store in the configuration.',
  },
  'store/newer-schema': {
    means: 'the store was written by a newer version',
    cause: 'An older Padlock on a shared store.',
    remedy: 'Use the newer version.',
  },
  'store/older-schema': {
    means: 'the store was written by an older version',
    cause: 'A reading command does not upgrade it.',
    remedy: 'Run `padlock apply`, which does.',
  },
  'store/conflict': {
    means: 'somebody else changed the store in between',
    cause: 'Two changes at once: one of them won.',
    remedy: 'Plan again.',
  },
  'store/clock-behind': {
    means: 'the clock stands behind what the store has seen',
    cause: 'The clock was set back by more than a minute.',
    remedy: 'Correct the clock; nothing changes until then.',
  },
  'store/unknown-user': {
    means: 'the store does not know this person',
    cause: 'A typo, or somebody of another account.',
    remedy: 'See `padlock status --names all`.',
  },
  'store/audit-broken': {
    means: 'the audit log does not fit together',
    cause: 'An entry was changed, removed or added from outside.',
    remedy: 'Stop, keep a copy, compare it with the exported heads.',
  },
  'store/corrupt': {
    means: 'the store holds what it cannot',
    cause: 'A damaged disk or a foreign hand.',
    remedy: 'Restore it from a backup.',
  },
  'keys/missing': {
    means: 'the key file is missing',
    cause: 'It was moved, or the store came without it.',
    remedy: 'Restore the key; factors stay counted as enrolled, and cannot be used until then.',
  },
  'keys/invalid': {
    means: 'the key file is no key',
    cause: 'It was edited or cut off.',
    remedy: 'Restore it from a backup.',
  },
  'keys/unreadable-record': {
    means: 'a secret cannot be decrypted',
    cause: 'Another key, or a row that was swapped or changed.',
    remedy: "Restore the key that it was sealed with, or reset that person's factors.",
  },
  'sign-in/busy': {
    means: 'too many passwords wait to be checked',
    cause: 'Many people sign in at once, or somebody tries passwords from many addresses.',
    remedy: 'Try again in some seconds. If it stays, give the portal more cores, or look at who asks.',
  },
  'sign-in/breached-unreadable': {
    means: 'the list of breached passwords cannot be read',
    cause: 'It does not exist, may not be read, or is not ordered by hash. No new password is taken meanwhile.',
    remedy: 'Fetch it again: SHA-1, ordered by hash, one `HASH:COUNT` a line.',
  },
  'notify/failed': {
    means: 'a mail could not be handed over',
    cause: 'The mail server does not answer, offers no TLS, refuses the password or the address; or the folder cannot be written.',
    remedy: 'Correct `portal.mail`. Mails wait in the store and are tried again for a day.',
  },
  'portal/not-listening': {
    means: 'the portal cannot listen',
    cause: 'The port is taken, the address is not of this machine, or the certificate and key cannot be used.',
    remedy: 'Correct `portal.listen` or `portal.tls`, or free the port.',
  },
  'report/incomplete': {
    means: 'the report could not be finished',
    cause: 'The store ended while it was read.',
    remedy: 'Run it again; nothing is left under the name.',
  },
  'report/not-written': {
    means: 'a file cannot be written',
    cause: 'The folder does not exist, may not be written, or the disk is full.',
    remedy: 'Name a folder that is writable and has room.',
  },
  'config/invalid': {
    means: 'the configuration is wrong',
    cause: 'An unknown key, a bad value, in `padlock.yaml` or in a variable.',
    remedy: 'Correct the place that is named; `padlock schema configuration` prints the schema.',
  },
  'config/unreadable': {
    means: 'the configuration cannot be read',
    cause: 'The file that `--config` names does not exist or may not be read.',
    remedy: 'Name a file that can.',
  },
  'usage/invalid': {
    means: 'the command line is wrong',
    cause: 'An unknown option, an argument too many, a value that is none.',
    remedy: 'See `padlock COMMAND --help`.',
  },
  'usage/no-such-path': {
    means: 'a path that does not exist',
    cause: 'A typo, or another working folder.',
    remedy: 'Name a file or folder that does, or `-` for standard input.',
  },
  'internal/unexpected': {
    means: 'something that nobody thought of',
    cause: 'A fault of the program.',
    remedy: 'Run it again with `--verbose`, and report what it says.',
  },
};

/** Where the page about every code stands. */
export const ERRORS_PAGE = 'docs/errors.md';

/** The heading's anchor of a code, as GitHub makes it: `document/too-deep` → `documenttoo-deep`. */
export function anchorOf(code: ErrorCode): string {
  return code.replaceAll(/[^a-z0-9-]/g, '');
}
