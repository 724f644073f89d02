import { sameEnds } from '../markdown/sameEnds';
import type { Blocks } from './blocks';

/** Which block of a text takes the place of which block of the text before. */
export interface Correspondence {
  /** For each block the one before that it continues, or -1. */
  readonly from: Int32Array;
}

/**
 * Compares two lists of keys. A block continues one with the same key; one that changed continues what came after the
 * one that the block before it continues, if that is not there any more.
 *
 * Laws (`correspondence.test.ts`): no block is continued twice; equal lists correspond one to one; blocks at both ends
 * that are as before continue themselves.
 */
export function correspondence(
  before: readonly string[],
  after: readonly string[]
): Correspondence {
  const from = new Int32Array(after.length).fill(-1);
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) {
    from[start] = start;
    start++;
  }
  let end = 0;
  while (
    end < shorter - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    from[after.length - 1 - end] = before.length - 1 - end;
    end++;
  }
  const places = new Map<string, number[]>();
  for (let index = before.length - end - 1; index >= start; index--) {
    const same = places.get(before[index]!);
    if (same) {
      same.push(index);
    } else {
      places.set(before[index]!, [index]);
    }
  }
  for (let index = start; index < after.length - end; index++) {
    from[index] = places.get(after[index]!)?.pop() ?? -1;
  }
  const gone = new Set([...places.values()].flat());
  for (let index = start; index < after.length - end; index++) {
    const next = index === 0 ? 0 : from[index - 1]! + 1;
    if (from[index]! < 0 && (index === 0 || next > 0) && gone.delete(next)) {
      from[index] = next;
    }
  }
  return { from };
}

/**
 * Which block of a text takes the place of which block of the text before. Blocks of regions that are the same at both
 * ends of the text are not looked at.
 */
export class BlockCorrespondence {
  /** How many regions are the same at the beginning and at the end. */
  readonly sameAtStart: number;
  readonly sameAtEnd: number;
  /** The blocks between them: where they begin, where they end before and after, and which continues which, both ways. */
  private readonly start: number;
  private readonly endBefore: number;
  private readonly endAfter: number;
  private readonly from: Int32Array;
  private readonly to: Int32Array;

  constructor(before: Blocks, after: Blocks) {
    const [old, now] = [before.regions, after.regions];
    const { start, end } = sameEnds(old, now);
    const [oldMiddle, nowMiddle] = [
      old.slice(start, old.length - end),
      now.slice(start, now.length - end)
    ];
    const keys = (regions: Blocks['regions']) =>
      regions.flatMap(({ blocks }) => blocks.map(({ content }) => content.key));
    this.sameAtStart = start;
    this.sameAtEnd = end;
    this.start = before.firsts[start]!;
    this.endBefore = before.firsts[old.length - end]!;
    this.endAfter = after.firsts[now.length - end]!;
    this.to = new Int32Array(this.endBefore - this.start).fill(-1);
    this.from =
      oldMiddle.length > 0
        ? correspondence(keys(oldMiddle), keys(nowMiddle)).from
        : new Int32Array(this.endAfter - this.start).fill(-1);
    this.from.forEach((old, index) => (old < 0 ? null : (this.to[old] = index)));
  }

  /** The block before that a block continues; -1 if there is none. */
  before(index: number): number {
    if (index < this.start) {
      return index;
    }
    if (index >= this.endAfter) {
      return index - this.endAfter + this.endBefore;
    }
    const old = this.from[index - this.start]!;
    return old < 0 ? -1 : old + this.start;
  }

  /** The block that continues a block before; -1 if there is none. */
  after(old: number): number {
    if (old < this.start) {
      return old;
    }
    if (old >= this.endBefore) {
      return old - this.endBefore + this.endAfter;
    }
    const found = this.to[old - this.start]!;
    return found < 0 ? -1 : found + this.start;
  }

  /** The last block that continues `old` or one that was above it; -1 if there is none. */
  lastUpTo(old: number): number {
    if (old < this.start || old >= this.endBefore) {
      return this.after(old);
    }
    const found = this.from.findLastIndex(each => each >= 0 && each <= old - this.start);
    return this.start + found;
  }
}
