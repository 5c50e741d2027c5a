// DOC-07: an exemption that is meant to start later. Elsewhere only an end could be set, so it was opened days too early.
// Here it is in force from its start to its end, several windows of one person in their union.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { explainFlow } from '../../src/flows/reporting/explain.ts';
import { examplePolicies, Northwind, type Policies } from '../flows/northwind.ts';

const FILE = 'policies/exemptions/field-work.yaml';
let northwind: Northwind;
beforeEach(async () => {
  northwind = await Northwind.open();
});
afterEach(() => northwind.close());

const window = (name: string, startsAt: string, expiresAt: string) =>
  (examplePolicies()[FILE] ?? '')
    .replace('name: field-work', `name: ${name}`)
    .replace('expiresAt: 2027-01-31', `startsAt: ${startsAt}\n  expiresAt: ${expiresAt}`);

async function on(date: string) {
  northwind.now = Date.parse(date);
  const { memberships } = await explainFlow(northwind.world(), { user: 'wade@northwind.example' });
  const { state, document } = memberships[0]?.requirement ?? {};
  return [state, document];
}

it('begins with its start, ends with its end, and both documents are named in their turn', async () => {
  const policies: Policies = {
    ...examplePolicies(),
    [FILE]: window('first', '2026-12-10T00:00:00Z', '2026-12-12T00:00:00Z'),
    'policies/second.yaml': window('second', '2026-12-11T12:00:00Z', '2026-12-14T00:00:00Z'),
  };
  await northwind.apply(policies);
  expect(await on('2026-12-09T23:59:59Z')).toEqual(['Pending', 'northwind']);
  expect(await on('2026-12-10T00:00:00Z')).toEqual(['Exempt', 'first']);
  expect((await on('2026-12-11T13:00:00Z'))[0]).toBe('Exempt');
  expect(await on('2026-12-12T00:00:01Z')).toEqual(['Exempt', 'second']);
  expect(await on('2026-12-14T00:00:00Z')).toEqual(['Pending', 'northwind']);
});

it('ends with its document', async () => {
  const policies = examplePolicies();
  await northwind.apply({ ...policies, [FILE]: window('first', '2026-11-25T00:00:00Z', '2026-12-31') });
  expect(await on('2026-12-01T00:00:00Z')).toEqual(['Exempt', 'first']);
  const { [FILE]: _, ...rest } = policies;
  await northwind.apply(rest);
  expect(await on('2026-12-02T00:00:00Z')).toEqual(['Pending', 'northwind']);
});
