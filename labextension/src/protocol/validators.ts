/** A check of one value that came in; `true` where it has the shape. */
export type Validator = (value: unknown) => boolean;

type Fields = Readonly<Record<string, Validator>>;

export const isString: Validator = value => typeof value === 'string';

/** A whole number from 0, which every version, position, length and column is. */
export const isCount: Validator = value => Number.isSafeInteger(value) && (value as number) >= 0;

/** `false` for arrays and null too. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object with at least these fields; what it holds beside them is no concern of a receiver. */
export function record(fields: Fields): Validator {
  const entries = Object.entries(fields);
  return value => isRecord(value) && entries.every(([name, check]) => check(value[name]));
}

export function listOf(check: Validator): Validator {
  return value => Array.isArray(value) && value.every(check);
}

export function oneOf(...values: readonly unknown[]): Validator {
  return value => values.includes(value);
}

/** The field may be missing. */
export function optional(check: Validator): Validator {
  return value => value === undefined || check(value);
}

/** The field may be missing or null. */
export function nullable(check: Validator): Validator {
  return value => value === undefined || value === null || check(value);
}

/** Of several shapes, any. */
export function anyOf(...checks: readonly Validator[]): Validator {
  return value => checks.some(check => check(value));
}
