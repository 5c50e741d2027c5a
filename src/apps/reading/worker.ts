import { parentPort, workerData } from 'node:worker_threads';
import { readText, type TextRead } from '../../core/documents/read-text.ts';
import { settleEnvironment } from '../compose.ts';
import { mark, type Told, take, textAt, type WorkerData } from './desk.ts';

settleEnvironment();
const { desk, worker } = workerData as WorkerData;
for (const size of ['large', 'small'] as const) {
  for (let job = take(desk, size); job !== undefined; job = take(desk, size)) {
    const [from, to] = job;
    const read: TextRead[] = [];
    for (let index = from; index < to; index++) {
      mark(desk, worker, index, 0);
      read.push(readText(textAt(desk, index), (offset) => mark(desk, worker, index, offset)));
    }
    parentPort?.postMessage({ from, read } satisfies Told);
    mark(desk, worker, -1, 0);
  }
}
