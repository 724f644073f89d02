import {
  type BlockContext,
  type Element,
  type LeafBlock,
  type LeafBlockParser,
  type Line,
  type MarkdownParser,
  parser,
  Table,
  TaskList
} from '@lezer/markdown';

import { htmlBlockAt } from './htmlSyntax';
import { begunInside, endsBefore, type Inside } from './parsePlace';
import { LONGEST_DEFINITION, longParagraph, paragraphLines } from './paragraph';
import { beginsTable, isInside, isTable, table, tableRows } from './table';

/** How many lists and quotes may be inside each other; deeper ones are text. */
export const DEEPEST = 100;

/** What the parser has and its types leave out. */
interface Container {
  readonly children: readonly unknown[];
  /** The column at which the text of an item begins, from that of what it is in. */
  readonly value: number;
  blankFirstLine: boolean;
}
type BlockRule = (context: BlockContext, line: Line) => boolean | null;
type Continuation = (block: Container, context: BlockContext, line: Line) => boolean;
interface Internals {
  readonly blockNames: readonly string[];
  readonly blockParsers: readonly (BlockRule | undefined)[];
  readonly leafBlockParsers: readonly (
    ((context: BlockContext, leaf: LeafBlock) => LeafBlockParser | null) | undefined
  )[];
  readonly endLeafBlock: ((context: BlockContext, line: Line, leaf: LeafBlock) => boolean)[];
  readonly skipContextMarkup: Readonly<Record<number, Continuation>>;
}

const { blockNames, blockParsers, leafBlockParsers } = parser as unknown as Internals;

/**
 * The blocks of a text: lists, headings, tables and so on. Their text is not read, which would take most of the time;
 * that of a few is, by `visibleText.ts`.
 *
 * It is Lezer's parser, with GitHub's tables and task lists. The rules below take the place of those of its own that
 * differ from CommonMark.
 *
 * Law (`outline.test.ts`, "the server's parser finds the same"): both find the same outline.
 */
export const blockParser: MarkdownParser = withoutText(
  parser.configure([
    TaskList,
    { defineNodes: Table.defineNodes ?? [] },
    {
      parseBlock: [
        { name: 'Place', parse: place, before: 'LinkReference' },
        { name: 'LinkReference', leaf: definition },
        { name: 'IndentedCode', parse: indentedCode },
        { name: 'BulletList', parse: bulletList },
        { name: 'OrderedList', parse: orderedList },
        { name: 'Blockquote', parse: blockquote },
        { name: 'HTMLBlock', parse: html },
        { name: 'Table', leaf: table, before: 'SetextHeading' },
        { name: 'LongParagraph', leaf: longParagraph, after: 'SetextHeading' }
      ]
    }
  ])
);

const { endLeafBlock } = blockParser as unknown as Internals;

/** Parses no text of blocks, and replaces what the configuration can only add to. */
function withoutText(configured: MarkdownParser): MarkdownParser {
  const { endLeafBlock, skipContextMarkup } = configured as unknown as Internals;
  const [atx, fence, quote, , , rule] = endLeafBlock;
  const item = configured.nodeSet.types.findIndex(({ name }) => name === 'ListItem');
  return Object.assign(configured, {
    parseInline: () => [],
    endLeafBlock: [atx, fence, quote, rule, beginsList, beginsHtml, beginsTable],
    skipContextMarkup: { ...skipContextMarkup, [item]: goesOnWithItem }
  });
}

const BULLET = /[-+*](?=[ \t]|$)/y;
const NUMBER = /(\d{1,9})[.)](?=[ \t]|$)/y;

function marker(expression: RegExp, line: Line): RegExpExecArray | null {
  expression.lastIndex = line.pos;
  return expression.exec(line.text);
}

/** A list that begins right below the text of a paragraph begins with text and, if it has numbers, with 1. */
function beginsList(context: BlockContext, line: Line, leaf: LeafBlock): boolean {
  const found = marker(BULLET, line) ?? marker(NUMBER, line);
  if (!found || (context.depth > DEEPEST && isInside(context, line))) {
    return false;
  }
  if (!isInside(context, line) || isTable(leaf)) {
    return true;
  }
  const isFirst = found[1] === undefined || Number(found[1]) === 1;
  return isFirst && line.skipSpace(line.pos + found[0].length) < line.text.length;
}

function bulletList(context: BlockContext, line: Line): boolean | null {
  const found = marker(BULLET, line);
  return found ? list('BulletList', found[0], context, line) : false;
}

