/**
 * A process that resets one person's factors on PostgreSQL and is killed on its way: `resetter.ts ORDER`, as JSON. Prints the statements
 * that it ran and what came of the reset, if it came so far.
 */
import { resetFlow } from '../../../src/flows/reconcile/reset.ts';
import { openAt } from '../../adapters/store/opened.ts';
import type { ResetOrder } from './campaign.ts';
import { operatorWorld } from './world.ts';

const { server, heads, now, user, requestId, kill } = JSON.parse(process.argv[2] ?? '') as ResetOrder;
const statements: string[] = [];
const end = () => process.kill(process.pid, 'SIGKILL');
const onStatement = (text: string) => {
  const place = statements.push(text) - 1;
  if (kill === undefined || place !== kill.place) return;
  if (kill.after === null) end();
  // The statement goes out first; how far it gets is the server's.
  else setTimeout(end, kill.after);
};
const store = await openAt({ server }, { onStatement });
const { outcome } = await resetFlow(operatorWorld(store, heads, now), { account: 'northwind', user, requestId, reason: 'lost phone' });
await store.close();
process.stdout.write(JSON.stringify({ outcome, statements }));
