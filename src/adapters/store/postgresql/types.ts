import { type CustomTypesConfig, types } from 'pg';

/** Types whose values are numbers here: int8, which instants and counts are, and numeric, which sums of them are. */
const NUMBERS: ReadonlySet<number> = new Set([types.builtins.INT8, types.builtins.NUMERIC]);

/** What values are read as: every number as a number, all else as the driver does it. A number that none can hold is a fault, never rounded. */
export const TYPES: CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    NUMBERS.has(oid) && format !== 'binary' ? wholeNumber : types.getTypeParser(oid, format)) as CustomTypesConfig['getTypeParser'],
};

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is no whole number that can be held`);
  return number;
}
