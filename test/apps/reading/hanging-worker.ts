import { workerData } from 'node:worker_threads';
import { mark, take, type WorkerData } from '../../../src/apps/reading/desk.ts';

// What no document should do to a reader: it begins the second document of the text that it takes, and never ends.
const { desk, worker } = workerData as WorkerData;
const [text] = take(desk, 'large') ?? [-1];
mark(desk, worker, text, text === -1 ? 0 : 5);
for (; text !== -1; );
