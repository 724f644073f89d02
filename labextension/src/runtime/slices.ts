import type { Steps } from '../text';
import type { Clock } from './clock';

/** Milliseconds that are computed at a time; the page draws a frame each 16. */
const SLICE = 6;

/**
 * Computes `steps` in slices, with pauses in which the page deals with keys and frames, and passes the result to
 * `done`; returns a function that ends the computation.
 */
export function inSlices<Result>(
  clock: Clock,
  steps: Steps<Result>,
  done: (result: Result) => void
): () => void {
  return new Slices(clock, steps, done).begin(false);
}

/** The same with a first slice now, so that what is short is done when this returns. */
export function inSlicesFromNow<Result>(
  clock: Clock,
  steps: Steps<Result>,
  done: (result: Result) => void
): () => void {
  return new Slices(clock, steps, done).begin(true);
}

class Slices<Result> {
  private cancel: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly steps: Steps<Result>,
    private readonly done: (result: Result) => void
  ) {}

  begin(isNow: boolean): () => void {
    if (isNow) {
      this.goOn();
    } else {
      this.pause();
    }
    return () => this.cancel();
  }

  private pause(): void {
    this.cancel = this.clock.after(0, () => this.goOn());
  }

  private goOn(): void {
    const end = this.clock.now() + SLICE;
    do {
      const step = this.steps.next();
      if (step.done) {
        this.done(step.value);
        return;
      }
    } while (this.clock.now() < end);
    this.pause();
  }
}
