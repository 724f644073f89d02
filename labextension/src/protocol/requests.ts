/** An HTTP request to a path below that of a spec. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  /** Whether the browser completes the request after the page was closed. */
  readonly outlivesPage?: boolean;
}

export interface Answer {
  /** The HTTP status; 0 if there was no response. */
  readonly status: number;
  readonly body: string;
}

export const NO_ANSWER: Answer = { status: 0, body: '' };

/**
 * Sends a request and calls back once with its response, never before it has returned.
 *
 * Returns a function that aborts the request.
 */
export type Ask = (request: Request, answered: (answer: Answer) => void) => () => void;

/** Whether the request may succeed if it is repeated: the network, a proxy or the server failed. */
export function isTemporary({ status }: Answer): boolean {
  return status === 0 || status === 408 || status >= 500;
}
