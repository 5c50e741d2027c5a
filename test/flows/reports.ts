import { createHash } from 'node:crypto';
import { formatInstant } from '../../src/core/documents/values.ts';
import type { ReportArchive } from '../../src/core/ports/report-archive.ts';
import { manifestNameOf, manifestText } from '../../src/core/report/manifest.ts';
import { type Reported, type ReportFormat, type ReportOptions, reportFlow } from '../../src/flows/reporting/report.ts';
import type { World } from '../../src/flows/world.ts';
import type { keyOf } from '../core/report/keys.ts';

function digestOf(text: string): { bytes: number; sha256: string } {
  return { bytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') };
}

/** A folder of reports in memory: what one run leaves there, the next is compared with. Signed by a key, or not at all. */
export class Reports implements ReportArchive {
  readonly files = new Map<string, string>();
  readonly key: ReturnType<typeof keyOf> | undefined;

  constructor(key?: ReturnType<typeof keyOf>) {
    this.key = key;
  }

  async names(): Promise<readonly string[]> {
    return [...this.files.keys()].filter((name) => name.endsWith('.json') && !name.endsWith('.sig.json')).sort();
  }

  async *lines(name: string): AsyncGenerator<string> {
    yield* (this.files.get(name) ?? '').trimEnd().split('\n');
  }

  async manifest(name: string): Promise<string | null> {
    return this.files.get(name) ?? null;
  }

  async digest(name: string): Promise<{ bytes: number; sha256: string } | null> {
    const text = this.files.get(name);
    return text === undefined ? null : digestOf(text);
  }

  async whole(name: string, most: number) {
    const text = this.files.get(name);
    if (text === undefined || Buffer.byteLength(text) > most) return null;
    return { ...digestOf(text), content: Buffer.from(text) };
  }

  /** Puts the manifest of some files beside them, in this folder or another. */
  sign(names: readonly string[], folder: Reports = this): void {
    if (this.key === undefined) return;
    const signed = names.map((name) => ({ name, ...digestOf(folder.files.get(name) ?? '') }));
    const [first = ''] = names;
    folder.files.set(manifestNameOf(first), manifestText(signed, 0, '0.1.0', this.key.signer));
  }

  /** Puts a file under another name too. */
  copy(from: string, to: string): void {
    this.files.set(to, this.files.get(from) ?? '');
  }

  /** Runs a report; its files are kept only when all of them are whole, as the command line does. */
  async run(world: World, some: Partial<ReportOptions> = {}): Promise<Reported> {
    const written = new Map<string, string>();
    const reported = await reportFlow(world, {
      formats: ['csv', 'json', 'html'],
      name: `padlock-${formatInstant(world.clock.now()).replaceAll(':', '')}`,
      version: '0.1.0',
      signedBy: null,
      past: { archive: this, check: this.key?.check ?? null },
      deliver: async (_, file, chunks) => {
        let text = '';
        for await (const chunk of chunks) text += chunk;
        written.set(file, text);
      },
      ...some,
    });
    for (const [file, text] of written) this.files.set(file, text);
    this.sign([...written.keys()]);
    return reported;
  }

  /** The text of the latest report of a format. */
  latest(format: ReportFormat): string {
    const name = [...this.files.keys()]
      .filter((file) => file.endsWith(`.${format}`))
      .sort()
      .at(-1);
    return this.files.get(name ?? '') ?? '';
  }
}
