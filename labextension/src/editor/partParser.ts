import { type EditorState } from '@codemirror/state';
import { ParseContext } from '@codemirror/language';
import { type Input, NodeType, Parser, type PartialParse, Tree, TreeFragment } from '@lezer/common';

import { MaskedInput } from './maskedInput';
import type { Part } from './part';

/** Parses a text from its beginning. `content` parses it from the start of any block behind the front matter. */
export interface Parsers {
  readonly whole: Parser;
  readonly content: Parser;
}

/** The node above the tree of the part; what is outside of the part has no nodes. */
const TOP = NodeType.define({ id: 0, name: 'Spec', top: true });

/**
 * Parses a part of the text, which `partIn` tells, and nothing else.
 *
 * A change outside of the part costs the same in a text of any length: the part's tree is taken as it is. For a
 * change inside of it, the trees of unchanged blocks are taken.
 *
 * Law (`partParser.test.ts`, "gives the tree of a parse of the part alone"): after any changes the tree is that of a
 * new parse of the part.
 */
export class PartParser extends Parser {
  constructor(
    private readonly parsers: Parsers,
    private readonly partIn: (state: EditorState) => Part
  ) {
    super();
  }

  override createParse(input: Input, fragments: readonly TreeFragment[]): PartialParse {
    const state = ParseContext.get()?.state;
    const part = state ? this.partIn(state) : { from: 0, to: input.length };
    const parser = part.from === 0 ? this.parsers.whole : this.parsers.content;
    const kept = state && keptTree(fragments, part);
    if (kept) {
      return new Kept(kept, part, input.length);
    }
    const masked = state ? new MaskedInput(state.doc, part) : null;
    const parse = parser.startParse(
      masked ?? input,
      fragments.flatMap(fragment => inner(fragment, masked)),
      [part]
    );
    return new PartParse(parse, part, input.length);
  }
}

/** The tree of the part, and where it begins, in a tree that a `PartParser` made. */
function childOf(tree: Tree): { readonly tree: Tree; readonly from: number } | null {
  const [child] = tree.children;
  return tree.type === TOP && child instanceof Tree
    ? { tree: child, from: tree.positions[0] }
    : null;
}

/** The part's tree, if no change since the last parse touched the part. */
function keptTree(fragments: readonly TreeFragment[], part: Part): Tree | null {
  for (const { from, to, tree, offset } of fragments) {
    const child = childOf(tree);
    const isWhole = child?.from === part.from + offset && child.tree.length === part.to - part.from;
    if (child && isWhole && from <= part.from && to >= part.to) {
      return child.tree;
    }
  }
  return null;
}

/** The fragment as one of the part's tree. It doesn't end in an overlong line, since a parser would look for the line's start. */
function inner(fragment: TreeFragment, input: MaskedInput | null): TreeFragment[] {
  const { from, tree, offset, openStart, openEnd } = fragment;
  const child = childOf(tree);
  if (!child) {
    return [];
  }
  const end = Math.min(fragment.to, child.from + child.tree.length - offset);
  const to = input?.before(end) ?? end;
  const isCut = to < fragment.to;
  return from < to
    ? [new TreeFragment(from, to, child.tree, offset - child.from, openStart, openEnd || isCut)]
    : [];
}

/** The tree of a text that is parsed up to `length`. */
function above(tree: Tree, part: Part, length: number): Tree {
  return new Tree(TOP, [tree], [part.from], length);
}

/** Gives a tree that is there already. */
class Kept implements PartialParse {
  stoppedAt: number | null = null;

  constructor(
    private readonly tree: Tree,
    private readonly part: Part,
    private readonly length: number
  ) {}

  get parsedPos(): number {
    return this.stoppedAt ?? this.length;
  }

  advance(): Tree {
    return above(this.tree, this.part, this.length);
  }

  stopAt(): void {
    // There is nothing left to do.
  }
}

class PartParse implements PartialParse {
  stoppedAt: number | null = null;

  constructor(
    private readonly parse: PartialParse,
    private readonly part: Part,
    private readonly length: number
  ) {}

  get parsedPos(): number {
    const { parsedPos } = this.parse;
    return parsedPos >= this.part.to ? this.length : parsedPos;
  }

  advance(): Tree | null {
    const tree = this.parse.advance();
    return tree && above(tree, this.part, this.stoppedAt ?? this.length);
  }

  /** A stop before the part is none, since it would leave nothing to parse; one behind it neither. */
  stopAt(position: number): void {
    if (position > this.part.from && position < this.part.to) {
      this.stoppedAt = position;
      this.parse.stopAt(position);
    }
  }
}
