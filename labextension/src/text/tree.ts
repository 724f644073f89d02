/**
 * The tree beneath a `Text`.
 *
 * The text is split into leaves, which hold short strings, below wide branches. All leaves lie at one depth:
 *
 * ```
 *                 Branch: 2,000,000 code points, 31,000 newlines
 *                 /          |                 \
 *             Branch       Branch     ...     Branch
 *            /  |  \      /  |  \             /  |  \
 *        Leaf Leaf Leaf Leaf ...                  ... Leaf
 * ```
 *
 * Nodes are immutable. An edit makes one or two new leaves and the branches above them, and shares all other
 * nodes with the tree before it. Two neighbours are merged if one of them is small and both fit into one node.
 * No leaf begins or ends inside a surrogate pair.
 */
import { codePointLength, isPairAt, unitIndex } from './codePoints';

/** The maximum number of UTF-16 units in a leaf. */
export const LEAF_UNITS = 1024;
/** The maximum number of children of a branch. */
export const BRANCH_WIDTH = 24;

/** The size of the text below a node: its code points (`length`), UTF-16 units and newlines. */
export interface Metrics {
  readonly length: number;
  readonly units: number;
  readonly newlines: number;
}

/** A piece of text. */
export class Leaf implements Metrics {
  readonly length: number;
  readonly units: number;
  readonly newlines: number;

  constructor(readonly text: string) {
    this.length = codePointLength(text);
    this.units = text.length;
    this.newlines = newlinesIn(text, text.length);
  }

  /** Converts a code point offset in this leaf to a UTF-16 index in it. */
  unitsAt(offset: number): number {
    return this.units === this.length ? offset : unitIndex(this.text, offset);
  }
}

/** A node with children, all of the same height. */
export class Branch implements Metrics {
  constructor(
    readonly children: readonly Node[],
    readonly length: number,
    readonly units: number,
    readonly newlines: number
  ) {}

  static of(children: readonly Node[]): Branch {
    let [length, units, newlines] = [0, 0, 0];
    for (const child of children) {
      length += child.length;
      units += child.units;
      newlines += child.newlines;
    }
    return new Branch(children, length, units, newlines);
  }

  /** A copy of this branch in which `child` replaces the child at `index`. */
  with(index: number, child: Node): Branch {
    const old = this.children[index];
    const children = this.children.slice();
    children[index] = child;
    return new Branch(
      children,
      this.length + child.length - old.length,
      this.units + child.units - old.units,
      this.newlines + child.newlines - old.newlines
    );
  }
}

export type Node = Leaf | Branch;

const EMPTY_LEAF = new Leaf('');

/** The tree of `text`. */
export function build(text: string): Node {
  return rootAbove(leavesOf(text));
}

/** The root of a tree over `nodes`, which have the same height. */
export function rootAbove(nodes: readonly Node[]): Node {
  while (nodes.length > 1) {
    nodes = branchesOf(nodes);
  }
  let root = nodes[0] ?? EMPTY_LEAF;
  while (root instanceof Branch && root.children.length === 1) {
    root = root.children[0];
  }
  return root;
}

/**
 * The nodes that replace `node` when `insert` replaces its text from `start` to `end`
 * (`0 <= start <= end <= node.length`). They have the height of `node`; the list is empty if no text is left.
 */
export function replace(node: Node, start: number, end: number, insert: string): readonly Node[] {
  if (node instanceof Leaf) {
    const text = node.text;
    return leavesOf(text.slice(0, node.unitsAt(start)) + insert + text.slice(node.unitsAt(end)));
  }
  const { children } = node;
  const first = childAt(children, start, 'length');
  let last = first;
  let replaced: readonly Node[];
  if (end <= first.begin + first.child.length) {
    replaced = replace(first.child, start - first.begin, end - first.begin, insert);
    if (replaced.length === 1 && !isSmall(replaced[0])) {
      return [node.with(first.index, replaced[0])];
    }
  } else {
    last = childAt(children, end, 'length');
    replaced = [
      ...replace(first.child, start - first.begin, first.child.length, insert),
      ...replace(last.child, 0, end - last.begin, '')
    ];
  }
  const before = Math.max(0, first.index - 1);
  const near = children
    .slice(before, first.index)
    .concat(replaced, children.slice(last.index + 1, last.index + 2));
  return branchesOf(children.slice(0, before).concat(merged(near), children.slice(last.index + 2)));
}

/** The child that contains a position; the left one if the position lies between two. */
export interface Place {
  readonly child: Node;
  readonly index: number;
  /** The position at which the child begins, in the same measure. */
  readonly begin: number;
}

/** Finds the child at `position`, which counts in `measure`. */
export function childAt(
  children: readonly Node[],
  position: number,
  measure: keyof Metrics
): Place {
  let begin = 0;
  for (let index = 0; index < children.length; index++) {
    const child = children[index];
    if (position <= begin + child[measure]) {
      return { child, index, begin };
    }
    begin += child[measure];
  }
  throw new RangeError(`${position} lies behind the last child's end, ${begin}.`);
}

/** The number of newlines in the first `units` UTF-16 units of `text`. */
export function newlinesIn(text: string, units: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < units; at = text.indexOf('\n', at + 1)) {
    count++;
  }
  return count;
}

function leavesOf(text: string): readonly Leaf[] {
  if (text.length <= LEAF_UNITS) {
    return text ? [new Leaf(text)] : [];
  }
  const count = Math.ceil(text.length / (LEAF_UNITS * 0.75));
  const leaves: Leaf[] = [];
  let start = 0;
  for (let index = 1; index <= count; index++) {
    const cut = Math.floor((text.length * index) / count);
    const end = isPairAt(text, cut - 1) ? cut + 1 : cut;
    leaves.push(new Leaf(text.slice(start, end)));
    start = end;
  }
  return leaves;
}

function branchesOf(children: readonly Node[]): readonly Branch[] {
  const width = children.length;
  if (width <= BRANCH_WIDTH) {
    return width ? [Branch.of(children)] : [];
  }
  const count = Math.ceil(width / (BRANCH_WIDTH * 0.75));
  const cut = (index: number) => Math.floor((width * index) / count);
  return Array.from({ length: count }, (_, index) =>
    Branch.of(children.slice(cut(index), cut(index + 1)))
  );
}

function isSmall(node: Node): boolean {
  return node instanceof Leaf
    ? node.units < LEAF_UNITS / 4
    : node.children.length < BRANCH_WIDTH / 4;
}

function merged(nodes: readonly Node[]): Node[] {
  const result: Node[] = [];
  for (const node of nodes) {
    const last = result[result.length - 1];
    const joined = last && joinedSmall(last, node);
    if (joined) {
      result[result.length - 1] = joined;
    } else {
      result.push(node);
    }
  }
  return result;
}

/** The two nodes merged, if one of them is small and both fit into one node. */
function joinedSmall(left: Node, right: Node): Node | undefined {
  if (!isSmall(left) && !isSmall(right)) {
    return undefined;
  }
  if (left instanceof Leaf && right instanceof Leaf) {
    return left.units + right.units <= LEAF_UNITS ? new Leaf(left.text + right.text) : undefined;
  }
  if (left instanceof Branch && right instanceof Branch) {
    const children = [...left.children, ...right.children];
    return children.length <= BRANCH_WIDTH ? Branch.of(children) : undefined;
  }
  throw new TypeError('Only nodes of one height stand side by side.');
}
