import type { DirectoryRow, OrganizationRow } from '../../../core/model/directory.ts';
import type { Fault } from '../../../core/model/errors.ts';
import type { Role } from '../../../core/model/words.ts';

/** What the configuration knows of an account that a file is read for. */
export interface AccountMapping {
  readonly account: string;
  /** Roles that the account has made itself, and the one each counts as. */
  readonly customRoles: Readonly<Record<string, Role>>;
  /** Slugs of its MyGlue accounts, and the ids that IT Glue knows them by. */
  readonly myGlueAccounts: Readonly<Record<string, string>>;
}

/** What one file says. */
export interface Part {
  /** Whose ids the external ids are, where the file says it. */
  readonly origin?: string;
  readonly rows?: readonly DirectoryRow[];
  readonly wholeScopes: readonly string[];
  readonly organizations?: readonly OrganizationRow[];
  readonly faults: readonly Fault[];
}

/** A membership as the store holds it: nothing is left unsaid. */
export type ExportRow = Required<Omit<DirectoryRow, 'place'>>;
