import type { ConfigurationText } from '../schema.ts';

/** One way in which a value breaks the schema, as ajv tells it. */
export interface Breach {
  /** JSON pointer of the value at fault. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The value at fault. */
  readonly data: unknown;
  /** The schema that it breaks. */
  readonly parentSchema: Readonly<Record<string, unknown>>;
}

/** Whether a value is a configuration; if not, `errors` has every breach. */
export declare const Configuration: {
  (value: unknown): value is ConfigurationText;
  errors?: readonly Breach[] | null;
};
