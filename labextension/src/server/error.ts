/** A request that the server refused or never got; `code` is the protocol's, or one of the two below. */
export class SpecError extends Error {
  /** The server could not be reached. */
  static readonly UNREACHABLE = 'UNREACHABLE';
  /** Something answered that is not the server extension. */
  static readonly NO_EXTENSION = 'NO_EXTENSION';

  constructor(
    readonly code: string,
    message: string,
    readonly status: number = 0,
    readonly details: Readonly<Record<string, unknown>> = {}
  ) {
    super(message);
    this.name = 'SpecError';
  }
}
