import { defineConfig } from 'vitest/config';

if (Number(process.versions.node.split('.')[0]) < 22)
  throw new Error('the tests need Node 22.19 or newer: run them by npm test, which finds the one of the install');

// `.ci/run` names a file for the results, so that it can count them; people see the default reporter alone.
const results = process.env['TEST_RESULTS'];

// What rests on SQLite's own file, or names its engines itself.
const OF_SQLITE = ['test/flows/operating/{copy,keys}.test.ts', 'test/security/17-*', 'test/security/18-*'];
const each = { pool: 'forks', testTimeout: 60_000, hookTimeout: 60_000 } as const;

export default defineConfig({
  test: {
    globalSetup: 'test/servers/setup.ts',
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
    projects: [
      { test: { ...each, name: 'padlock', include: ['test/**/*.test.ts'] } },
      {
        // What holds in flows, against threats and in cases holds on PostgreSQL as well.
        test: {
          ...each,
          name: 'on PostgreSQL',
          include: ['test/{flows,security,cases}/**/*.test.ts'],
          exclude: OF_SQLITE,
          env: { TEST_STORE: 'postgresql', SEQUENCES: '1000' },
        },
      },
    ],
  },
});
