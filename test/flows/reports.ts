import { formatInstant } from '../../src/core/documents/values.ts';
import type { ReportArchive } from '../../src/core/ports/report-archive.ts';
import { type Reported, type ReportFormat, type ReportOptions, reportFlow } from '../../src/flows/reporting/report.ts';
import type { World } from '../../src/flows/world.ts';

/** A folder of reports in memory: what one run leaves there, the next is compared with. */
export class Reports implements ReportArchive {
  readonly files = new Map<string, string>();

  async names(): Promise<readonly string[]> {
    return [...this.files.keys()].filter((name) => name.endsWith('.json')).sort();
  }

  async *lines(name: string): AsyncGenerator<string> {
    yield* (this.files.get(name) ?? '').trimEnd().split('\n');
  }

  /** Runs a report; its files are kept only when all of them are whole, as the command line does. */
  async run(world: World, some: Partial<ReportOptions> = {}): Promise<Reported> {
    const written = new Map<string, string>();
    const reported = await reportFlow(world, {
      formats: ['csv', 'json', 'html'],
      name: `padlock-${formatInstant(world.clock.now()).replaceAll(':', '')}`,
      version: '0.1.0',
      signedBy: null,
      past: { archive: this },
      deliver: async (_, file, chunks) => {
        let text = '';
        for await (const chunk of chunks) text += chunk;
        written.set(file, text);
      },
      ...some,
    });
    for (const [file, text] of written) this.files.set(file, text);
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
