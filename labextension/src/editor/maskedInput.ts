import { DocInput } from '@codemirror/language';
import type { Text as EditorText } from '@codemirror/state';

import type { Part } from './part';

/** UTF-16 units; a longer line is not parsed, and has no colours. */
export const LONGEST_LINE = 5_000;

/**
 * A document in which a parser sees overlong lines as spaces.
 *
 * The Markdown parser looks for an e-mail address at each letter, up to the next character that can't be in one: for
 * a line of 50,000 digits it takes seconds, for one of 200,000 minutes.
 */
export class MaskedInput extends DocInput {
  private readonly masked: readonly Part[];

  /** Masks the overlong lines of `part`. */
  constructor(text: EditorText, part: Part) {
    super(text);
    this.masked = overlongLines(text, part);
  }

  override chunk(position: number): string {
    return this.mask(super.chunk(position), position);
  }

  override read(from: number, to: number): string {
    return this.mask(super.read(from, to), from);
  }

  /** `position`, or the start of the overlong line that it is in. */
  before(position: number): number {
    return this.masked.find(({ from, to }) => from < position && position <= to)?.from ?? position;
  }

  private mask(content: string, position: number): string {
    const end = position + content.length;
    let result = content;
    for (const { from, to } of this.masked) {
      if (from < end && position < to) {
        const [start, stop] = [Math.max(from, position), Math.min(to, end)];
        result =
          result.slice(0, start - position) +
          ' '.repeat(stop - start) +
          result.slice(stop - position);
      }
    }
    return result;
  }
}

function overlongLines(text: EditorText, part: Part): Part[] {
  const lines: Part[] = [];
  const first = text.lineAt(part.from);
  let { from } = first;
  for (const line of text.iterLines(first.number, text.lineAt(part.to).number + 1)) {
    if (line.length > LONGEST_LINE) {
      lines.push({ from, to: from + line.length });
    }
    from += line.length + 1;
  }
  return lines;
}
