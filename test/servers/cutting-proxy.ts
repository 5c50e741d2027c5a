import { connect as connectTo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** A way to a server's socket that can be cut. */
export interface CuttingProxy {
  readonly port: number;
  /** Cuts the way of whoever sends a text, once: before the server gets it, or after it did and before its answer is back. */
  cutAt(text: string, when: 'before' | 'after'): void;
  close(): Promise<void>;
}

/** Forwards connections of this machine to the socket in a folder. */
export async function cuttingProxy(folder: string): Promise<CuttingProxy> {
  let cut: { readonly text: string; readonly when: 'before' | 'after' } | undefined;
  const open = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connectTo(join(folder, '.s.PGSQL.5432'));
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        // What was sent is still done: the server goes on with it alone.
        upstream.end();
      });
    }
    let answers = true;
    client.on('data', (bytes) => {
      const hit = cut !== undefined && bytes.includes(cut.text) ? cut.when : undefined;
      if (hit !== undefined) cut = undefined;
      if (hit === 'before') return void client.destroy();
      if (hit === 'after') answers = false;
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (answers) client.write(bytes);
      else client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    cutAt: (text, when) => {
      cut = { text, when };
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
