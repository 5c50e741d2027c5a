import type { DocumentSource } from '../model/positions.ts';
import type { DocumentKind } from '../model/words.ts';
import type { ComplianceReportSpec, GuardOverrideSpec, Metadata, MfaExemptionSpec, MfaPolicySpec, MfaResetSpec } from './schema.ts';

/** The spec of each kind. */
export interface Specs {
  readonly MfaPolicy: MfaPolicySpec;
  readonly MfaExemption: MfaExemptionSpec;
  readonly MfaReset: MfaResetSpec;
  readonly ComplianceReport: ComplianceReportSpec;
  readonly GuardOverride: GuardOverrideSpec;
}

/** A checked document of one kind, with where everything in it stands. */
export interface DocumentOf<K extends DocumentKind> {
  readonly kind: K;
  readonly metadata: Metadata;
  readonly spec: Specs[K];
  readonly source: DocumentSource;
}

/** A checked document of any kind; `kind` tells which. */
export type PadlockDocument = { [K in DocumentKind]: DocumentOf<K> }[DocumentKind];
