import type { BlockContext, LeafBlock, LeafBlockParser, Line } from '@lezer/markdown';

import { endsBefore, fail, type Inside } from './parsePlace';
import type { EndsBlock } from './table';

/**
 * A link definition that is not complete after so many characters is none: then a paragraph can only go on, end, or turn
 * out to be the text of a heading.
 */
export const LONGEST_DEFINITION = 5_000;

const PARAGRAPH: Inside = { kind: 'paragraph' };
const UNDERLINE = /^(?:=+|-+)[ \t]*$/;

/** Ends a parse of a part of the text between two lines of a long paragraph. */
export function longParagraph(context: BlockContext): LeafBlockParser | null {
  return context.depth === 1 ? new LongParagraph() : null;
}

class LongParagraph implements LeafBlockParser {
  nextLine(context: BlockContext, _line: Line, { start, content }: LeafBlock): boolean {
    if (content.length < LONGEST_DEFINITION || !endsBefore(context, PARAGRAPH)) {
      return false;
    }
    context.addElement(context.elt('Paragraph', start, start + content.length));
    return true;
  }

  finish(): boolean {
    return false;
  }
}

/** Lines of a paragraph that begins above the place at which the parse began. */
export function paragraphLines(
  context: BlockContext,
  line: Line,
  ends: readonly EndsBlock[]
): true {
  const from = context.lineStart + line.pos;
  let to = from;
  do {
    to = context.lineStart + line.text.length;
  } while (
    context.nextLine() &&
    line.pos < line.text.length &&
    !endsAt(context, line, ends) &&
    !endsBefore(context, PARAGRAPH)
  );
  context.addElement(context.elt('Paragraph', from, to));
  return true;
}

const PLAIN = { parsers: [] } as unknown as LeafBlock;

function endsAt(context: BlockContext, line: Line, ends: readonly EndsBlock[]): boolean {
  if (line.indent >= line.baseIndent + 4) {
    return false;
  }
  if (ends.some(each => each(context, line, PLAIN))) {
    return true;
  }
  if (UNDERLINE.test(line.text.slice(line.pos))) {
    fail(context);
    return true;
  }
  return false;
}
