import type { Block } from '../../preview/blocks';
import type { Difference } from './passage';

/** Blocks of both texts of which some differ. */
export interface ChangedBlocks {
  readonly older: readonly Block[];
  readonly newer: readonly Block[];
  readonly differences: readonly Difference[];
  /** The lines of the blocks in both texts. */
  readonly extent: Difference;
  /** How many blocks that are the same in both are left out before them. */
  readonly unchangedBefore: number;
}

/** The texts that are compared. */
interface Texts {
  readonly older: string;
  readonly newer: string;
}

/** Indexes of blocks, the second one not included. */
interface Span {
  from: number;
  to: number;
}

/**
 * The blocks that hold differences, from top to bottom; differences in one block are together.
 *
 * Law (`renderedRows.test.ts`): every difference is in exactly one of the results, and no block is in two of them.
 */
export function changedBlocks(
  older: readonly Block[],
  newer: readonly Block[],
  differences: readonly Difference[],
  texts: Texts
): readonly ChangedBlocks[] {
  const rows: { a: Span; b: Span; differences: Difference[] }[] = [];
  for (const difference of differences) {
    const { fromA, toA, fromB, toB } = inLines(difference, texts);
    const a = touched(older, fromA, toA);
    const b = touched(newer, fromB, toB);
    const last = rows.at(-1);
    if (last && (a.from < last.a.to || b.from < last.b.to)) {
      last.a.to = Math.max(last.a.to, a.to);
      last.b.to = Math.max(last.b.to, b.to);
      last.differences.push(difference);
    } else {
      rows.push({ a, b, differences: [difference] });
    }
  }
  let done = 0;
  return rows.map(({ a, b, differences: own }) => {
    const unchangedBefore = Math.max(0, b.from - done);
    done = b.to;
    const [first, last] = [own[0]!, own.at(-1)!];
    const [before, after] = [older.slice(a.from, a.to), newer.slice(b.from, b.to)];
    return {
      older: before,
      newer: after,
      differences: own,
      extent: {
        fromA: before[0] ? Math.min(before[0].from, first.fromA) : first.fromA,
        toA: Math.max(before.at(-1)?.to ?? 0, last.toA),
        fromB: after[0] ? Math.min(after[0].from, first.fromB) : first.fromB,
        toB: Math.max(after.at(-1)?.to ?? 0, last.toB)
      },
      unchangedBefore
    };
  });
}

/** The whole lines that a difference touches. Lines that come or go as a whole touch no other ones. */
function inLines({ fromA, toA, fromB, toB }: Difference, { older, newer }: Texts): Difference {
  const isAfterLines = older[fromA] === '\n' && newer[fromB] === '\n';
  const isBeforeLines = isStart(older, toA) && isStart(newer, toB);
  return {
    fromA: isAfterLines ? fromA + 1 : startOfLine(older, fromA),
    fromB: isAfterLines ? fromB + 1 : startOfLine(newer, fromB),
    toA: isBeforeLines ? toA : endOfLine(older, toA),
    toB: isBeforeLines ? toB : endOfLine(newer, toB)
  };
}

function isStart(text: string, index: number): boolean {
  return index === 0 || text[index - 1] === '\n';
}

function startOfLine(text: string, index: number): number {
  return index === 0 ? 0 : text.lastIndexOf('\n', index - 1) + 1;
}

function endOfLine(text: string, index: number): number {
  const end = text.indexOf('\n', index);
  return end < 0 ? text.length : end;
}

/** The blocks that hold letters between two places; where these are one place, the block that it is inside of. */
function touched(blocks: readonly Block[], from: number, to: number): Span {
  const start = countWhile(blocks, ({ to: end }) => end <= from);
  const end = countWhile(blocks, block => block.from < to || (from === to && block.from < from));
  return { from: start, to: Math.max(start, end) };
}

/** How many blocks at the beginning fulfil a condition that holds for no block behind one that does not. */
function countWhile(blocks: readonly Block[], holds: (block: Block) => boolean): number {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(blocks[middle]!)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
