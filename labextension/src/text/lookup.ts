/** Lookups in the tree of a `Text`. Offsets count code points; `units` count UTF-16 units. */
import { codePointLength } from './codePoints';
import { Branch, childAt, Leaf, newlinesIn, type Node } from './tree';

/** The leaves from left to right. */
export function* leavesBelow(node: Node): Generator<Leaf> {
  if (node instanceof Leaf) {
    yield node;
  } else {
    for (const child of node.children) {
      yield* leavesBelow(child);
    }
  }
}

/** Appends the text of `node` from `start` to `end` (`0 <= start < end <= node.length`) to `pieces`. */
export function collect(node: Node, start: number, end: number, pieces: string[]): void {
  if (node instanceof Leaf) {
    pieces.push(node.text.slice(node.unitsAt(start), node.unitsAt(end)));
    return;
  }
  for (const child of node.children) {
    if (end <= 0) {
      return;
    }
    if (start < child.length) {
      collect(child, Math.max(0, start), Math.min(end, child.length), pieces);
    }
    start -= child.length;
    end -= child.length;
  }
}

/** The number of newlines in the first `offset` code points. */
export function newlinesBefore(node: Node, offset: number): number {
  let count = 0;
  while (node instanceof Branch) {
    const place = childAt(node.children, offset, 'length');
    for (let index = 0; index < place.index; index++) {
      count += node.children[index].newlines;
    }
    offset -= place.begin;
    node = place.child;
  }
  return count + newlinesIn(node.text, node.unitsAt(offset));
}

/** The offset just after the newline with this `number`, counted from 1. That newline must exist. */
export function behindNewline(node: Node, number: number): number {
  let offset = 0;
  while (node instanceof Branch) {
    const place = childAt(node.children, number, 'newlines');
    offset += lengthBefore(node, place.index);
    number -= place.begin;
    node = place.child;
  }
  let at = -1;
  for (let index = 0; index < number; index++) {
    at = node.text.indexOf('\n', at + 1);
  }
  return offset + leafOffset(node, at + 1);
}

/** The UTF-16 index of a code point offset (`0 <= offset <= node.length`). */
export function unitsOf(node: Node, offset: number): number {
  let units = 0;
  while (node instanceof Branch) {
    const place = childAt(node.children, offset, 'length');
    for (let index = 0; index < place.index; index++) {
      units += node.children[index].units;
    }
    offset -= place.begin;
    node = place.child;
  }
  return units + node.unitsAt(offset);
}

/**
 * The code point offset of a UTF-16 index (`0 <= units <= node.units`). An index inside a surrogate pair gives
 * the offset of the pair.
 */
export function offsetOfUnits(node: Node, units: number): number {
  let offset = 0;
  while (node instanceof Branch) {
    const place = childAt(node.children, units, 'units');
    offset += lengthBefore(node, place.index);
    units -= place.begin;
    node = place.child;
  }
  return offset + leafOffset(node, units);
}

function lengthBefore(branch: Branch, index: number): number {
  let length = 0;
  for (let before = 0; before < index; before++) {
    length += branch.children[before].length;
  }
  return length;
}

function leafOffset(leaf: Leaf, units: number): number {
  if (leaf.units === leaf.length) {
    return units;
  }
  const inPair = (leaf.text.charCodeAt(units) & 0xfc00) === 0xdc00;
  return codePointLength(leaf.text.slice(0, inPair ? units - 1 : units));
}
