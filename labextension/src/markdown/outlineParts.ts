import { Tree } from '@lezer/common';

import { codePointLength } from '../text';
import type { EntryName } from './entryName';
import { cellsOf } from './tableRow';

/** What is needed of a text; CodeMirror's `Text` is one. Offsets count UTF-16 units. */
export interface Lines {
  readonly length: number;
  sliceString(from: number, to: number): string;
  lineAt(position: number): { readonly from: number; readonly to: number; readonly number: number };
}

/**
 * A heading, a list item or a row of a table. Offsets count UTF-16 units from the beginning of the part that it
 * belongs to.
 */
export interface Found {
  readonly kind: 'heading' | 'item' | 'row';
  /** Where its first line begins. */
  readonly from: number;
  /** Where its last line ends that is not blank; of a heading, where its own lines end. */
  readonly to: number;
  readonly place: Place;
  /** How many surrogate pairs are between `from` and `to`. */
  readonly pairs: number;
  /** 1 to 6 for a heading, else 0. */
  readonly level: number;
  /** What its visible text is written as; for a row, each cell. */
  readonly sources: readonly string[];
  readonly box: { readonly isDone: boolean; readonly at: number } | null;
  /** What it is called, once that has been read. A weak map of all would cost more than reading does. */
  read: { readonly name: EntryName; readonly reader: object | null } | null;
}

/** Where something is in the part that it belongs to. */
interface Place {
  readonly line: number;
  /** How many surrogate pairs are before it. */
  readonly pairs: number;
  /** Where the last line before it ends that is not blank; `null` if that is outside of the part. */
  readonly before: number | null;
}

/** What a subtree has for the outline. */
export interface Part {
  /** In the order of the text. */
  readonly entries: readonly (Found | PlacedPart)[];
  /** The labels of link definitions, as written. */
  readonly labels: readonly string[];
  readonly pairs: number;
}

interface PlacedPart {
  readonly kind: 'part';
  readonly part: Part;
  readonly from: number;
  readonly place: Place;
}

const parts = new WeakMap<Tree, Part>();
const pairCounts = new WeakMap<Tree, number>();

/** Of longer blocks the number of surrogate pairs is kept. */
const LONG = 2_000;
const CONTAINERS = ['', 'BulletList', 'OrderedList', 'ListItem', 'Blockquote'];
const HEADING = /^(?:ATX|Setext)Heading([1-6])$/;
const BOX = /^\[([ xX])\][ \t\n]+(?=[^ \t\n])/;

/** The part of a block that is neither in a list nor in a quote, and begins at `at`. */
export function partOfBlock(tree: Tree, at: number, text: Lines): Part {
  return CONTAINERS.includes(tree.type.name)
    ? partOf(tree, at, text)
    : new Collecting(tree, at, text).block();
}

/** The part of a list, an item or a quote. It is made once for each subtree, so that a change costs what it touches. */
function partOf(tree: Tree, at: number, text: Lines): Part {
  const known = parts.get(tree);
  if (known) {
    return known;
  }
  const part = new Collecting(tree, at, text).part();
  parts.set(tree, part);
  return part;
}

class Collecting {
  private readonly entries: (Found | PlacedPart)[] = [];
  private readonly labels: string[] = [];
  private readonly firstLine: number;
  private pairs = 0;
  /** The end of the block before; `null` before the first. */
  private last: number | null = null;

  constructor(
    private readonly tree: Tree,
    private readonly at: number,
    private readonly text: Lines
  ) {
    this.firstLine = text.lineAt(at).number;
  }

  block(): Part {
    const { tree, at } = this;
    const level = HEADING.exec(tree.type.name)?.[1];
    if (level === undefined) {
      this.add(tree, at);
    } else {
      this.addHeading(tree, at, Number(level));
      this.pairs = this.pairsIn(tree, at);
    }
    return { entries: this.entries, labels: this.labels, pairs: this.pairs };
  }

  part(): Part {
    const { tree, at } = this;
    tree.children.forEach((child, index) => {
      if (child instanceof Tree) {
        const from = at + tree.positions[index];
        this.add(child, from);
        this.last = from + child.length;
      }
    });
    const { labels, pairs } = this;
    switch (tree.type.name) {
      case 'Blockquote':
        return { entries: [], labels, pairs };
      case 'ListItem':
        return { entries: [...this.item(), ...this.entries], labels, pairs };
      default:
        return { entries: this.entries, labels, pairs };
    }
  }

