/** An operation that is malformed or does not fit its text. */
export class InvalidOperation extends Error {
  readonly code = 'INVALID_OPERATION';
  override readonly name = 'InvalidOperation';
}

/** Text with a NUL, a carriage return or a lone surrogate. */
export class InvalidContent extends Error {
  readonly code = 'INVALID_CONTENT';
  override readonly name = 'InvalidContent';
}
