/**
 * A request that the server refused or that did not reach it.
 *
 * `code` is an error code of the protocol, or one of the constants below.
 */
export class SpecError extends Error {
  /** The server could not be reached. */
  static readonly UNREACHABLE = 'UNREACHABLE';
  /** The address was answered by something other than the server extension. */
  static readonly NO_EXTENSION = 'NO_EXTENSION';
  /** A part of the extension's code could not be loaded. */
  static readonly NOT_LOADED = 'NOT_LOADED';
  /** A file of the workspace can't be read. */
  static readonly UNREADABLE = 'UNREADABLE';
  /** Something failed that nobody foresaw. */
  static readonly UNEXPECTED = 'UNEXPECTED';

  constructor(
    readonly code: string,
    message: string,
    /** The HTTP status; 0 if there was no response. */
    readonly status: number = 0,
    readonly details: Readonly<Record<string, unknown>> = {}
  ) {
    super(message);
    this.name = 'SpecError';
  }
}

/** Any error as one that can be shown to the user. One that nobody foresaw is also logged, with its stack. */
export function asSpecError(error: unknown): SpecError {
  if (error instanceof SpecError) {
    return error;
  }
  console.error(error);
  const message = error instanceof Error ? error.message : String(error);
  return new SpecError(isOfLoading(error) ? SpecError.NOT_LOADED : SpecError.UNEXPECTED, message);
}

/** Whether this is how an `import()` fails in the bundle: its file did not come. The next call asks for it again. */
function isOfLoading(error: unknown): boolean {
  return error instanceof Error && error.name === 'ChunkLoadError';
}
