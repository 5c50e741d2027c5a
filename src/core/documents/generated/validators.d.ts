import type { Validator } from '../faults.ts';

export declare const MfaPolicy: Validator;
export declare const MfaExemption: Validator;
export declare const MfaReset: Validator;
export declare const ComplianceReport: Validator;
export declare const GuardOverride: Validator;
