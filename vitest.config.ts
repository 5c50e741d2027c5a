import { defineConfig } from 'vitest/config';

if (Number(process.versions.node.split('.')[0]) < 22)
  throw new Error('the tests need Node 22.19 or newer: run them by npm test, which finds the one of the install');

// `.ci/run` names a file for the results, so that it can count them; people see the default reporter alone.
const results = process.env['TEST_RESULTS'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    globalSetup: 'test/servers/setup.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
  },
});
