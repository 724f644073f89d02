import type { Input, Tree } from '@lezer/common';

import type { Lines } from './lines';
import type { Inside } from './parsePlace';

/**
 * A part of a text, from the line with which a block begins to the line with which another one does. Lists, quotes,
 * tables and long paragraphs that are in no other block may go on in the next chunk.
 *
 * A chunk knows nothing of what is before it, so that it stays the same, with all that was made of it, when the text
 * elsewhere changes.
 */
export interface Chunk {
  /** In UTF-16 units, with the blank lines behind its last block. */
  readonly length: number;
  /** What its first block goes on with. */
  readonly inside: Inside | null;
  /** What the first block of the next chunk goes on with. */
  readonly next: Inside | null;
  /** How many UTF-16 units behind its end it depends on. */
  readonly ahead: number;
  /** The tree of its blocks, which `blockParser` made. */
  readonly tree: Tree;
}

/** A text, and the chunks of what follows its front matter. */
export interface ParsedText<Doc extends Lines = Lines> {
  readonly doc: Doc;
  readonly bodyFrom: number;
  readonly chunks: readonly Chunk[];
  /** Where each chunk begins. */
  readonly starts: readonly number[];
  /** The same object for all versions of one text. */
  readonly origin: object;
}

/** UTF-16 units that are taken from a text at a time. */
const PORTION = 4_000;

/** A text as the parser reads it: line by line, from a place on. */
export class LineInput implements Input {
  readonly lineChunks = true;
  private portion = '';
  private at = 0;

  constructor(private readonly lines: Lines) {}

  get length(): number {
    return this.lines.length;
  }

  chunk(from: number): string {
    let to = this.lineEnd(from);
    for (let size = PORTION; to < 0; size *= 2) {
      this.at = from;
      this.portion = this.read(from, Math.min(from + size, this.length));
      to = this.lineEnd(from);
    }
    return this.portion.slice(from - this.at, to - this.at) || '\n';
  }

  read(from: number, to: number): string {
    return this.lines.sliceString(from, to);
  }

  /** Where the line from `from` on ends; -1 if the portion does not tell. */
  private lineEnd(from: number): number {
    const { at, portion } = this;
    const end = from < at ? -1 : portion.indexOf('\n', from - at);
    if (end >= 0) {
      return at + end;
    }
    return from >= at && at + portion.length === this.length ? this.length : -1;
  }
}
