import type { Command } from 'commander';
import { renderPlanHtml } from '../../../core/plan/renderers/html.ts';
import { planJson } from '../../../core/plan/renderers/json.ts';
import { renderPlanMarkdown } from '../../../core/plan/renderers/markdown.ts';
import { overrideLines, overridesOf } from '../../../core/plan/renderers/overrides.ts';
import { renderPlanText } from '../../../core/plan/renderers/text.ts';
import { planFlow } from '../../../flows/reconcile/plan.ts';
import { readPaths } from '../output/documents.ts';
import { planExit } from '../output/exit.ts';
import { examples, namesOption } from '../output/options.ts';
import { savePlan } from '../output/saved-plan.ts';
import { finish, type Session } from '../output/session.ts';
import { VERSION } from '../version.ts';

interface Options {
  readonly names: number | 'all';
  readonly out?: string;
  readonly detailedExitcode?: boolean;
  readonly printOverrides?: boolean;
}

/** `padlock plan`: reads documents and store, writes nothing but the file of `--out`. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description('Says, scope by scope, what a change does and whom it hits, and what the guards refuse. Writes nothing.')
    .argument('[paths...]', 'files or folders, - for standard input (default: those of the configuration)')
    .option('--names <count>', 'how many people to name for each scope, or all', namesOption, 5)
    .option('--out <file>', 'save the plan, for apply --plan')
    .option('--print-overrides', 'print the GuardOverride documents that would lift the refusals')
    .option('--detailed-exitcode', 'end with 2 when there are changes')
    .addHelpText(
      'after',
      examples(
        'padlock plan policies/',
        'padlock plan policies/ --names all',
        'padlock plan policies/ --output markdown',
        'padlock plan policies/ --output json',
      ),
    )
    .action(async (paths: readonly string[], options: Options) => {
      const session = open(options);
      const read = await readPaths(session, paths);
      const world = await session.composition.world('read');
      try {
        const names = options.names === 'all' ? null : options.names;
        const plan = await planFlow(world, { documents: read.documents, channel: 'file', names });
        if (options.out !== undefined) await savePlan(options.out, plan.digest, read, session.composition.random);
        const { width, style } = session.terminal;
        await finish(session, {
          kind: 'PlanResult',
          exitCode: planExit(plan, options.detailedExitcode === true),
          *text() {
            yield* renderPlanText(plan, { width, style, names: options.names });
            if (options.out !== undefined) yield `saved in ${options.out}: padlock apply --plan ${options.out} --digest ${plan.digest}`;
            // Last: whoever cuts them off the end has YAML and nothing else.
            if (options.printOverrides === true) yield* overrideLines(plan);
          },
          others: {
            markdown: () => renderPlanMarkdown(plan, { names: options.names }),
            html: () => renderPlanHtml(plan, { names: options.names, generator: `padlock ${VERSION}` }),
          },
          json: () => ({
            plan: planJson(plan, { names: options.names }),
            ...(options.printOverrides === true && { overrides: overridesOf(plan) }),
          }),
        });
      } finally {
        await world.store.close();
      }
    });
}
