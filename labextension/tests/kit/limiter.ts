import type { RateLimit } from '../../src/protocol';

const MINUTE = 60_000;

/**
 * So many in any minute, as fast as they come: the server's count of what one user does.
 *
 * `limiter.test.ts` holds it to the server's own (`service/limiter.py`), by vectors that both pass.
 */
export class Limiter {
  private taken: readonly number[] = [];

  constructor(private readonly limit: number) {}

  /** Counts one; `false`, and nothing counted, where the minute is full. */
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
