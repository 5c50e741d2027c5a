import { type MessagePort, workerData } from 'node:worker_threads';
import { Client } from 'pg';
import { TYPES } from '../../src/adapters/store/postgresql/types.ts';

/** One side of a client that is waited for: it answers a statement at a time, and wakes whoever waits. */
const { port, awake, host, database } = workerData as { port: MessagePort; awake: Int32Array; host: string; database: string };

let connected: Promise<Client> | undefined;

async function connect(): Promise<Client> {
  const client = new Client({ host, database, user: 'padlock', types: TYPES });
  // The database may be dropped before this side is told to end.
  client.on('error', () => {});
  await client.connect();
  return client;
}

port.on('message', (statement: { text: string; values: unknown[] }) => void answer(statement));

async function answer({ text, values }: { text: string; values: unknown[] }): Promise<void> {
  try {
    connected ??= connect();
    const { rows, rowCount } = await (await connected).query(text, values.length === 0 ? undefined : values);
    port.postMessage({ rows, changes: rowCount ?? 0 });
  } catch (error) {
    port.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
  Atomics.store(awake, 0, 1);
  Atomics.notify(awake, 0);
}
port.on('close', () => void connected?.then((client) => client.end()));
