import type { Command } from 'commander';
import { auditListJson, chainsJson, renderAuditList, renderChains } from '../../../core/audit/render.ts';
import { EXIT } from '../../../core/model/errors.ts';
import { acknowledgeFlow, auditExportFlow, auditListFlow, auditVerifyFlow } from '../../../flows/operating/audit.ts';
import type { OperatedWorld } from '../../../flows/world.ts';
import { writeFileWhole } from '../output/file.ts';
import { examples, namesOption, reasonOption, sinceOption } from '../output/options.ts';
import { finish, type Session } from '../output/session.ts';
import { subcommandsOf } from '../output/subcommands.ts';

interface ListOptions {
  readonly account?: string;
  readonly since?: ReturnType<typeof sinceOption>;
  readonly act?: string;
  readonly user?: string;
  readonly limit: number | 'all';
}

/** `padlock audit list`, `verify`, `export` and `acknowledge`. */
export function define(command: Command, open: (options: object) => Session): void {
  command.description('The audit log: a chain of hashes for each account, whose heads are kept outside the store.');
  const subcommand = subcommandsOf(command);
  subcommand('list')
    .description('Who did what, newest first. Reads alone.')
    .option('--account <name>', 'this account alone')
    .option('--since <when>', 'from an instant or a date on, or so long ago: 2026-11-01, 7d', sinceOption)
    .option('--act <act>', 'these acts alone: reset for all of resets, or reset.executed')
    .option('--user <user>', 'what this person did, and what was done about them')
    .option('--limit <count>', 'how many, or all', namesOption, 20)
    .addHelpText('after', examples('padlock audit list', 'padlock audit list --account northwind --since 7d --act reset'))
    .action((options: ListOptions) => list(open(options), options));
  subcommand('verify')
    .description('Recomputes each chain from its first entry, and compares it with the head known outside. Names the first that is broken.')
    .option('--account <name>', 'this account alone')
    .addHelpText('after', examples('padlock audit verify', 'padlock audit verify --output json'))
    .action((options: { readonly account?: string }) => verify(open(options), options.account));
  subcommand('export')
    .description('Writes every entry and the head as JSON lines, for anybody to verify.')
    .option('--account <name>', 'this account alone')
    .requiredOption('--out <file>', 'where to')
    .addHelpText('after', examples('padlock audit export --out audit.jsonl'))
    .action((options: { readonly account?: string; readonly out: string }) => exportTo(open(options), options));
  subcommand('acknowledge')
    .description(
      'Takes a store that was restored from a backup, or whose heads were lost, as the one that holds: until then nothing is written to it.',
    )
    .requiredOption('--reason <text>', 'why, for the audit log', reasonOption)
    .addHelpText('after', examples("padlock audit acknowledge --reason 'disk failed, restored the backup of last night'"))
    .action((options: { readonly reason: string }) => acknowledge(open(options), options.reason));
}

async function within<T>(session: Session, access: 'read' | 'write', work: (world: OperatedWorld) => Promise<T>): Promise<T> {
  const world = await session.composition.world(access);
  try {
    return await work(world);
  } finally {
    await world.store.close();
  }
}

async function list(session: Session, options: ListOptions): Promise<void> {
  const { since, account, act, user } = options;
  const question = {
    limit: options.limit === 'all' ? Number.MAX_SAFE_INTEGER : options.limit,
    ...(account !== undefined && { account }),
    ...(act !== undefined && { act }),
    ...(user !== undefined && { user }),
    ...(since !== undefined && { since: since(session.composition.clock.now()) }),
  };
  const { entries, count } = await within(session, 'read', (world) => auditListFlow(world, question));
  await finish(session, {
    kind: 'AuditResult',
    exitCode: EXIT.ok,
    text: () => renderAuditList(entries, count, session.terminal),
    json: () => auditListJson(entries, count),
  });
}

async function verify(session: Session, account: string | undefined): Promise<void> {
  const findings = await within(session, 'read', (world) => auditVerifyFlow(world, { account }));
  await finish(session, {
    kind: 'AuditResult',
    exitCode: findings.some((finding) => finding.broken !== null) ? EXIT.error : EXIT.ok,
    text: () => renderChains(findings, session.terminal),
    json: () => chainsJson(findings),
  });
}

async function exportTo(session: Session, options: { readonly account?: string; readonly out: string }): Promise<void> {
  const { out, account } = options;
  const deliver = (chunks: AsyncIterable<string>) => writeFileWhole(out, chunks, session.composition.random);
  const bytes = await within(session, 'read', (world) => auditExportFlow(world, { deliver, ...(account !== undefined && { account }) }));
  await finish(session, {
    kind: 'AuditResult',
    exitCode: EXIT.ok,
    *text() {
      yield `audit log written: ${out}`;
    },
    json: () => ({ file: out, bytes }),
  });
}

async function acknowledge(session: Session, reason: string): Promise<void> {
  const acknowledged = await within(session, 'write', (world) => acknowledgeFlow(world, reason));
  await finish(session, {
    kind: 'AuditResult',
    exitCode: EXIT.ok,
    *text() {
      for (const { account, known, head } of acknowledged) {
        yield `${account}: goes on from entry ${head.seq}; ${known === null ? 'nothing' : `entry ${known.seq}`} was known outside`;
      }
      yield acknowledged.length === 0
        ? 'nothing to acknowledge: the store is the one known outside'
        : 'next: padlock doctor names the resets that the store has forgotten';
    },
    json: () => ({
      acknowledged: acknowledged.map(({ account, known, head }) => ({ account, known: known?.seq ?? null, head: head.seq })),
    }),
  });
}
