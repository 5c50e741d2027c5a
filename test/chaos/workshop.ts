import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program, type Server } from './program.ts';
import { type Base, begin, makeWorld } from './world.ts';

/** The bases, the program and a process that runs it: what tests of whole processes work with. */
export interface Workshop {
  readonly root: string;
  readonly program: Program;
  readonly server: Server;
  /** A folder of its own that begins as a base. */
  folder(base: Base): string;
  close(): void;
}

/** Sets everything up below a new temporary folder. */
export async function openWorkshop(): Promise<Workshop> {
  const root = mkdtempSync(join(tmpdir(), 'padlock-chaos-'));
  const program = await Program.bundled(root);
  const server = program.server();
  const close = () => {
    server.close();
    rmSync(root, { recursive: true, force: true });
  };
  let folders = 0;
  const folder = (base: Base) => {
    const path = join(root, `folder-${folders++}`);
    begin(root, base, path);
    return path;
  };
  try {
    await makeWorld(root, server);
  } catch (error) {
    close();
    throw error;
  }
  return { root, program, server, folder, close };
}
