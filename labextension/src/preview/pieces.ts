import { Tree } from '@lezer/common';

import type { Chunk } from '../markdown/parsedText';
import { isCostly } from './cost';
import {
  type Footnote,
  footnotesOf,
  labelsIn,
  type LinkDefinition,
  normalLabel,
  notesIn
} from './definitions';
import { LONGEST_GROUP } from './grouping';
import { isLong } from './splitting';

/** A block of the syntax tree, from the start of its first line. Positions are UTF-16 units. */
export interface Piece {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly facts: Facts;
  /** What it consists of: one tree in each chunk. */
  readonly fragments: readonly Fragment[];
}

/** A tree, and where it begins. */
export interface Fragment {
  readonly tree: Tree;
  readonly at: number;
}

/** What is known of a block from its text alone. */
export interface Facts {
  /** Empty if it is long: then it is shown in parts. */
  readonly text: string;
  readonly labels: readonly string[];
  readonly notes: readonly string[];
  readonly footnotes: readonly Footnote[] | null;
  readonly definitions: readonly LinkDefinition[];
  /** Where the task boxes begin, from its beginning. */
  readonly tasks: readonly number[];
  /** How many more HTML elements it opens than it closes. */
  readonly opens: number;
  /** Whether a formula begins in it and doesn't end. */
  readonly opensMath: boolean;
  /** Whether it takes long to render it. */
  readonly isCostly: boolean;
}

/** The blocks of a chunk. Positions are from its beginning. */
export interface ChunkPieces {
  readonly chunk: Chunk;
  readonly pieces: readonly Piece[];
  /** Up to where a block may belong to one that begins something in this chunk; 0 if there is none. */
  readonly reach: number;
  /** What it tells all of the text. */
  readonly definitions: readonly LinkDefinition[];
  readonly notes: readonly string[];
  readonly footnotes: readonly string[];
}

/** Nodes without a text that is rendered. */
const SILENT = new Set(['CommentBlock', 'ProcessingInstructionBlock']);

/** Reads the blocks of a chunk, which has this text. */
export function piecesOf(chunk: Chunk, text: string): ChunkPieces {
  const pieces: Piece[] = [];
  const add = (tree: Tree, at: number): void => {
    tree.children.forEach((child, index) => {
      const start = at + tree.positions[index]!;
      if (child instanceof Tree) {
        if (child.type.isAnonymous) {
          add(child, start);
        } else if (!SILENT.has(child.type.name)) {
          pieces.push(pieceOf(child, start, text));
        }
      }
    });
  };
  add(chunk.tree, 0);
  const facts = pieces.map(piece => piece.facts);
  return {
    chunk,
    pieces,
    reach: pieces.reduce((reach, piece) => (begins(piece) ? piece.from + LONGEST_GROUP : reach), 0),
    definitions: facts.flatMap(({ definitions }) => definitions),
    notes: facts.flatMap(({ notes }) => notes),
    // What goes on with a paragraph of the chunk before begins no footnote.
    footnotes: facts.flatMap(({ footnotes }, index) =>
      index === 0 && chunk.inside ? [] : (footnotes?.map(({ name }) => name) ?? [])
    )
  };
}

/** Whether a group of blocks may begin with this one. */
function begins({ name, facts }: Piece): boolean {
  return (
    facts.opens > 0 || facts.opensMath || (name === 'LinkReference' && facts.footnotes !== null)
  );
}

function pieceOf(tree: Tree, at: number, text: string): Piece {
  const { name } = tree.type;
  const from = text.lastIndexOf('\n', at - 1) + 1;
  // A quote that goes on in the next chunk has the mark of its first line, too.
  const to = Math.min(at + tree.length, text.length);
  const tasks: number[] = [];
  const definitions: LinkDefinition[] = [];
  if (!isCode(name) && text.slice(from, to).includes('[')) {
    tree.iterate({
      enter: node => {
        if (node.name === 'TaskMarker') {
          tasks.push(at + node.from - from);
        } else if (node.name === 'LinkReference') {
          definitions.push(...definitionIn(text.slice(at + node.from, at + node.to)));
        }
      }
    });
  }
  const facts = factsOf(name, text.slice(from, to), tasks, definitions);
  return { name, from, to, facts, fragments: [{ tree, at }] };
}

/** The same piece, `by` units further. */
export function moved(piece: Piece, by: number): Piece {
  const { from, to, fragments } = piece;
  return by === 0
    ? piece
    : {
        ...piece,
        from: from + by,
        to: to + by,
        fragments: fragments.map(({ tree, at }) => ({ tree, at: at + by }))
      };
}

/** The piece that consists of these, each of which goes on with the one before. `text` is a part of the text. */
export function merged(
  pieces: readonly Piece[],
  text: (from: number, to: number) => string
): Piece {
  const [{ name, from }] = pieces as [Piece];
  const { to } = pieces.at(-1)!;
  const tasks = pieces.flatMap(piece => piece.facts.tasks.map(task => piece.from - from + task));
  const definitions = pieces.flatMap(({ facts }) => facts.definitions);
  const facts = isLong(name, to - from)
    ? { ...LONG_FACTS, tasks, definitions, notes: pieces.flatMap(({ facts }) => facts.notes) }
    : factsOf(name, text(from, to), tasks, definitions);
  return { name, from, to, facts, fragments: pieces.flatMap(({ fragments }) => fragments) };
}

const NONE: readonly never[] = [];

const LONG_FACTS: Facts = {
  text: '',
  labels: NONE,
  notes: NONE,
  footnotes: null,
  definitions: NONE,
  tasks: NONE,
  opens: 0,
  opensMath: false,
  isCostly: false
};

function factsOf(
  name: string,
  text: string,
  tasks: readonly number[],
  definitions: readonly LinkDefinition[]
): Facts {
  if (isLong(name, text.length)) {
    return { ...LONG_FACTS, tasks, definitions, notes: isCode(name) ? [] : notesIn(text) };
  }
  const hasBracket = text.includes('[');
  const mayRefer = hasBracket && !isCode(name) && name !== 'HTMLBlock';
  const mayDefine = hasBracket && (name === 'Paragraph' || name === 'LinkReference');
  const hasMath = !isCode(name) && (text.includes('$$') || text.includes('\\begin'));
  return {
    text,
    labels: mayRefer ? labelsIn(text) : NONE,
    notes: mayRefer ? notesIn(text) : NONE,
    footnotes: mayDefine ? footnotesOf(text) : null,
    definitions,
    tasks,
    opens: name === 'HTMLBlock' ? openedBy(text) : 0,
    opensMath: hasMath && opensMath(text),
    isCostly: isCostly(text, isCode(name))
  };
}

function isCode(name: string): boolean {
  return name === 'FencedCode' || name === 'CodeBlock';
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
