const WRITES =
  /\b(insert into|update|delete from|create table(?: if not exists)?|create (?:unique )?index(?: if not exists)?|begin immediate|begin|commit|rollback) ?([a-z_]*)/;

/** What a statement is called in a list of kills: its verb and the first table that it writes, or else reads. */
export function statementName(sql: string): string {
  const text = sql.trim().toLowerCase().replaceAll('"', '').replace(/\s+/g, ' ');
  if (text.startsWith('pragma')) return `pragma ${/^pragma (\w+)/.exec(text)?.[1] ?? ''}`;
  const write = /^(with given|insert|update|delete|create|begin|commit|rollback)/.test(text) ? WRITES.exec(text) : null;
  if (write === null) return `select ${/\bfrom (?!json_each)([a-z_]+)/.exec(text)?.[1] ?? ''}`.trim();
  const verb = (write[1] ?? '').replace(' if not exists', '').replace('unique ', '');
  // The schema's tables and indexes are many, and alike.
  return verb.startsWith('create') ? verb : `${verb} ${write[2] ?? ''}`.trim();
}
