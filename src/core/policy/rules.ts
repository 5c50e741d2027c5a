import type { MfaPolicyRules } from '../documents/schema.ts';
import type { Terms } from '../model/terms.ts';

/** The rules that terms were compiled from; undefined where there are no terms. The store keeps them as the JSON that they are. */
export function rulesOf(terms: Pick<Terms, 'rules'>): MfaPolicyRules;
export function rulesOf(terms: Pick<Terms, 'rules'> | null | undefined): MfaPolicyRules | undefined;
export function rulesOf(terms: Pick<Terms, 'rules'> | null | undefined): MfaPolicyRules | undefined {
  return terms?.rules as MfaPolicyRules | undefined;
}
