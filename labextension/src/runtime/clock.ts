/** Time, as a test can bring its own. */
export interface Clock {
  /** Milliseconds since some fixed moment; never runs backwards. */
  now(): number;
  /** Calls back once, `delay` milliseconds from now, and returns what takes that back. */
  after(delay: number, callback: () => void): () => void;
}
