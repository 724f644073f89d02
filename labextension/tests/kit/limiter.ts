import type { RateLimit } from '../../src/protocol';

const MINUTE = 60_000;

/**
 * Allows `limit` operations in any minute: the server's rate limit for one user.
 *
 * `limiter.test.ts` checks it with the vectors of the server's own limiter (`service/rate_limiter.py`).
 */
export class Limiter {
  private taken: readonly number[] = [];

  constructor(private readonly limit: number) {}

  /** Counts one operation. Returns `false`, and counts nothing, if the limit is reached. */
  take(now: number): boolean {
    this.taken = this.within(now);
    const allowed = this.taken.length < this.limit;
    if (allowed) {
      this.taken = [...this.taken, now];
    }
    return allowed;
  }

  left(now: number): RateLimit {
    const within = this.within(now);
    const resetMs = within.length ? Math.ceil(within[0] + MINUTE - now) : 0;
    return { remaining: this.limit - within.length, resetMs };
  }

  private within(now: number): readonly number[] {
    return this.taken.filter(at => at + MINUTE > now);
  }
}
