import type { Text as EditorText } from '@codemirror/state';

/** A part of the text, from the start of a block to the end of a line; in UTF-16 units. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/** The length up to which a text is parsed as a whole. */
export const WHOLE = 40_000;
/** How much is parsed above and below what the view shows. */
const AROUND = 15_000;
/** A view that comes this near to the part's edge gets another part. */
const NEAR = 4_000;
/** How far above a block of code may have begun for the part to begin with it. */
const LONGEST_CODE = 100_000;

/** The part of `doc` to be parsed for a view that shows what is between `from` and `to`. */
export function partAround(doc: EditorText, from: number, to = from): Part {
  if (doc.length <= WHOLE) {
    return { from: 0, to: doc.length };
  }
  return {
    from: blockStart(doc, from - AROUND),
    to: doc.lineAt(Math.min(doc.length, to + AROUND)).to
  };
}

/** Whether `part` no longer does for a view that shows `shown`, so that another part has to be parsed. */
export function isOutgrown(part: Part, doc: EditorText, shown: Part): boolean {
  if (doc.length <= WHOLE) {
    return part.from > 0 || part.to < doc.length;
  }
  const above = part.from === 0 ? Infinity : shown.from - part.from;
  const below = part.to === doc.length ? Infinity : part.to - shown.to;
  const isLarge = part.to - part.from > 4 * AROUND + (shown.to - shown.from);
  return Math.min(above, below) < NEAR || isLarge || doc.lineAt(part.from).from < part.from;
}

/**
 * The start of a block at or before `index`, at most {@link AROUND} before it: of a heading, if there is one, or
 * of a paragraph. If `index` is inside a block of code, the start of that block.
 *
 * It has to read the text from its beginning, since the same line opens a block of code and closes it.
 */
function blockStart(doc: EditorText, index: number): number {
  if (index <= AROUND) {
    return 0;
  }
  const fences = new Fences();
  let [heading, paragraph, isAfterBlank, from] = [0, 0, true, 0];
  for (const line of doc.iterLines()) {
    if (from > index) {
      break;
    }
    if (!fences.take(line, from) && isAfterBlank && line) {
      heading = line.startsWith('#') ? from : heading;
      paragraph = /^\S/.test(line) ? from : paragraph;
    }
    isAfterBlank = line.trim() === '';
    from += line.length + 1;
  }
  const { open } = fences;
  if (open && index - open.from <= LONGEST_CODE) {
    return open.from;
  }
  const nearest = [heading, paragraph].find(start => index - start <= AROUND);
  return nearest ?? doc.lineAt(index).from;
}

/** Whether the line that begins at `index` is in a block of code that began before. */
export function isInCode(doc: EditorText, index: number): boolean {
  const fences = new Fences();
  let from = 0;
  for (const line of doc.iterLines()) {
    if (from >= index) {
      break;
    }
    fences.take(line, from);
    from += line.length + 1;
  }
  return fences.open !== null;
}

/** Tells, from the text's beginning, which block of code a line is in. */
class Fences {
  open: { readonly mark: string; readonly from: number } | null = null;

  /** Takes the next line; whether it is code, or begins or ends a block of code. */
  take(line: string, from: number): boolean {
    const mark = fenceOf(line);
    const { open } = this;
    if (open) {
      this.open = mark && closes(mark, line, open.mark) ? null : open;
    } else if (mark) {
      this.open = { mark, from };
    }
    return open !== null || mark !== null;
  }
}

/** The marks with which `line` opens or closes a block of code; `null` if it doesn't. */
export function fenceOf(line: string): string | null {
  return /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
}

function closes(mark: string, line: string, opening: string): boolean {
  return mark[0] === opening[0] && mark.length >= opening.length && line.trim() === mark;
}
