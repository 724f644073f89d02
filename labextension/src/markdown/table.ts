import type { BlockContext, Element, LeafBlock, LeafBlockParser, Line } from '@lezer/markdown';

import { endsBefore, type Inside } from './parsePlace';
import { cellsOf, columnsOf } from './tableRow';

/** What the parser has and its types leave out. */
interface Depth {
  /** How many of the containers that are open the line goes on with. */
  readonly depth: number;
}
/** Whether the line stands in all containers of the block before it, so that it would interrupt a paragraph. */
export function isInside(context: BlockContext, line: Line): boolean {
  return (line as unknown as Depth).depth >= context.depth;
}

/** Stands for the rows of a table above the place at which a parse began. */
const ROWS_ABOVE = { parsers: [] } as unknown as LeafBlock;

export function isTable(leaf: LeafBlock): boolean {
  return leaf === ROWS_ABOVE || leaf.parsers[0] instanceof TableParser;
}

/** Whether the line is the header of a table, which the next line tells. */
export function beginsTable(context: BlockContext, line: Line, leaf: LeafBlock): boolean {
  if (isTable(leaf) || !isInside(context, line) || !line.text.includes('|', line.pos)) {
    return false;
  }
  const next = context.peekLine();
  const [text] = /[^> \t].*/.exec(next) ?? [''];
  const indent = line.countIndent.call({ text: next }, next.length - text.length);
  const isNear = indent >= line.baseIndent && indent < line.baseIndent + 4;
  return isNear && isHeader(line.text.slice(line.pos), text);
}

function isHeader(header: string, delimiters: string): boolean {
  const columns = columnsOf(delimiters);
  return columns > 0 && columns === cellsOf(header).length;
}

export function table(_context: BlockContext, leaf: LeafBlock): LeafBlockParser | null {
  return leaf.content.includes('|') ? new TableStart() : null;
}

/** Looks whether the second line makes a table of the block. */
class TableStart implements LeafBlockParser {
  private isSecond = true;

  nextLine(context: BlockContext, line: Line, leaf: LeafBlock): boolean {
    const isNear = isInside(context, line) && line.indent < line.baseIndent + 4;
    if (this.isSecond && isNear && isHeader(leaf.content, line.text.slice(line.pos))) {
      // Nothing else is made of the block's lines from here on, such as a heading.
      leaf.parsers.splice(0, Infinity, new TableParser(context, line, leaf));
    }
    this.isSecond = false;
    return false;
  }

  finish(): boolean {
    return false;
  }
}

const RULE = /^-{3,}[ \t]*$/;

class TableParser implements LeafBlockParser {
  private readonly rows: Element[];
  private readonly columns: number;

  constructor(context: BlockContext, line: Line, { start, content }: LeafBlock) {
    this.columns = cellsOf(content).length;
    this.rows = [
      context.elt('TableHeader', start, start + content.length),
      rowOf('TableDelimiter', context, line)
    ];
  }

  nextLine(context: BlockContext, line: Line, leaf: LeafBlock): boolean {
    if (isRow(context, line) && !this.endsAt(context)) {
      this.rows.push(rowOf('TableRow', context, line));
      return false;
    }
    return this.finish(context, leaf);
  }

  finish(context: BlockContext, leaf: LeafBlock): boolean {
    const { start, content } = leaf;
    context.addLeafElement(leaf, context.elt('Table', start, start + content.length, this.rows));
    return true;
  }

  private endsAt(context: BlockContext): boolean {
    const { columns } = this;
    return context.depth === 1 && endsBefore(context, { kind: 'table', columns });
  }
}

function isRow(context: BlockContext, line: Line): boolean {
  return (
    isInside(context, line) &&
    line.indent < line.baseIndent + 4 &&
    !RULE.test(line.text.slice(line.pos))
  );
}

function rowOf(type: string, context: BlockContext, { pos, text }: Line): Element {
  return context.elt(type, context.lineStart + pos, context.lineStart + text.length);
}

/** Whether a line ends the block before it. */
export type EndsBlock = (context: BlockContext, line: Line, leaf: LeafBlock) => boolean;

/** Rows of a table whose header is above the place at which the parse began. */
export function tableRows(
  context: BlockContext,
  line: Line,
  inside: Inside,
  ends: readonly EndsBlock[]
): true {
  const rows: Element[] = [];
  do {
    rows.push(rowOf('TableRow', context, line));
  } while (
    context.nextLine() &&
    line.pos < line.text.length &&
    isRow(context, line) &&
    !ends.some(each => each(context, line, ROWS_ABOVE)) &&
    !endsBefore(context, inside)
  );
  const [from, to] = [rows[0].from, rows[rows.length - 1].to];
  context.addElement(context.elt('Table', from, to, rows));
  return true;
}
