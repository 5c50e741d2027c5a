import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NONE } from '../../src/adapters/enforcers/none/enforcer.ts';
import { portalEnforcer } from '../../src/adapters/enforcers/portal/enforcer.ts';
import type { OnStatement } from '../../src/adapters/store/options.ts';
import { seed } from '../../src/apps/cli/demo/seed.ts';
import { generateWorld } from '../../src/apps/cli/demo/world.ts';
import { readDocuments } from '../../src/core/documents/read.ts';
import { plainStyle } from '../../src/core/layout/style.ts';
import { FACTOR_KINDS } from '../../src/core/model/words.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { renderPlanText } from '../../src/core/plan/renderers/text.ts';
import { applyFlow } from '../../src/flows/reconcile/apply.ts';
import { planFlow } from '../../src/flows/reconcile/plan.ts';
import type { World } from '../../src/flows/world.ts';
import { type Opened, openTemporary, RANDOM } from '../adapters/store/opened.ts';

export const DAY = 86_400_000;
/** When the world's people joined, and when the tests begin. */
const JOINED = Date.UTC(2026, 9, 1);
export const START = Date.UTC(2026, 10, 25, 8);
const DANA = 'admin.dana@northwind.example';

/** Texts by path, as in the repository's `policies/`. */
export type Policies = Readonly<Record<string, string>>;

/** Northwind IT with its 62 people in a store of its own, a clock to turn, and somebody who acts. */
export class Northwind {
  now = START;
  readonly opened: Opened;

  private constructor(opened: Opened) {
    this.opened = opened;
  }

  /** `onStatement` is told of every statement. */
  static async open(onStatement?: OnStatement): Promise<Northwind> {
    const northwind = new Northwind(await openTemporary(onStatement === undefined ? {} : { onStatement }));
    const demo = generateWorld({ users: 62, seed: 1, now: JOINED });
    northwind.now = JOINED;
    await seed(northwind.world(), { demo, random: RANDOM, now: JOINED, onProgress: () => undefined });
    northwind.now = START;
    return northwind;
  }

  /** The world as one person sees it; the subject is another for each person. */
  world(user: string | undefined = DANA, actor?: World['actor']): World {
    return {
      store: this.opened.store,
      clock: { now: () => this.now },
      enforcers: { portal: portalEnforcer(FACTOR_KINDS), none: NONE },
      rights: { policy: ['Administrator', 'Manager'] },
      actor: actor ?? { channel: 'cli', subject: user ?? 'nobody' },
      actorUser: actor === undefined ? user : undefined,
    };
  }

  plan(policies: Policies, names: number | null = 5): Promise<Plan> {
    return planFlow(this.world(), { documents: documentsOf(policies), channel: 'file', names });
  }

  apply(policies: Policies, user?: string) {
    return applyFlow(this.world(user), { documents: documentsOf(policies), channel: 'file', names: 5 });
  }

  close(): Promise<void> {
    return this.opened.close();
  }
}

/** The example's reset request for somebody else, as a file of its own. */
export function resetRequest(policies: Policies, user: string, requestId: string, more = ''): Policies {
  const text = (policies['policies/resets/sven.yaml'] ?? '').replace('sven-lost-phone', requestId.toLowerCase());
  return { [`policies/${requestId}.yaml`]: text.replace('NW-4720', requestId).replace('sven@northwind.example', user) + more };
}

/** Checked documents; a fault fails the test. */
export function documentsOf(policies: Policies) {
  const { documents, faults } = readDocuments(Object.entries(policies).map(([file, text]) => ({ file, text })));
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return documents;
}

/** The repository's example policies. */
export function examplePolicies(): Policies {
  const root = join(import.meta.dirname, '..', '..');
  const files = readdirSync(join(root, 'policies'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  return Object.fromEntries(files.sort().map((file) => [`policies/${file}`, readFileSync(join(root, 'policies', file), 'utf8')]));
}

/** The same with one text replaced; the text must be there. */
export function edited(policies: Policies, file: string, from: string, to: string): Policies {
  const text = policies[file];
  if (text === undefined || !text.includes(from)) throw new Error(`${from} does not stand in ${file}`);
  return { ...policies, [file]: text.replace(from, to) };
}

/** The same without one file. */
export function without(policies: Policies, file: string): Policies {
  return Object.fromEntries(Object.entries(policies).filter(([name]) => name !== file));
}

/** What a terminal 100 wide shows. */
export function shown(plan: Plan): string {
  return `${[...renderPlanText(plan, { width: 100, names: 5, style: plainStyle, overrides: true })].join('\n')}\n`;
}
