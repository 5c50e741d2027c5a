/** A copy that kills its own process before one of its statements: its one argument says where from, where to, and before which. */

import { copying } from './copying.ts';

const { kill, ...options } = JSON.parse(process.argv[2] ?? '') as Parameters<typeof copying>[0] & { readonly kill: number };
let statements = 0;
await copying({
  ...options,
  onStatement: () => {
    statements += 1;
    if (statements === kill) process.kill(process.pid, 'SIGKILL');
  },
});
