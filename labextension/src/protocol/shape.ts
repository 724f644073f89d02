/** A check of one value that came in; `true` where it has the shape. */
export type Check = (value: unknown) => boolean;

type Fields = Readonly<Record<string, Check>>;

export const isString: Check = value => typeof value === 'string';

/** A whole number from 0, which every version, position, length and column is. */
export const isCount: Check = value => Number.isSafeInteger(value) && (value as number) >= 0;

/** `false` for arrays and null too. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object with at least these fields; what it holds beside them is no concern of a receiver. */
export function record(fields: Fields): Check {
  const entries = Object.entries(fields);
  return value => isRecord(value) && entries.every(([name, check]) => check(value[name]));
}

export function listOf(check: Check): Check {
  return value => Array.isArray(value) && value.every(check);
}

export function oneOf(...values: readonly unknown[]): Check {
  return value => values.includes(value);
}

/** The field may be missing. */
export function optional(check: Check): Check {
  return value => value === undefined || check(value);
}

/** The field may be missing or null. */
export function nullable(check: Check): Check {
  return value => value === undefined || value === null || check(value);
}

/** Of several shapes, any. */
export function either(...checks: readonly Check[]): Check {
  return value => checks.some(check => check(value));
}