  private add(child: Tree, from: number): void {
    const { name } = child.type;
    if (CONTAINERS.includes(name)) {
      this.addPart(child, from);
      return;
    }
    if (name === 'Table') {
      this.addRows(child, from);
    } else if (name === 'LinkReference') {
      this.labels.push(this.text.sliceString(from, from + child.length));
    }
    this.pairs += this.pairsIn(child, from);
  }

  private addPart(child: Tree, from: number): void {
    const part = partOf(child, from, this.text);
    this.labels.push(...part.labels);
    if (part.entries.length > 0) {
      const place = this.placeOf(from, this.pairs);
      this.entries.push({ kind: 'part', part, from: from - this.at, place });
    }
    this.pairs += part.pairs;
  }

  private addHeading(child: Tree, from: number, level: number): void {
    const { text, at } = this;
    const to = from + child.length;
    const source = text.sliceString(from, to);
    const isAtx = child.type.name.startsWith('ATX');
    this.entries.push({
      kind: 'heading',
      from: text.lineAt(from).from - at,
      to: to - at,
      place: this.placeOf(from, this.pairs),
      pairs: this.pairsIn(child, from),
      level,
      sources: [isAtx ? atxText(source) : source.slice(0, source.lastIndexOf('\n'))],
      box: null,
      read: null
    });
  }

  private addRows(table: Tree, start: number): void {
    const { text, at } = this;
    const [header] = table.topNode.getChildren('TableHeader');
    const columns = cellsOf(text.sliceString(start, start + header.to)).length;
    let done = start;
    let { pairs } = this;
    for (const { from, to } of table.topNode.getChildren('TableRow')) {
      const row = text.sliceString(start + from, start + to);
      pairs += pairsOf(text.sliceString(done, start + from));
      this.entries.push({
        kind: 'row',
        from: text.lineAt(start + from).from - at,
        to: start + to - at,
        place: this.placeOf(start + from, pairs),
        pairs: pairsOf(row),
        level: 0,
        sources: cellsOf(row).slice(0, columns),
        box: null,
        read: null
      });
      pairs += pairsOf(row);
      done = start + to;
    }
  }

  /** The item itself, if it begins with text. */
  private item(): Found[] {
    const { tree, at, text, pairs } = this;
    const block = firstBlock(tree, at);
    if (!block || !['Paragraph', 'Task'].includes(block.tree.type.name)) {
      return [];
    }
    const { from } = block;
    const source = text.sliceString(from, from + block.tree.length);
    const box = BOX.exec(source);
    return [
      {
        kind: 'item',
        from: text.lineAt(at).from - at,
        to: contentEnd(text, at + tree.length) - at,
        place: { line: 0, pairs: 0, before: null },
        pairs,
        level: 0,
        sources: [box ? source.slice(box[0].length) : source],
        box: box && { isDone: box[1] !== ' ', at: from - at },
        read: null
      }
    ];
  }

  private placeOf(from: number, pairs: number): Place {
    const { text, at, last } = this;
    return {
      line: text.lineAt(from).number - this.firstLine,
      pairs,
      before: last === null ? null : contentEnd(text, last) - at
    };
  }

  private pairsIn(tree: Tree, from: number): number {
    let pairs = tree.length > LONG ? pairCounts.get(tree) : undefined;
    if (pairs === undefined) {
      pairs = pairsOf(this.text.sliceString(from, from + tree.length));
      if (tree.length > LONG) {
        pairCounts.set(tree, pairs);
      }
    }
    return pairs;
  }
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

function pairsOf(text: string): number {
  return text.length - codePointLength(text);
}

function atxText(source: string): string {
  return source.replace(/^#+/, '').replace(/(^|[ \t])#+[ \t]*$/, '$1');
}

/** Where the last line before `position` ends that is not blank, or the line of `position` itself. */
export function contentEnd(text: Lines, position: number): number {
  let to = position;
  for (let size = 32; to > 0; size *= 2) {
    const from = Math.max(0, to - size);
    const part = text.sliceString(from, to);
    for (let at = part.length; at > 0; at--) {
      if (!WHITE.includes(part[at - 1])) {
        return text.lineAt(from + at).to;
      }
    }
    to = from;
  }
  return 0;
}

const WHITE = ' \t\n';
