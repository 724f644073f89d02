import { Tree } from '@lezer/common';

import { codePointLength } from '../text';
import { countUpTo } from './ascending';
import type { EntryName } from './entryName';
import type { Chunk } from './parsedText';
import { cellsOf } from './tableRow';

/**
 * A heading, a list item or a row of a table. Positions are UTF-16 units from the beginning of the chunk that it is in.
 */
export interface Found {
  readonly kind: 'heading' | 'item' | 'row';
  /** Where its first line begins. */
  readonly from: number;
  /** Where its last line ends that is not blank; of a heading, where its own lines end. */
  readonly to: number;
  /** How many lines of the chunk are before it. */
  readonly line: number;
  /** Where the last line of the chunk ends that is before a heading and not blank; `null` if there is none. */
  readonly before: number | null;
  /** 1 to 6 for a heading, else 0. */
  readonly level: number;
  /** What its visible text is written as; for a row, each cell. */
  readonly sources: readonly string[];
  readonly box: { readonly isDone: boolean; readonly at: number } | null;
  /** What it is called, once that has been read. A weak map of all would cost more than reading does. */
  read: { readonly name: EntryName; readonly reader: object | null } | null;
}

/** What a chunk has for the outline. */
export interface Findings {
  readonly found: readonly Found[];
  /** The labels of link definitions, as written. */
  readonly labels: readonly string[];
  /** Where its last line ends that is not blank; `null` if there is none. */
  readonly end: number | null;
  /** How many lines end in it. */
  readonly lines: number;
  /** Where its surrogate pairs begin. */
  readonly pairs: readonly number[];
}

const CONTAINERS = ['', 'BulletList', 'OrderedList', 'ListItem', 'Blockquote'];
const HEADING = /^(?:ATX|Setext)Heading([1-6])$/;
const LABEL = /^\[((?:[^\\[\]]|\\[^])*)\]/;
const BOX = /^\[([ xX])\][ \t\n]+(?=[^ \t\n])/;

/** What is found in a chunk with this text. */
export function findingsIn(chunk: Chunk, text: string): Findings {
  return new Finding(chunk, text).findings();
}

class Finding {
  private readonly found: Found[] = [];
  private readonly labels: string[] = [];
  private readonly lineStarts: readonly number[];
  /** The end of the block before, among those that are in no other; `null` before the first. */
  private last: number | null = null;

  constructor(
    private readonly chunk: Chunk,
    private readonly text: string
  ) {
    this.lineStarts = placesOf(text, '\n').map(place => place + 1);
  }

  findings(): Findings {
    const { chunk, text, found, labels, lineStarts } = this;
    this.addAll(chunk.tree, 0, true);
    const end = this.last === null ? null : this.contentEnd(this.last);
    return { found, labels, end, lines: lineStarts.length, pairs: pairsIn(text) };
  }

  private addAll(tree: Tree, at: number, isTop: boolean): void {
    tree.children.forEach((child, index) => {
      if (child instanceof Tree) {
        const from = at + tree.positions[index];
        this.add(child, from, isTop);
        if (isTop && !child.type.isAnonymous) {
          this.last = from + child.length;
        }
      }
    });
  }

  private add(tree: Tree, from: number, isTop: boolean): void {
    const { name } = tree.type;
    if (name === 'Table') {
      this.addRows(tree, from);
    } else if (name === 'LinkReference') {
      const label = LABEL.exec(this.text.slice(from, from + tree.length))?.[1];
      this.labels.push(...(label === undefined ? [] : [label]));
    } else if (CONTAINERS.includes(name)) {
      const { length } = this.found;
      if (name === 'ListItem') {
        this.addItem(tree, from);
      }
      this.addAll(tree, from, isTop && name === '');
      if (name === 'Blockquote') {
        this.found.length = length;
      }
    } else if (isTop) {
      const level = HEADING.exec(name)?.[1];
      if (level !== undefined) {
        this.addHeading(tree, from, Number(level));
      }
    }
  }

  private addHeading(tree: Tree, from: number, level: number): void {
    const to = from + tree.length;
    const source = this.text.slice(from, to);
    const isAtx = tree.type.name.startsWith('ATX');
    const line = this.lineOf(from);
    this.found.push({
      kind: 'heading',
      from: this.lineStart(line),
      to,
      line,
      before: this.last === null ? null : this.contentEnd(this.last),
      level,
      sources: [isAtx ? atxText(source) : source.slice(0, source.lastIndexOf('\n'))],
      box: null,
      read: null
    });
  }

  private addRows(table: Tree, start: number): void {
    const { chunk, text } = this;
    const [header] = table.topNode.getChildren('TableHeader');
    const columns = header
      ? cellsOf(text.slice(start, start + header.to)).length
      : chunk.inside?.kind === 'table'
        ? chunk.inside.columns
        : 0;
    for (const { from, to } of table.topNode.getChildren('TableRow')) {
      const line = this.lineOf(start + from);
      this.found.push({
        kind: 'row',
        from: this.lineStart(line),
        to: start + to,
        line,
        before: null,
        level: 0,
        sources: cellsOf(text.slice(start + from, start + to)).slice(0, columns),
        box: null,
        read: null
      });
    }
  }

  /** An item, if it begins with text. */
  private addItem(tree: Tree, at: number): void {
    const block = firstBlock(tree, at);
    if (!block || !['Paragraph', 'Task'].includes(block.tree.type.name)) {
      return;
    }
    const { from } = block;
    const source = this.text.slice(from, from + block.tree.length);
    const box = BOX.exec(source);
    const line = this.lineOf(at);
    this.found.push({
      kind: 'item',
      from: this.lineStart(line),
      to: this.contentEnd(at + tree.length),
      line,
      before: null,
      level: 0,
      sources: [box ? source.slice(box[0].length) : source],
      box: box && { isDone: box[1] !== ' ', at: from },
      read: null
    });
  }

  private lineOf(position: number): number {
    return countUpTo(this.lineStarts, position);
  }

  private lineStart(line: number): number {
    return line > 0 ? this.lineStarts[line - 1] : 0;
  }

  /** Where the last line before `position` ends that is not blank, or the line of `position` itself. */
  private contentEnd(position: number): number {
    let at = position;
    while (at > 0 && WHITE.includes(this.text[at - 1])) {
      at--;
    }
    const end = this.text.indexOf('\n', at);
    return end < 0 ? this.text.length : end;
  }
}

const WHITE = ' \t\n';

function placesOf(text: string, letter: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(letter); at >= 0; at = text.indexOf(letter, at + 1)) {
    places.push(at);
  }
  return places;
}

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

function pairsIn(text: string): number[] {
  return text.length === codePointLength(text)
    ? []
    : Array.from(text.matchAll(PAIR), ({ index }) => index);
}

/** The first block of an item that begins at `at`, and where it begins. Many blocks are in anonymous groups. */
function firstBlock(item: Tree, at: number): { readonly tree: Tree; readonly from: number } | null {
  for (const [index, child] of item.children.entries()) {
    const from = at + item.positions[index];
    if (!(child instanceof Tree) || ['ListMark', 'LinkReference'].includes(child.type.name)) {
      continue;
    }
    const found = child.type.isAnonymous ? firstBlock(child, from) : { tree: child, from };
    if (found) {
      return found;
    }
  }
  return null;
}

function atxText(source: string): string {
  return source.replace(/^#+/, '').replace(/(^|[ \t])#+[ \t]*$/, '$1');
}
