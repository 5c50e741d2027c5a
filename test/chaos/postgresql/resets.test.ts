import { expect, test } from 'vitest';
import { newDatabase } from '../../servers/postgresql-database.ts';
import { killResets } from './campaign.ts';

test('60 kills over 10 resets on PostgreSQL: none lost, none doubled, none half-done, the chain whole', { timeout: 600_000 }, async () => {
  const { server, drop } = await newDatabase();
  try {
    const outcome = await killResets(server, { kills: 60, resets: 10, seed: 20261125, workers: 2 });
    expect(outcome.faults).toEqual([]);
    expect(outcome.kills).toBe(60);
    // Both came to pass: killed before it stood, and after.
    expect([outcome.gone > 0, outcome.stood + outcome.late > 0]).toEqual([true, true]);
  } finally {
    await drop();
  }
});
