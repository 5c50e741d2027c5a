import type { Base } from './world.ts';

/** A command that is killed, and what is true of it whenever that happens. */
export interface Act {
  readonly name: string;
  readonly base: Base;
  /** The command, in the folder of the base. */
  readonly argv: readonly string[];
  /** Who enrolls a newer authenticator between the kill and the repetition: it must stay. */
  readonly enrolls?: string;
  /** Done again, it does more, as a second rotation of keys makes a third key: what it completes to is not compared then. */
  readonly more?: boolean;
  /** Files that it writes: each is whole or absent. */
  readonly files?: readonly string[];
}

const reset = (name: string, user: string): Act => ({
  name: `reset, ${name}`,
  base: 'policies',
  argv: ['reset', `${user}@northwind.example`, '--account', 'northwind', '--reason', 'lost phone', '--request-id', `NW-${user}`],
  enrolls: `${user}@northwind.example`,
});

/**
 * Every act that writes. A new one is an entry here: its points are found by running it, and each is then hit. What it may leave
 * is what stands in the store between its commits, so that one of several transactions is no different.
 */
export const ACTS: readonly Act[] = [
  {
    name: 'first import',
    base: 'empty',
    argv: [
      'directory',
      'import',
      '../files/people.csv',
      '--organizations',
      '../files/organizations.csv',
      '--account',
      'northwind',
      '--names',
      '1',
    ],
  },
  {
    name: 'import',
    base: 'policies',
    argv: ['directory', 'import', '../files/changed.csv', '--organizations', '../files/organizations.csv', '--account', 'northwind'],
  },
  { name: 'apply', base: 'people', argv: ['apply', '../files/first/policies'], enrolls: 'sven@northwind.example' },
  { name: 'apply again', base: 'policies', argv: ['apply', '../files/second/policies'], enrolls: 'rosa@northwind.example' },
  reset('two kinds', 'nils'),
  reset('recovery codes', 'carla'),
  reset('no factor', 'ada'),
  { name: 'rotation', base: 'policies', argv: ['keys', 'rotate'], more: true },
  { name: 'plan', base: 'people', argv: ['plan', '../files/first/policies', '--out', 'saved.plan'], files: ['saved.plan'] },
  {
    name: 'report',
    base: 'policies',
    argv: ['report', '--out', 'reports'],
    files: ['reports/padlock-2026-11-25T080000Z.csv', 'reports/padlock-2026-11-25T080000Z.json'],
  },
  { name: 'audit export', base: 'policies', argv: ['audit', 'export', '--out', 'audit.jsonl'], files: ['audit.jsonl'] },
  { name: 'backup', base: 'policies', argv: ['store', 'backup', 'backup.db'], files: ['backup.db'] },
  { name: 'export', base: 'policies', argv: ['directory', 'export', '--account', 'northwind', '--out', 'out.csv'], files: ['out.csv'] },
];
