/**
 * The heights of the blocks of a text, measured or estimated, and where each begins; in pixels.
 *
 * Laws (`heights.test.ts`): the tops never decrease; a block holds its own top.
 */
export class Heights {
  private values: Float64Array;
  /** The tops of the blocks, and of the end. */
  private tops: Float64Array;
  /** Tops up to this index are right. */
  private known = 0;

  constructor(values: Float64Array) {
    this.values = values;
    this.tops = new Float64Array(values.length + 1);
  }

  get count(): number {
    return this.values.length;
  }

  get total(): number {
    return this.topOf(this.count);
  }

  heightOf(index: number): number {
    return this.values[index] ?? 0;
  }

  /** Sets the height of a block; returns by how much it grew. */
  set(index: number, height: number): number {
    const growth = height - this.heightOf(index);
    if (growth !== 0 && index < this.count) {
      this.values[index] = height;
      this.known = Math.min(this.known, index);
    }
    return growth;
  }

  topOf(index: number): number {
    for (; this.known < index; this.known++) {
      this.tops[this.known + 1] = this.tops[this.known]! + this.values[this.known]!;
    }
    return this.tops[index] ?? 0;
  }

  /** The block at this height; the first or the last one beyond the ends. */
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
