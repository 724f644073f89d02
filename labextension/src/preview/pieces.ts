import type { Text as EditorText } from '@codemirror/state';
import { Tree } from '@lezer/common';

import { isCostly } from './cost';
import {
  type Footnote,
  footnotesOf,
  labelsIn,
  type LinkDefinition,
  normalLabel,
  notesIn
} from './definitions';

/** A block of the syntax tree, from the start of its first line. Positions are UTF-16 units. */
export interface Piece {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly facts: Facts;
}

/** What is known of a block from its text alone. */
export interface Facts {
  readonly text: string;
  /** By how much the piece begins before its node: the indentation. */
  readonly indent: number;
  readonly labels: readonly string[];
  readonly notes: readonly string[];
  readonly footnotes: readonly Footnote[] | null;
  readonly definitions: readonly LinkDefinition[];
  /** Where the task boxes begin in `text`. */
  readonly tasks: readonly number[];
  /** How many more HTML elements it opens than it closes. */
  readonly opens: number;
  /** Whether a formula begins in it and doesn't end. */
  readonly opensMath: boolean;
  /** Whether it takes long to render it. */
  readonly isCostly: boolean;
}

/** A node and where it begins. */
export interface Node {
  readonly tree: Tree;
  readonly from: number;
}

/** Nodes without a text that is rendered. */
const SILENT = new Set(['CommentBlock', 'ProcessingInstructionBlock', 'FrontMatter']);
/** Nodes above the blocks of a text. */
const ABOVE = new Set(['Spec', 'Document']);

/** The blocks of a syntax tree in order; nodes that only hold others are passed over. */
export function* blocksOf(tree: Tree, from = 0): Generator<Node> {
  for (const [index, child] of tree.children.entries()) {
    const start = from + tree.positions[index]!;
    if (child instanceof Tree) {
      if (child.type.isAnonymous || ABOVE.has(child.type.name)) {
        yield* blocksOf(child, start);
      } else {
        yield { tree: child, from: start };
      }
    }
  }
}

/**
 * Reads the blocks of a text. What it has read of an unchanged block it keeps, by the identity of the block's tree.
 */
export class Pieces {
  private readonly known = new WeakMap<Tree, Facts>();

  /** The piece of a node in `doc`; `null` where nothing of it is shown. */
  of({ tree, from }: Node, doc: EditorText): Piece | null {
    const { name } = tree.type;
    if (SILENT.has(name)) {
      return null;
    }
    let facts = this.known.get(tree);
    if (!facts) {
      facts = factsOf(tree, from, doc);
      this.known.set(tree, facts);
    }
    return { name, from: from - facts.indent, to: from + tree.length, facts };
  }
}

function factsOf(tree: Tree, from: number, doc: EditorText): Facts {
  const indent = from - doc.lineAt(from).from;
  const start = from - indent;
  const text = doc.sliceString(start, from + tree.length);
  const { name } = tree.type;
  const isCode = name === 'FencedCode' || name === 'CodeBlock';
  const tasks: number[] = [];
  const definitions: LinkDefinition[] = [];
  if (!isCode && text.includes('[')) {
    tree.iterate({
      enter: node => {
        if (node.name === 'TaskMarker') {
          tasks.push(node.from + indent);
        } else if (node.name === 'LinkReference') {
          definitions.push(...definitionIn(text.slice(node.from + indent, node.to + indent)));
        }
      }
    });
  }
  const isMarkdown = !isCode && name !== 'HTMLBlock';
  const hasMath = !isCode && (text.includes('$$') || text.includes('\\begin'));
  return {
    text,
    indent,
    labels: isMarkdown ? labelsIn(text) : [],
    notes: isMarkdown ? notesIn(text) : [],
    footnotes: name === 'Paragraph' || name === 'LinkReference' ? footnotesOf(text) : null,
    definitions,
    tasks,
    opens: name === 'HTMLBlock' ? openedBy(text) : 0,
    opensMath: hasMath && opensMath(text),
    isCostly: isCostly(text, isCode)
  };
}

const DEFINITION = /^ {0,3}\[((?:[^[\]\\]|\\[^])+)\]:\s*/;

function definitionIn(text: string): LinkDefinition[] {
  const [opening, label] = DEFINITION.exec(text) ?? [];
  if (opening === undefined || !label || label.startsWith('^')) {
    return [];
  }
  const line = `[${label}]: ${text.slice(opening.length)}`.replace(/\s*\n[\s>]*/g, ' ');
  return [{ label: normalLabel(label), line }];
}

const CONTAINER =
  /<(\/?)(?:article|aside|blockquote|center|details|div|dl|figure|ol|section|table|ul)(?=[\s>/])[^<>]*>/gi;

/** How many more elements that hold blocks are opened than closed. */
function openedBy(html: string): number {
  let open = 0;
  for (const [, closing] of html.matchAll(CONTAINER)) {
    open += closing ? -1 : 1;
  }
  return open;
}

function opensMath(text: string): boolean {
  const count = (mark: string) => text.split(mark).length - 1;
  return count('$$') % 2 === 1 || count('\\begin{') > count('\\end{');
}
