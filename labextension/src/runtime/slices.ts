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
  let cancel = clock.after(0, goOn);
  function goOn(): void {
    const end = clock.now() + SLICE;
    for (;;) {
      const step = steps.next();
      if (step.done) {
        done(step.value);
        return;
      }
      if (clock.now() >= end) {
        cancel = clock.after(0, goOn);
        return;
      }
    }
  }
  return () => cancel();
}
