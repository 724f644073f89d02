/** Whether a received value has the expected form. */
export type Validator = (value: unknown) => boolean;

type Fields = Readonly<Record<string, Validator>>;

export const isString: Validator = value => typeof value === 'string';

export const isBoolean: Validator = value => typeof value === 'boolean';

/** A non-negative integer, such as a version, position, length or column. */
export const isCount: Validator = value => Number.isSafeInteger(value) && (value as number) >= 0;

/** Whether the value is an object, and neither an array nor null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object with at least these fields; other fields are ignored. */
export function record(fields: Fields): Validator {
  const entries = Object.entries(fields);
  return value => isRecord(value) && entries.every(([name, validator]) => validator(value[name]));
}

export function listOf(validator: Validator): Validator {
  return value => Array.isArray(value) && value.every(validator);
}

export function oneOf(...values: readonly unknown[]): Validator {
  return value => values.includes(value);
}

/** A field that may be missing. */
export function optional(validator: Validator): Validator {
  return value => value === undefined || validator(value);
}

/** A field that may be missing or null. */
export function nullable(validator: Validator): Validator {
  return value => value === undefined || value === null || validator(value);
}

/** A value that passes one of several validators. */
export function anyOf(...validators: readonly Validator[]): Validator {
  return value => validators.some(validator => validator(value));
}
