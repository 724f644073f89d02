import type { Clock } from '../../runtime';

/** Pixels a millisecond from which on a hand is fast. */
const FAST = 0.8;
/** Milliseconds without a move after which it has stopped. */
const STOPPED = 120;

export interface DragOptions {
  readonly clock: Clock;
  /** Shows a version. */
  seek(version: number): void;
  /** The end of a sitting that is nearest to a version. */
  nearestEnd(version: number): number;
}

/**
 * What the hand on the slider means: a fast one goes from sitting to sitting, a slow one to each version.
 *
 * Law (`sliderParts.test.ts`): where it stops or lets go, the version under it is shown.
 */
export class Drag {
  private last: { readonly version: number; readonly time: number } | null = null;
  private cancel: () => void = () => undefined;

  constructor(private readonly options: DragOptions) {}

  /** The hand is at `version`; a pixel is so many versions wide. */
  move(version: number, versionsPerPixel: number): void {
    const { clock, seek, nearestEnd } = this.options;
    const time = clock.now();
    const { last } = this;
    this.last = { version, time };
    this.cancel();
    const pixels = last ? Math.abs(version - last.version) / Math.max(versionsPerPixel, 1e-9) : 0;
    const isFast = last !== null && pixels > FAST * Math.max(1, time - last.time);
    if (isFast) {
      this.cancel = clock.after(STOPPED, () => seek(version));
    }
    seek(isFast ? nearestEnd(version) : version);
  }

  /** The hand lets go. */
  end(): void {
    const { last } = this;
    this.cancel();
    this.cancel = () => undefined;
    this.last = null;
    if (last) {
      this.options.seek(last.version);
    }
  }
}
