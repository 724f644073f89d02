/** A source of time; tests have their own. */
export interface Clock {
  /** Milliseconds since a fixed moment; never decreases. */
  now(): number;
  /** Calls back once after `delay` milliseconds; returns a function that cancels the call. */
  after(delay: number, callback: () => void): () => void;
}
