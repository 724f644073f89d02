import type { Input, Tree } from '@lezer/common';
import type { BlockContext } from '@lezer/markdown';

import { finish, type Steps } from '../text';
import { blockParser } from './commonMark';
import { bodyFrom, HEAD_UNITS } from './frontMatter';
import type { Lines } from './lines';
import { type Chunk, LineInput, type ParsedText } from './parsedText';
import { hasFailed, type Inside, isOver, setBounds } from './parsePlace';

/** A chunk ends with the first block behind so many UTF-16 units, or after so many blocks, items or rows. */
const [SIZE, MOST] = [2_000, 200];

/** Front matter mostly ends within so many UTF-16 units. */
const NEAR = 2_000;

/** A change that takes `fromA`-`toA` to `fromB`-`toB`. */
export interface ChangedRange {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/** Chunks of an earlier version of a text that are in the present one as they were. */
export interface KnownChunks {
  readonly chunks: readonly Chunk[];
  /** Where they begin in the present text. */
  readonly starts: readonly number[];
}

/** What of the chunks is as it was after changes, which ascend. */
export function unchanged(
  { chunks, starts }: KnownChunks,
  changes: readonly ChangedRange[]
): KnownChunks {
  const kept: { chunks: Chunk[]; starts: number[] } = { chunks: [], starts: [] };
  let next = 0;
  let moved = 0;
  chunks.forEach((chunk, index) => {
    const from = starts[index];
    for (; next < changes.length && changes[next].toA < from; next++) {
      moved = changes[next].toB - changes[next].toA;
    }
    if (next === changes.length || changes[next].fromA > from + chunk.length + chunk.ahead) {
      kept.chunks.push(chunk);
      kept.starts.push(from + moved);
    }
  });
  return kept;
}

interface Options {
  readonly known?: KnownChunks;
  /** What the versions of one text have in common. */
  readonly origin?: object;
  readonly size?: number;
}

/**
 * Parses a text, block by block.
 *
 * Of a text that was changed only what is between known chunks is parsed, and as much behind it as it takes to come to
 * the beginning of one: from there on the blocks are the known ones.
 *
 * Law (`textParsing.test.ts`, "has the blocks of a parse of the whole text"): the blocks are those that one parse of the
 * whole text finds, whatever was changed before.
 */
export function* parseInSteps<Doc extends Lines>(
  doc: Doc,
  { known, origin = {}, size = SIZE }: Options = {}
): Steps<ParsedText<Doc>> {
  const from = bodyFrom(doc.sliceString(0, NEAR)) || bodyFrom(doc.sliceString(0, HEAD_UNITS));
  const parsing = new TextParsing(doc, known ?? { chunks: [], starts: [] }, size);
  const chunks: Chunk[] = [];
  const starts: number[] = [];
  for (let at = from; at < doc.length;) {
    const inside = chunks.length > 0 ? chunks[chunks.length - 1].next : null;
    let chunk = parsing.knownAt(at, inside) ?? (yield* parsing.parse(at, inside));
    while (!chunk) {
      // The lines of a paragraph are those of a heading, which is parsed as a whole.
      const before = chunks.pop()!;
      at = starts.pop()!;
      if (before.inside?.kind !== 'paragraph') {
        chunk = yield* parsing.parse(at, before.inside, true);
      }
    }
    chunks.push(chunk);
    starts.push(at);
    at += chunk.length;
  }
  return { doc, bodyFrom: from, chunks, starts, origin };
}

/** A whole text, parsed at once. */
export function parsed<Doc extends Lines>(doc: Doc): ParsedText<Doc> {
  return finish(parseInSteps(doc));
}

class TextParsing {
  private readonly input: Input;
  private next = 0;

  constructor(
    private readonly doc: Lines,
    private readonly known: KnownChunks,
    private readonly size: number
  ) {
    this.input = new LineInput(doc);
  }

  /** The known chunk that begins at `at`. Places are asked for in the order of the text. */
  knownAt(at: number, inside: Inside | null): Chunk | null {
    const { chunks, starts } = this.known;
    while (starts[this.next] < at) {
      this.next++;
    }
    const isThere = starts[this.next] === at && isEqual(chunks[this.next].inside, inside);
    return isThere ? chunks[this.next] : null;
  }

  /** The chunk that begins at `from`; `null` where that is no place at which one can begin. */
  *parse(from: number, inside: Inside | null, isWhole = false): Steps<Chunk | null> {
    const { doc, input, size } = this;
    const ranges = [{ from, to: doc.length }];
    const context = blockParser.startParse(input, [], ranges) as BlockContext;
    let next: Inside | null = null;
    let count = 0;
    // Twice the size before a known one, so that a letter doesn't make two chunks of each.
    const times = this.next < this.known.starts.length ? 2 : 1;
    const end = (at: number, within: Inside | null) => {
      if (isWhole && within?.kind === 'paragraph') {
        return false;
      }
      next = within;
      count++;
      const isFull = at - from >= times * size || count >= times * MOST;
      return isFull || this.knownAt(at, within) !== null;
    };
    setBounds(context, { from, inside, end });
    let tree: Tree | null = context.advance();
    while (!tree) {
      if (hasFailed(context)) {
        return null;
      }
      if (isOver(context)) {
        context.stopAt(context.parsedPos - 1);
      }
      yield;
      tree = context.advance();
    }
    const to = isOver(context) ? context.parsedPos : doc.length;
    return {
      length: to - from,
      inside,
      next: to < doc.length ? next : null,
      ahead: twoLinesFrom(doc, to),
      tree
    };
  }
}

function isEqual(one: Inside | null, other: Inside | null): boolean {
  return (
    one?.kind === other?.kind &&
    (one?.kind !== 'table' || other?.kind !== 'table' || one.columns === other.columns)
  );
}

/** How long the two lines from `position` on are: the parser sees them before it ends a block. */
function twoLinesFrom(doc: Lines, position: number): number {
  const { to } = doc.lineAt(position);
  return (to < doc.length ? doc.lineAt(to + 1).to : to) - position;
}
