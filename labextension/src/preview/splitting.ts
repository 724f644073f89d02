import type { Text as EditorText } from '@codemirror/state';
import type { Tree } from '@lezer/common';

/** A part of a long block, as a text of its own. Positions are UTF-16 units. */
export interface Part {
  readonly from: number;
  readonly to: number;
  readonly source: string;
  readonly form: 'markdown' | 'plain';
  /** Whether the part before belongs to the same block. */
  readonly isContinued: boolean;
}

/** A list or table that is longer is rendered in parts. */
const LONG = 6_000;
/** Other blocks that are longer are shown as they were written: in one turn they would take too long. */
const LONGEST = 12_000;
const LONGEST_CODE = 40_000;
/** The length of the parts of a text that is shown as it was written. */
const PLAIN = 16_000;
/** How many rows or items a part has about; a hash of the text decides, so that an edit changes one part. */
const ABOUT = 16;

/** The parts of a block that is too long to be rendered in one turn; `null` for others. */
export function partsOf(tree: Tree, from: number, to: number, doc: EditorText): Part[] | null {
  const { name } = tree.type;
  const length = to - from;
  const start = to - tree.length;
  if (length <= LONG) {
    return null;
  }
  if (name === 'BulletList' || name === 'OrderedList') {
    return listParts(tree, start, doc);
  }
  if (name === 'Table') {
    return tableParts(tree, start, doc);
  }
  const isCode = name === 'FencedCode' || name === 'CodeBlock';
  return length > (isCode ? LONGEST_CODE : LONGEST) ? plainParts(from, to, doc) : null;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function listParts(tree: Tree, start: number, doc: EditorText): Part[] {
  const items = rangesOf(tree, start, 'ListItem', doc);
  const number = tree.type.name === 'OrderedList' ? firstNumber(doc, items[0]) : null;
  let index = 0;
  return runs(items, doc).flatMap((run, part) => {
    const [from, to] = [run[0]!.from, run.at(-1)!.to];
    const text = doc.sliceString(from, to);
    const source = number === null ? text : text.replace(/\d+/, String(number + index));
    index += run.length;
    return run.some(item => item.to - item.from > LONGEST)
      ? plainParts(from, to, doc, part > 0)
      : [{ from, to, source, form: 'markdown' as const, isContinued: part > 0 }];
  });
}

function firstNumber(doc: EditorText, item: Range | undefined): number | null {
  const digits = item && /^\s*(\d{1,9})/.exec(doc.sliceString(item.from, item.from + 16));
  return digits ? Number(digits[1]) : null;
}

function tableParts(tree: Tree, start: number, doc: EditorText): Part[] {
  const rows = rangesOf(tree, start, 'TableRow', doc);
  const head = doc.sliceString(doc.lineAt(start).from, rows[0]?.from ?? start);
  if (!rows.length || head.length > LONGEST) {
    return plainParts(start, start + tree.length, doc);
  }
  return runs(rows, doc).flatMap((run, part) => {
    const [from, to] = [part > 0 ? run[0]!.from : doc.lineAt(start).from, run.at(-1)!.to];
    const source = part > 0 ? head + doc.sliceString(from, to) : doc.sliceString(from, to);
    return source.length > LONGEST + head.length
      ? plainParts(from, to, doc, part > 0)
      : [{ from, to, source, form: 'markdown' as const, isContinued: part > 0 }];
  });
}

/** The children with this name, from the start of their lines. */
function rangesOf(tree: Tree, start: number, name: string, doc: EditorText): Range[] {
  return tree.topNode
    .getChildren(name)
    .map(({ from, to }) => ({ from: doc.lineAt(start + from).from, to: start + to }));
}

/**
 * Rows or items in runs. Where a run ends depends on the text of its last one alone, as far as its length allows.
 */
function runs(ranges: readonly Range[], doc: EditorText): Range[][] {
  const found: Range[][] = [];
  let run: Range[] = [];
  for (const range of ranges) {
    run.push(range);
    const length = range.to - run[0]!.from;
    if (length >= LONG || hashOf(doc.sliceString(range.from, range.to)) % ABOUT === 0) {
      found.push(run);
      run = [];
    }
  }
  return run.length ? [...found, run] : found;
}

function hashOf(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) {
    hash = (hash * 31 + text.charCodeAt(index)) >>> 0;
  }
  return hash;
}

/** A text as it was written, in parts that end with a line where there is one. */
function plainParts(from: number, to: number, doc: EditorText, isContinued = false): Part[] {
  const parts: Part[] = [];
  for (let start = from; start < to;) {
    const limit = Math.min(to, start + PLAIN);
    const line = limit < to ? doc.lineAt(limit).from : to;
    const end = line > start ? line : limit;
    parts.push({
      from: start,
      to: end,
      source: doc.sliceString(start, end),
      form: 'plain',
      isContinued: isContinued || start > from
    });
    start = end;
  }
  return parts;
}
