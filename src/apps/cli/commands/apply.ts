import type { Command } from 'commander';
import { counted } from '../../../core/layout/flow.ts';
import { PadlockError } from '../../../core/model/errors.ts';
import { carriedJson, renderCarriedMarkdown, renderCarriedText } from '../../../core/plan/renderers/carried.ts';
import { planJson } from '../../../core/plan/renderers/json.ts';
import { renderPlanMarkdown } from '../../../core/plan/renderers/markdown.ts';
import { renderPlanText } from '../../../core/plan/renderers/text.ts';
import { applyFlow, type Outcome } from '../../../flows/reconcile/apply.ts';
import { checkTexts, readPaths } from '../output/documents.ts';
import { applyExit } from '../output/exit.ts';
import { digestOption, examples, namesOption } from '../output/options.ts';
import { loadPlan } from '../output/saved-plan.ts';
import { finish, type Session } from '../output/session.ts';

interface Options {
  readonly names: number | 'all';
  readonly plan?: string;
  readonly digest?: string;
}

/** `padlock apply`: puts documents in force. What a guard refuses is held, the rest goes on; exit 4 then. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description('Puts documents in force in one transaction. What a guard refuses is held, and the other scopes go on.')
    .argument('[paths...]', 'files or folders, - for standard input (default: those of the configuration)')
    .option('--plan <file>', 'apply a saved plan, if it would still be the same')
    .option('--digest <digest>', 'apply only what has this digest: the one that was reviewed', digestOption)
    .option('--names <count>', 'how many people to name for each scope, or all', namesOption, 5)
    .addHelpText('after', examples('padlock apply policies/', 'padlock apply policies/ --output json'))
    .action(async (paths: readonly string[], options: Options) => {
      if (options.plan !== undefined && paths.length > 0) {
        throw new PadlockError('usage/invalid', 'a saved plan and paths at once', { fix: 'give either: the plan holds its documents' });
      }
      const session = open(options);
      const saved = options.plan === undefined ? undefined : await loadPlan(options.plan);
      const { documents } =
        saved === undefined ? await readPaths(session, paths) : await checkTexts(session, saved.texts, [options.plan ?? '']);
      const world = await session.composition.world('write');
      try {
        const names = options.names === 'all' ? null : options.names;
        const outcome = await applyFlow(world, { documents, channel: 'file', names }, options.digest ?? saved?.digest);
        const { width, style } = session.terminal;
        await finish(session, {
          kind: 'ApplyResult',
          exitCode: applyExit(outcome.plan, outcome.carried),
          *text() {
            yield* renderPlanText(outcome.plan, { width, style, names: options.names });
            yield summary(outcome);
            yield* renderCarriedText(outcome.carried, { width, style });
          },
          others: {
            *markdown() {
              yield* renderPlanMarkdown(outcome.plan, { names: options.names, title: summary(outcome) });
              yield* renderCarriedMarkdown(outcome.carried);
            },
          },
          json: () => ({
            applied: outcome.applied,
            held: outcome.held,
            written: outcome.written,
            carried: carriedJson(outcome.carried),
            plan: planJson(outcome.plan, { names: options.names }),
          }),
        });
      } finally {
        await world.store.close();
      }
    });
}

function summary({ plan, applied, held, written }: Outcome): string {
  const resets = plan.resets.filter((r) => r.outcome === 'Executed' && !r.settled).length;
  const parts = [
    applied > 0 ? `applied ${counted(applied, 'change', 'changes')}` : 'nothing applied',
    ...(held > 0 ? [`${held} held`] : []),
    ...(resets > 0 ? [counted(resets, 'reset', 'resets')] : []),
    ...(written ? [] : ['no row written']),
  ];
  return parts.join(' · ');
}