function orderedList(context: BlockContext, line: Line): boolean | null {
  const found = marker(NUMBER, line);
  return found ? list('OrderedList', found[0], context, line) : false;
}

function list(type: string, mark: string, context: BlockContext, line: Line): boolean | null {
  const isFirst = context.parentType().name !== type;
  if (isFirst && context.depth > DEEPEST) {
    return false;
  }
  const style = mark.charCodeAt(mark.length - 1);
  if (isFirst) {
    context.startComposite(type, line.basePos, style);
  }
  const after = line.pos + mark.length;
  const text = line.skipSpace(after);
  const indent = line.countIndent(after, line.pos, line.indent);
  const textIndent = line.countIndent(text, after, indent);
  const isBlank = text === line.text.length;
  const base = isBlank || textIndent >= indent + 5 ? indent + 1 : textIndent;
  const from = context.lineStart + line.pos;
  context.startComposite('ListItem', line.basePos, base - line.baseIndent);
  context.addElement(context.elt('ListMark', from, from + mark.length));
  line.moveBaseColumn(base);
  (context as unknown as { readonly block: Container }).block.blankFirstLine = isBlank;
  return null;
}

/** An item without text ends at a blank line that follows its first line. */
function goesOnWithItem(block: Container, _context: BlockContext, line: Line): boolean {
  const isBlank = line.next < 0;
  if (isBlank ? block.blankFirstLine : line.indent < line.baseIndent + block.value) {
    return false;
  }
  block.blankFirstLine = false;
  line.moveBaseColumn(line.baseIndent + block.value);
  return true;
}

const lezerCode = blockParsers[blockNames.indexOf('IndentedCode')];

/** White space behind the mark of an item is no code. */
function indentedCode(context: BlockContext, line: Line): boolean | null {
  return line.pos < line.text.length && (lezerCode?.(context, line) ?? false);
}

function blockquote(context: BlockContext, line: Line): boolean | null {
  if (line.next !== 62 /* > */ || context.depth > DEEPEST) {
    return false;
  }
  const from = context.lineStart + line.pos;
  context.startComposite('Blockquote', line.pos);
  context.addElement(context.elt('QuoteMark', from, from + 1));
  line.moveBase(line.pos + (/[ \t]/.test(line.text[line.pos + 1] ?? '') ? 2 : 1));
  return null;
}

function beginsHtml(_context: BlockContext, line: Line): boolean {
  return htmlBlockAt(line.text.slice(line.pos))?.endsParagraph ?? false;
}

function html(context: BlockContext, line: Line): boolean {
  const found = htmlBlockAt(line.text.slice(line.pos));
  if (!found) {
    return false;
  }
  const from = context.lineStart + line.pos;
  const marks: Element[] = [];
  const { end } = found;
  let isOpen = !end?.test(line.text.slice(line.pos));
  while (context.nextLine() && isOpen && isInside(context, line)) {
    const text = line.text.slice(line.pos);
    if (!end && !text) {
      break;
    }
    marks.push(...line.markers);
    isOpen = !end?.test(text);
  }
  context.addElement(context.elt(found.kind, from, context.prevLineEnd(), marks));
  return true;
}

const lezerDefinition = leafBlockParsers[blockNames.indexOf('LinkReference')];

/** Lezer's own reads its text from the beginning with each line. */
function definition(context: BlockContext, leaf: LeafBlock): LeafBlockParser | null {
  const inner = lezerDefinition?.(context, leaf);
  return inner
    ? {
        nextLine: (cx, line, block) =>
          block.content.length < LONGEST_DEFINITION && inner.nextLine(cx, line, block),
        finish: (cx, block) => block.content.length < LONGEST_DEFINITION && inner.finish(cx, block)
      }
    : null;
}

const INSIDE: Readonly<Record<string, Inside>> = {
  BulletList: { kind: 'list' },
  OrderedList: { kind: 'list' },
  Blockquote: { kind: 'quote' }
};

/** Is no block, but is asked before each of those at which a parse may begin or end. */
function place(context: BlockContext, line: Line): boolean {
  if (context.depth > 2) {
    return false;
  }
  if (context.depth === 2) {
    const inside = INSIDE[context.parentType().name];
    return inside !== undefined && endsBefore(context, inside);
  }
  const begun = begunInside(context);
  switch (begun?.kind) {
    case 'table':
      return tableRows(context, line, begun, endLeafBlock);
    case 'paragraph':
      return paragraphLines(context, line, endLeafBlock);
    default:
      return endsBefore(context, null);
  }
}
