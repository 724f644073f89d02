import { countUpTo } from '../markdown/ascending';
import type { ChunkPieces } from './pieces';

/** What a block is rendered from. Blocks with equal keys look the same. */
export interface Content {
  readonly key: string;
  /** Markdown with the link definitions that it refers to; for `plain` a text to be shown as it is. */
  readonly source: string;
  readonly form: 'markdown' | 'plain';
  /** Whether it goes on with a list or table of the block before. */
  readonly isContinued: boolean;
  /** The footnotes that it refers to, with their numbers. */
  readonly notes: ReadonlyMap<string, number>;
  /** About how high it is, in pixels. */
  readonly height: number;
  /** The names of the footnotes whose texts it consists of. */
  readonly footnotes: readonly string[];
}

/** A block of a text that is rendered by itself. Positions are UTF-16 units in the text that was parsed. */
export interface Block {
  readonly content: Content;
  readonly from: number;
  readonly to: number;
  /** Where its task boxes begin, from `from`. */
  readonly tasks: readonly number[];
}

/** Blocks that are read together. Their positions are from the beginning of the first chunk. */
export interface Region {
  readonly chunks: readonly ChunkPieces[];
  readonly blocks: readonly Block[];
}

/** The blocks of a text. A region that a change did not touch is the same object as before. */
export class Blocks {
  /** How many blocks are before each region, and how many there are. */
  readonly firsts: readonly number[];

  constructor(
    readonly regions: readonly Region[],
    /** Where each region begins. */
    private readonly starts: readonly number[]
  ) {
    const firsts = [0];
    regions.forEach(({ blocks }, index) => firsts.push(firsts[index]! + blocks.length));
    this.firsts = firsts;
  }

  get length(): number {
    return this.firsts.at(-1)!;
  }

  /** The region of a block, of which `index` is at least 0 and less than {@link length}. */
  regionOf(index: number): number {
    return countUpTo(this.firsts, index) - 1;
  }

  at(index: number): Block | undefined {
    if (index < 0 || index >= this.length) {
      return undefined;
    }
    const region = this.regionOf(index);
    const block = this.regions[region]!.blocks[index - this.firsts[region]!]!;
    const start = this.starts[region]!;
    return { ...block, from: start + block.from, to: start + block.to };
  }

  /** The index of the block that holds a position, or of the last one before it. */
  indexAt(position: number): number {
    const region = countUpTo(this.starts, position) - 1;
    const first = this.firsts[Math.max(region, 0)]!;
    const blocks = this.regions[region]?.blocks ?? [];
    const within = position - (this.starts[region] ?? 0);
    let [low, high] = [0, blocks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (blocks[middle]!.from <= within) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Math.max(0, first + low - 1);
  }

  /** The index of the first block whose content is as `test` wants it; -1 if there is none. */
  findIndex(test: (content: Content) => boolean): number {
    for (const [index, { blocks }] of this.regions.entries()) {
      const found = blocks.findIndex(({ content }) => test(content));
      if (found >= 0) {
        return this.firsts[index]! + found;
      }
    }
    return -1;
  }

  *[Symbol.iterator](): Generator<Block> {
    for (let index = 0; index < this.length; index++) {
      yield this.at(index)!;
    }
  }
}

export const NO_BLOCKS = new Blocks([], []);
