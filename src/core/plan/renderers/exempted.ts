import { counted } from '../../layout/flow.ts';
import type { ImpactName } from '../../model/applied.ts';
import type { DocumentChange, Exempted, Plan } from '../plan.ts';

/** What a plan says beneath an exemption: counts in words of our own, people as the directory calls them, and warnings. */
export interface ExemptedFacts {
  readonly head: string;
  readonly scopes: readonly {
    readonly head: string;
    readonly count: number;
    readonly people: readonly Pick<ImpactName, 'user' | 'role'>[];
  }[];
  readonly warnings: readonly string[];
}

/** Whom an exemption leaves unprotected, whatever the format; undefined for one that goes, and for other documents. */
export function exemptedFacts(plan: Plan, change: DocumentChange, names: number | 'all'): ExemptedFacts | undefined {
  const of = plan.exempted.find((e) => change.kind === 'MfaExemption' && e.document === change.name);
  if (of === undefined) return undefined;
  const nobody = of.scopes.length === 0 ? ', nobody becomes exempt who is asked for a factor and has none' : '';
  return {
    head: `${counted(of.people, 'person', 'people')} named${nobody}`,
    scopes: of.scopes.map((s) => ({
      head: `${s.scope}: not enrolled, asked no more${s.apart.length === 0 ? '' : `, ${s.apart.map((a) => `${a.count} ${a.role}`).join(', ')} among them`}`,
      count: s.people,
      people: names === 'all' ? s.names : s.names.slice(0, names),
    })),
    warnings: of.scopes.filter((s) => s.warns).map(warning),
  };
}

function warning({ scope, people, open, limit }: Exempted['scopes'][number]): string {
  return `${scope}: this exempts ${people} of the ${open} who are asked for a factor and have none, more than ${limit} % at once`;
}
