import { passed, type ScopeGuard } from './guard.ts';

/** A scope whose document went away keeps its requirement, unless its `deletionPolicy` was Delete: then it is a weakening. */
export const orphaned: ScopeGuard = ({ diff }) => {
  if (diff.own?.action !== 'orphan' || (diff.action !== 'orphan' && diff.action !== 'repair')) return undefined;
  const message = `its document is gone; the requirement of "${diff.document}" stays in force`;
  return passed('orphaned', diff.scope, message, { document: diff.document }, 'note');
};
