import type { BlockContext } from '@lezer/markdown';

/**
 * What a place in a text is inside of: a list, between two items; a quote, between two of its blocks; a long paragraph,
 * between two lines; or a table of so many columns, between two rows.
 */
export type Inside =
  | { readonly kind: 'list' | 'quote' | 'paragraph' }
  | { readonly kind: 'table'; readonly columns: number };

/**
 * Where a parse of a part of a text begins, and where it ends.
 *
 * It may do so before a line with which a block begins that is in no other, or with what such a list, quote, paragraph or
 * table consists of: the blocks from there on depend on the text from there on, and on what the place is inside of.
 */
export interface Bounds {
  readonly from: number;
  readonly inside: Inside | null;
  /** Whether to end at a place where that is possible. */
  end(at: number, inside: Inside | null): boolean;
}

interface Known {
  readonly bounds: Bounds;
  isOver: boolean;
  hasFailed: boolean;
}

/** Of parses of parts; the parser has no room for it. */
const known = new WeakMap<BlockContext, Known>();

export function setBounds(context: BlockContext, bounds: Bounds): void {
  known.set(context, { bounds, isOver: false, hasFailed: false });
}

/** Whether the parse has come to its end, though the text goes on. */
export function isOver(context: BlockContext): boolean {
  return known.get(context)?.isOver ?? false;
}

/** The paragraph that the parse began in is none: the line is the underline of a heading. */
export function fail(context: BlockContext): void {
  const parse = known.get(context);
  if (parse) {
    parse.hasFailed = true;
  }
}

export function hasFailed(context: BlockContext): boolean {
  return known.get(context)?.hasFailed ?? false;
}

/** Whether the parse ends before the line that it is at. */
export function endsBefore(context: BlockContext, inside: Inside | null): boolean {
  const parse = known.get(context);
  const at = context.parsedPos;
  if (parse && at > parse.bounds.from && parse.bounds.end(at, inside)) {
    parse.isOver = true;
  }
  return parse?.isOver ?? false;
}

/** What the line is inside of, if the parse began with it. */
export function begunInside(context: BlockContext): Inside | null {
  const bounds = known.get(context)?.bounds;
  return bounds?.from === context.parsedPos ? bounds.inside : null;
}
