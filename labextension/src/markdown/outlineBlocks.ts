import { Tree } from '@lezer/common';

import { codePointLength } from '../text';
import { contentEnd, type Lines, type Part, partOfBlock } from './outlineParts';

/** The blocks of a text that are neither in a list nor in a quote, as columns of a table: one row for each block. */
export interface Blocks {
  readonly length: number;
  /** How many surrogate pairs are before the first one, in the front matter. */
  readonly pairsBefore: number;
  readonly trees: readonly Tree[];
  readonly parts: readonly Part[];
  /** Where each begins, in UTF-16 units, and in which line, from 0. */
  readonly froms: readonly number[];
  readonly lines: readonly number[];
  /** How many surrogate pairs are before it. */
  readonly pairs: readonly number[];
  /** Where its last line ends that is not blank. */
  readonly ends: readonly number[];
  /** Which of them have entries or definitions; the others are not looked at again. */
  readonly filled: readonly number[];
}

const NONE: Blocks = {
  length: 0,
  pairsBefore: 0,
  trees: [],
  parts: [],
  froms: [],
  lines: [],
  pairs: [],
  ends: [],
  filled: []
};

/**
 * The blocks of a text, of which `tree` is the tree of what follows the front matter; it begins at `at`. Of the blocks
 * of an earlier text, those are taken that the tree has again at its beginning and at its end.
 */
export function blocksOf(tree: Tree, at: number, text: Lines, earlier: Blocks = NONE): Blocks {
  const blocks = blocksAfter(tree, at, text, earlier);
  const last = blocks.lines.length - 1;
  // Blank lines between two blocks may have become others of the same length.
  const isRight = last < 0 || text.lineAt(blocks.froms[last]).number - 1 === blocks.lines[last];
  return isRight ? blocks : blocksAfter(tree, at, text, NONE);
}

function blocksAfter(tree: Tree, at: number, text: Lines, earlier: Blocks): Blocks {
  const { trees, froms } = flattened(tree, at);
  const pairsBefore = at - codePointLength(text.sliceString(0, at));
  const same = earlier.pairsBefore === pairsBefore ? sameAtStart(trees, froms, text, earlier) : 0;
  const most = Math.min(trees.length, earlier.trees.length) - same;
  const moved = text.length - earlier.length;
  const sameEnd = sameAtEnd(trees, froms, earlier, moved, most);
  const [parts, lines, pairs, ends] = [
    earlier.parts.slice(0, same),
    earlier.lines.slice(0, same),
    earlier.pairs.slice(0, same),
    earlier.ends.slice(0, same)
  ];
  const filled = earlier.filled.filter(index => index < same);
  let before = same > 0 ? pairs[same - 1] + parts[same - 1].pairs : pairsBefore;
  for (let index = same; index < trees.length - sameEnd; index++) {
    const [block, from] = [trees[index], froms[index]];
    const part = partOfBlock(block, from, text);
    parts.push(part);
    lines.push(text.lineAt(from).number - 1);
    pairs.push(before);
    ends.push(contentEnd(text, from + block.length));
    before += part.pairs;
    if (part.entries.length > 0 || part.labels.length > 0) {
      filled.push(index);
    }
  }
  if (sameEnd > 0) {
    const first = earlier.trees.length - sameEnd;
    const down = text.lineAt(froms[trees.length - sameEnd]).number - 1 - earlier.lines[first];
    const more = before - earlier.pairs[first];
    const shift = trees.length - earlier.trees.length;
    for (const index of earlier.filled) {
      if (index >= first) {
        filled.push(index + shift);
      }
    }
    for (let index = first; index < earlier.trees.length; index++) {
      parts.push(earlier.parts[index]);
      lines.push(earlier.lines[index] + down);
      pairs.push(earlier.pairs[index] + more);
      ends.push(earlier.ends[index] + moved);
    }
  }
  return { length: text.length, pairsBefore, trees, parts, froms, lines, pairs, ends, filled };
}

/** The blocks of a tree, which has them in groups, and where they begin. */
function flattened(tree: Tree, at: number): { trees: Tree[]; froms: number[] } {
  const trees: Tree[] = [];
  const froms: number[] = [];
  const add = (group: Tree, from: number) => {
    for (let index = 0; index < group.children.length; index++) {
      const child = group.children[index];
      const start = from + group.positions[index];
      if (!(child instanceof Tree)) {
        continue;
      }
      if (child.type.isAnonymous) {
        add(child, start);
      } else {
        trees.push(child);
        froms.push(start);
      }
    }
  };
  add(tree, at);
  return { trees, froms };
}

function sameAtStart(
  trees: readonly Tree[],
  froms: readonly number[],
  text: Lines,
  earlier: Blocks
): number {
  let count = 0;
  const most = Math.min(trees.length, earlier.trees.length);
  while (
    count < most &&
    trees[count] === earlier.trees[count] &&
    froms[count] === earlier.froms[count]
  ) {
    count++;
  }
  const isMoved =
    count > 0 && text.lineAt(froms[count - 1]).number - 1 !== earlier.lines[count - 1];
  return isMoved ? 0 : count;
}

function sameAtEnd(
  trees: readonly Tree[],
  froms: readonly number[],
  earlier: Blocks,
  moved: number,
  most: number
): number {
  let count = 0;
  for (; count < most; count++) {
    const [index, known] = [trees.length - 1 - count, earlier.trees.length - 1 - count];
    const isSame = trees[index] === earlier.trees[known];
    if (!isSame || froms[index] !== earlier.froms[known] + moved) {
      break;
    }
  }
  return count;
}
