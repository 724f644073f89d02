import type { Environment } from '../runtime';

/** Attempts whose distance doubles; after them it stays at {@link STEADY_SECONDS}. */
export const EAGER_TRIES = 5;
/** Seconds between all later attempts. */
export const STEADY_SECONDS = 30;

/**
 * Seconds to wait before try number `attempt` (from 0): 1, 2, 4, 8, 16, then 30 for ever.
 *
 * `random` in [0, 1) spreads each by a quarter to both sides, so that the pages which a restarting server
 * dropped together do not come back together.
 */
export function backoff(attempt: number, random: number): number {
  const seconds = attempt < EAGER_TRIES ? 2 ** attempt : STEADY_SECONDS;
  return seconds * (0.75 + random / 2);
}

/** Waits for the next attempt and reports each second that passes. */
export class Countdown {
  private attempt = 0;
  private deadline = 0;
  private cancel: (() => void) | null = null;

  constructor(
    private readonly environment: Environment,
    private readonly tick: () => void,
    private readonly elapsed: () => void
  ) {}

  /** Attempts since {@link reset}. */
  get attempts(): number {
    return this.attempt;
  }

  /** Whole seconds left; `null` while none are being counted. */
  get secondsLeft(): number | null {
    if (!this.cancel) {
      return null;
    }
    return Math.max(0, Math.ceil((this.deadline - this.environment.now()) / 1000));
  }

  /** Waits as long as the backoff says. An immediate try is not counted as an attempt. */
  start(immediately = false): void {
    this.stop();
    const seconds = immediately ? 0 : backoff(this.attempt, this.environment.random());
    this.attempt += immediately ? 0 : 1;
    this.deadline = this.environment.now() + seconds * 1000;
    this.wait();
  }

  /** Ends the wait at once. */
  skip(): void {
    if (this.cancel) {
      this.stop();
      this.elapsed();
    }
  }

  /** Ends the wait without an attempt. */
  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }

  /** A connection held: the backoff begins anew. */
  reset(): void {
    this.attempt = 0;
  }

  private wait(): void {
    const left = this.deadline - this.environment.now();
    this.cancel = this.environment.after(Math.min(1000, Math.max(0, left)), () => {
      if (this.deadline - this.environment.now() <= 0) {
        this.cancel = null;
        this.elapsed();
      } else {
        this.wait();
        this.tick();
      }
    });
  }
}
