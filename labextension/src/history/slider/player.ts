import { type Clock, Listeners } from '../../runtime';

/** How fast the film runs: so many versions a second, or the whole history in half a minute. */
export type Speed = 'letters' | 'quick' | 'fast' | 'whole';

export const SPEEDS: readonly Speed[] = ['letters', 'quick', 'fast', 'whole'];

const VERSIONS_A_SECOND = { letters: 12, quick: 60, fast: 600 } as const;
/** Seconds in which the whole history runs. */
const WHOLE = 30;
/** The shortest time between two versions that are shown, in milliseconds. */
const SHORTEST = 40;

/** What is played: versions from `first` to `last`. */
export interface Played {
  readonly state: {
    readonly first: number;
    readonly last: number;
    /** The version that was sought last. */
    readonly position: number;
    /** Whether it is not shown yet. */
    readonly isWaiting: boolean;
  };
  seek(version: number): void;
}

/**
 * Runs through the versions like a film.
 *
 * Laws (`sliderParts.test.ts`): it waits for a version that is not there yet, and skips none in `letters`; at the last
 * version it stops, and from there it begins again at the first.
 */
export class Player {
  readonly changed = new Listeners<void>();
  private chosen: Speed = 'quick';
  private cancel: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly played: Played
  ) {}

  get isPlaying(): boolean {
    return this.cancel !== null;
  }

  get speed(): Speed {
    return this.chosen;
  }

  set speed(speed: Speed) {
    this.chosen = speed;
    this.changed.tell();
  }

  play(): void {
    const { first, last, position } = this.played.state;
    if (this.isPlaying || first >= last) {
      return;
    }
    if (position >= last) {
      this.played.seek(first);
    }
    this.schedule();
    this.changed.tell();
  }

  pause(): void {
    if (this.cancel) {
      this.cancel();
      this.cancel = null;
      this.changed.tell();
    }
  }

  toggle(): void {
    if (this.isPlaying) {
      this.pause();
    } else {
      this.play();
    }
  }

  /** Milliseconds to the next version that is shown, and how many versions farther it is. */
  private get pace(): { readonly wait: number; readonly step: number } {
    const { first, last } = this.played.state;
    const rate =
      this.chosen === 'whole'
        ? Math.max(VERSIONS_A_SECOND.letters, (last - first) / WHOLE)
        : VERSIONS_A_SECOND[this.chosen];
    const wait = Math.max(SHORTEST, 1000 / rate);
    return { wait, step: Math.max(1, Math.round((rate * wait) / 1000)) };
  }

  private schedule(): void {
    this.cancel = this.clock.after(this.pace.wait, () => this.tick());
  }

  private tick(): void {
    const { position, last, isWaiting } = this.played.state;
    if (position >= last) {
      this.pause();
      return;
    }
    if (!isWaiting) {
      this.played.seek(Math.min(last, position + this.pace.step));
    }
    this.schedule();
  }
}
