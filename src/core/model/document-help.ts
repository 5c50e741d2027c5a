import type { ErrorCode, Help } from './errors.ts';

/** The codes of documents, one by one and together. */
type DocumentCode = Extract<ErrorCode, `document/${string}` | `policy/${string}`>;

/** What is wrong with documents, explained. */
export const DOCUMENT_HELP: Readonly<Record<DocumentCode, Help>> = {
  'document/syntax': {
    means: 'the text is not YAML 1.2',
    cause: 'A quote is never closed, a tab indents, a colon is missing, or the indentation fits nothing around it.',
    remedy: 'Correct the place that is named. What stands behind an open quote is not looked into: run it again.',
  },
  'document/too-large': {
    means: 'more than one document, text or run may have',
    cause: 'A document has more than 256 KiB, 20 000 values or 20 000 escapes; a text more than 16 MiB; a run more than 10 000 documents.',
    remedy: 'Split the document or the file, or read it in several runs.',
  },
  'document/too-deep': {
    means: 'values are nested more than 64 deep',
    cause: 'Generated or hostile text: no kind of document needs this.',
    remedy: 'Flatten it.',
  },
  'document/too-costly': {
    means: 'reading one document took more than a second or 256 MiB',
    cause: 'Text that keeps to every bound of size and costs too much all the same; its worker was ended, the other files were read.',
    remedy: 'Split the document or write it more plainly, and report it: it should not exist.',
  },
  'document/encoding': {
    means: 'not UTF-8, or a character that no document may hold',
    cause: 'The file was saved in another encoding, or holds a control character, half of a surrogate pair or an escape for one.',
    remedy: 'Save the file as UTF-8 and remove the character.',
  },
  'document/alias': {
    means: 'an alias without its anchor, inside it, or past the bound',
    cause: '`*name` without `&name` further up, as the name of a field, or bringing in more than 100 values.',
    remedy: 'Write the value out.',
  },
  'document/tag': {
    means: 'tags are not read',
    cause: '`!name` or `!!name` before a value.',
    remedy: 'Remove the tag; quote the value where text is meant.',
  },
  'document/merge-key': {
    means: 'merge keys (`<<`) are not read',
    cause: 'Readers of YAML 1.1 merge them, those of 1.2 do not: nobody could tell what is in force.',
    remedy: 'Write the fields out.',
  },
  'document/duplicate-key': {
    means: 'a field stands twice',
    cause: 'Two lines of one mapping begin with the same name; readers differ in which one counts.',
    remedy: 'Keep one.',
  },
  'document/not-a-mapping': {
    means: 'the document is a list or a single value',
    cause: 'A document begins with a dash, or is text alone.',
    remedy: 'Begin with `apiVersion: padlock.dev/v1alpha1`.',
  },
  'document/unknown-kind': {
    means: '`kind` is none of ours',
    cause: 'A typo, or a document of a newer version.',
    remedy: 'Write the kind that is suggested.',
  },
  'document/unknown-version': {
    means: 'the group is ours, or nearly, and the version is not read',
    cause: 'A typo in `apiVersion`, or a document of another version. It is never skipped: a typo would protect nobody.',
    remedy: 'Write `apiVersion: padlock.dev/v1alpha1`.',
  },
  'document/unknown-field': {
    means: 'a field that this mapping does not have',
    cause: 'A typo, a field one level off, or one of a newer version.',
    remedy: 'Write the field that is suggested, or move it.',
  },
  'document/missing-field': {
    means: 'a required field is missing',
    cause: 'It was never written, or stands one level off.',
    remedy: 'Add it as shown.',
  },
  'document/wrong-type': {
    means: 'text, number, boolean, list or mapping where another belongs',
    cause: 'A quoted `"true"`, a name of digits without quotes, one value where a list belongs.',
    remedy: 'Write the value as shown.',
  },
  'document/yaml-1.1-boolean': {
    means: 'a bare yes, no, on, off, y or n',
    cause: 'Booleans for readers of YAML 1.1, text for those of 1.2: a control could be switched by a spelling.',
    remedy: 'Write `true` or `false`, or a word of the list.',
  },
  'document/not-allowed': {
    means: 'a word that is not in the list',
    cause: 'A typo, or another spelling: words are compared letter by letter.',
    remedy: 'Write one of the words that are named.',
  },
  'document/invalid-value': {
    means: 'a value out of its bounds',
    cause: 'Too long, empty, twice in a list, or past the limits.',
    remedy: 'Write a value within the bounds that are named.',
  },
  'document/invalid-duration': {
    means: 'not a duration',
    cause: '`14 days`, `P14D` or `1d12h`.',
    remedy: 'Write a whole number and one of s, m, h, d, w: `14d`, `36h`.',
  },
  'document/invalid-instant': {
    means: 'not a date or an instant, or not a day of the calendar',
    cause: 'A blank for the T, no time zone, 30 February.',
    remedy: 'Write `2026-12-01` (UTC) or `2026-12-01T08:00:00Z`.',
  },
  'document/invalid-name': {
    means: 'not a name',
    cause: 'Capitals, blanks or more than 63 characters.',
    remedy: 'Write small letters, digits and hyphens.',
  },
  'document/null-scope': {
    means: '`myGlueAccount` is there and empty',
    cause: 'A template left it blank: the policy would cover the whole account.',
    remedy: 'Write the MyGlue account, or remove the line.',
  },
  'document/duplicate-name': {
    means: 'two documents of one kind have one name',
    cause: 'A copied file.',
    remedy: 'Rename or remove one of the two.',
  },
  'document/none': {
    means: 'no document was read',
    cause: 'An empty folder, a wrong path, a pipe that held nothing. Nothing is never taken for valid.',
    remedy: 'Name the folder that holds the documents; `-` reads standard input.',
  },
  'document/unreadable': {
    means: 'a file or folder cannot be read',
    cause: 'Permissions, a link to nothing, to itself or out of the folder that is read, or more than 10 000 files.',
    remedy: 'Check that it exists and who may read it.',
  },
  'policy/duplicate-scope': {
    means: 'two policies for one scope',
    cause: 'Both would claim to hold; there is never a silent winner.',
    remedy: 'Keep one.',
  },
  'policy/unknown-account': {
    means: 'the directory does not know the account',
    cause: 'A typo, or people that were not imported yet. A typo protects nobody.',
    remedy: 'Correct the name, or import the directory first; a new account stands under `accounts`, or takes `--new-account`.',
  },
  'policy/unknown-myglue-account': {
    means: 'the directory does not know the MyGlue account',
    cause: 'A typo, or organizations that were not imported yet.',
    remedy: 'Correct the name, or import it first.',
  },
  'policy/account-only-field': {
    means: 'a field that only account policies have',
    cause: '`myGlueDefault`, `breakGlass` or a guard of the account in the policy of a MyGlue account.',
    remedy: 'Move it to the policy of the account.',
  },
  'policy/role-not-in-scope': {
    means: 'a role that the scope does not have',
    cause: 'Administrator, Manager or ReadOnly in a MyGlue account, which has Editor, Creator and Lite.',
    remedy: 'Remove the role there.',
  },
  'policy/weaker-role-factors': {
    means: 'a kind for one role that nobody is allowed',
    cause: '`factorsByRole` names a kind that `factors` does not.',
    remedy: 'Remove it there, or add it to `factors`.',
  },
  'policy/trust-without-proof': {
    means: 'upstream MFA trusted without what proves it',
    cause: '`upstreamMfa: Trust` without `maxAge` and accepted `amr` or `acr` values.',
    remedy: 'Add both, or leave `upstreamMfa` at Additional.',
  },
  'policy/immutable-scope': {
    means: 'a document changed its scope',
    cause: '`account` or `myGlueAccount` of a document that is in force was edited.',
    remedy: 'Write a document with another name.',
  },
  'policy/owned-elsewhere': {
    means: 'the scope belongs to another channel',
    cause: 'The policy in force came from the cluster, and this one from a folder, or the other way round.',
    remedy: 'Remove it here, or let it go there first.',
  },
  'policy/unknown-user': {
    means: 'a person whom the account does not know',
    cause: 'A typo in an address or id, or somebody who left.',
    remedy: 'Correct it, or import the directory first.',
  },
  'policy/ends-before-start': {
    means: 'an interval that ends before it starts',
    cause: '`expiresAt` before `startsAt` or `requestedAt`; a date as an end includes that day.',
    remedy: 'Correct one of the two.',
  },
  'policy/duplicate-request': {
    means: 'one `requestId` in two documents',
    cause: 'A copied reset: the id is what makes it happen exactly once.',
    remedy: 'Give each request its own id.',
  },
  'policy/invalid-schedule': {
    means: 'a schedule or time zone that there is not',
    cause: 'Not five fields, a value past its range, or an abbreviation such as CEST.',
    remedy: 'Write five fields, and an IANA name such as Europe/Berlin.',
  },
};
