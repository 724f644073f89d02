import { countUpTo } from '../markdown/ascending';
import type { Blocks } from './blocks';
import type { BlockCorrespondence } from './correspondence';

/** The heights of some blocks that follow each other, measured or estimated; in pixels. */
export class RegionHeights {
  /** The tops of the blocks, and of the end; `null` until somebody asks. */
  private tops: Float64Array | null = null;

  constructor(private readonly values: Float64Array) {}

  get count(): number {
    return this.values.length;
  }

  get total(): number {
    return this.topOf(this.count);
  }

  heightOf(index: number): number {
    return this.values[index] ?? 0;
  }

  set(index: number, height: number): void {
    this.values[index] = height;
    this.tops = null;
  }

  topOf(index: number): number {
    if (!this.tops) {
      const { values } = this;
      this.tops = new Float64Array(values.length + 1);
      values.forEach((value, at) => (this.tops![at + 1] = this.tops![at]! + value));
    }
    return this.tops[index]!;
  }

  /** The last block that begins at this height or above it; the first one if there is none. */
  indexAt(y: number): number {
    let [low, high] = [0, Math.max(0, this.count - 1)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.topOf(middle) <= y) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}

/**
 * The heights of the blocks of a text, and where each begins; in pixels.
 *
 * Laws (`heights.test.ts`): the tops never decrease; a block holds its own top.
 */
export class Heights {
  /** How many blocks are before each region, and how many there are. */
  private readonly firsts: readonly number[];
  /** The tops of the regions, and of the end. */
  private readonly tops: number[] = [0];

  constructor(readonly regions: readonly RegionHeights[]) {
    const firsts = [0];
    regions.forEach(({ count }, index) => firsts.push(firsts[index]! + count));
    this.firsts = firsts;
  }

  get count(): number {
    return this.firsts.at(-1)!;
  }

  get total(): number {
    return this.topOfRegion(this.regions.length);
  }

  heightOf(index: number): number {
    const region = this.regionOf(index);
    return this.regions[region]?.heightOf(index - this.firsts[region]!) ?? 0;
  }

  /** Sets the height of a block; returns by how much it grew. */
  set(index: number, height: number): number {
    const growth = height - this.heightOf(index);
    if (growth !== 0 && index < this.count) {
      const region = this.regionOf(index);
      this.regions[region]!.set(index - this.firsts[region]!, height);
      this.tops.splice(region + 1);
    }
    return growth;
  }

  topOf(index: number): number {
    if (index >= this.count) {
      return this.total;
    }
    const region = this.regionOf(index);
    return this.topOfRegion(region) + this.regions[region]!.topOf(index - this.firsts[region]!);
  }

  /** The block at this height; the first or the last one beyond the ends. */
  indexAt(y: number): number {
    this.topOfRegion(this.regions.length);
    let region = Math.min(countUpTo(this.tops, y), this.regions.length) - 1;
    while (region > 0 && this.regions[region]!.count === 0) {
      region--;
    }
    const first = this.firsts[Math.max(0, region)]!;
    const within = this.regions[region]?.indexAt(y - this.tops[region]!) ?? 0;
    return Math.min(first + within, Math.max(0, this.count - 1));
  }

  /** Those of the blocks that come after these. What a block continues was measured already. */
  after({ regions, firsts }: Blocks, same: BlockCorrespondence): Heights {
    const made = regions.map(({ blocks }, index) => {
      const fromEnd = regions.length - index;
      if (index < same.sameAtStart) {
        return this.regions[index]!;
      }
      return fromEnd <= same.sameAtEnd
        ? this.regions.at(-fromEnd)!
        : new RegionHeights(
            Float64Array.from(blocks, ({ content }, within) => {
              const old = same.before(firsts[index]! + within);
              return old < 0 ? content.height : this.heightOf(old);
            })
          );
    });
    return new Heights(made);
  }

  private regionOf(index: number): number {
    return Math.min(countUpTo(this.firsts, index), this.regions.length) - 1;
  }

  private topOfRegion(region: number): number {
    for (let next = this.tops.length; next <= region; next++) {
      this.tops.push(this.tops[next - 1]! + this.regions[next - 1]!.total);
    }
    return this.tops[region]!;
  }
}

/** Pixels of a line of text, and of the space between two blocks. */
const [LINE, SPACE] = [24, 12];
/** Letters that fit into a line. */
const WIDTH = 76;

/** About how high a block with this text is. */
export function estimated(text: string): number {
  let lines = 0;
  for (let from = 0; from <= text.length;) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    lines += Math.max(1, Math.ceil((to - from) / WIDTH));
    from = to + 1;
  }
  return lines * LINE + SPACE;
}
