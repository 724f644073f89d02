/** A plain HTTP request, to an address below a spec's. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  /** Whether it goes on where its page ends. */
  readonly outlivesPage?: boolean;
}

export interface Answer {
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly body: string;
}

export const NO_ANSWER: Answer = { status: 0, body: '' };

/** Makes a request and calls back once with its answer, never before it has returned; returns what aborts it. */
export type Ask = (request: Request, answered: (answer: Answer) => void) => () => void;

/** Whether another try may fare better: the network failed, or what stands between the server and here. */
export function isPassing({ status }: Answer): boolean {
  return status === 0 || status === 408 || status >= 500;
}
