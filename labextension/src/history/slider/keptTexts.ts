import type { Text } from '../../text';

/** How many UTF-16 units the kept texts have together. Most share nearly all of them in memory. */
export const KEPT_UNITS = 48_000_000;

/** A version and its text. */
export interface Frame {
  readonly version: number;
  readonly text: Text;
}

/**
 * The texts of some versions, from which the others are made.
 *
 * Law (`sliderFilm.test.ts`): together they have no more than {@link KEPT_UNITS} units, or there is one.
 */
export class KeptTexts {
  /** In order of their versions. */
  private readonly frames: Frame[] = [];
  private units = 0;

  constructor(private readonly most = KEPT_UNITS) {}

  /** Keeps a text. `near` is the version that is looked at: what is farthest from it goes where it is too much. */
  add(frame: Frame, near: number): void {
    const index = this.behind(frame.version - 1);
    if (this.frames[index]?.version === frame.version) {
      return;
    }
    this.frames.splice(index, 0, frame);
    this.units += frame.text.utf16Length;
    while (this.units > this.most && this.frames.length > 1) {
      const isFirst = near - this.frames[0].version > this.frames.at(-1)!.version - near;
      const gone = isFirst ? this.frames.shift() : this.frames.pop();
      this.units -= gone!.text.utf16Length;
    }
  }

  /** The nearest at or before `version`, and the nearest behind it. */
  around(version: number): readonly [before: Frame | null, behind: Frame | null] {
    const index = this.behind(version);
    return [this.frames[index - 1] ?? null, this.frames[index] ?? null];
  }

  clear(): void {
    this.frames.length = 0;
    this.units = 0;
  }

  /** The index of the first that is later than `version`. */
  private behind(version: number): number {
    let [low, high] = [0, this.frames.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.frames[middle].version <= version) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
