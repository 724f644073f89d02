import { Tree } from '@lezer/common';

import { type EntryName, headingName, itemName } from './entryName';
import { labelKey } from './linkTarget';
import { type Blocks, blocksOf } from './outlineBlocks';
import { type Found, type Lines, type Part } from './outlineParts';
import { TextReader, type VisibleText } from './visibleText';

/** A heading, a requirement or a task of a text. */
export interface OutlineEntry {
  readonly kind: 'heading' | 'requirement' | 'task';
  readonly id: string;
  readonly title: string;
  /** 1 to 6 for a heading, also where it is a requirement; else 0. */
  readonly level: number;
  /** From 0. */
  readonly line: number;
  /** In code points. */
  readonly start: number;
  readonly end: number;
  /** The same in UTF-16 units, as CodeMirror counts. */
  readonly from: number;
  readonly to: number;
  /** A requirement of this name stands before it. */
  readonly duplicate?: true;
  readonly done?: boolean;
}

export interface Outline {
  /** In the order of the text. */
  readonly entries: readonly OutlineEntry[];
  /** Where the boxes of tasks begin, in UTF-16 units. */
  readonly boxes: readonly number[];
  /** What it was made of, for the outline of a later text. */
  readonly blocks: Blocks;
}

/**
 * The outline of a text, of which `tree` is the tree that `blockParser` made of what follows the front matter; it
 * begins at `at`. Of a text that has changed only the blocks that are new are read.
 *
 * Law (`outline.test.ts`, "the server's parser finds the same"): the server finds the same.
 */
export function outlineOf(tree: Tree, text: Lines, at = 0): Outline {
  const known = recent.find(each => each.tree === tree && each.at === at);
  if (known) {
    return known.outline;
  }
  const outline = outlineAfter(
    tree,
    text,
    at,
    recent.find(each => isEarlier(each.tree, tree))
  );
  recent.unshift({ tree, at, outline });
  recent.splice(MOST);
  return outline;
}

/** The outlines of the last texts: several ask for that of one text, and the next text has most of its blocks. */
const recent: Read[] = [];
const MOST = 4;

interface Read {
  readonly tree: Tree;
  readonly at: number;
  readonly outline: Outline;
}

/** Whether the texts of two trees have their first or their last block in common. */
function isEarlier(tree: Tree, later: Tree): boolean {
  return blockAt(tree, 0) === blockAt(later, 0) || blockAt(tree, -1) === blockAt(later, -1);
}

function blockAt(tree: Tree, index: number): unknown {
  let block: unknown = tree.children.at(index);
  while (block instanceof Tree && block.type.isAnonymous) {
    block = block.children.at(index);
  }
  return block ?? tree;
}

function outlineAfter(tree: Tree, text: Lines, at: number, earlier: Read | undefined): Outline {
  const blocks = blocksOf(tree, at, text, earlier?.outline.blocks);
  const { parts, froms, lines, pairs, ends, filled } = blocks;
  const numbering = new Numbering(readerFor(filled.flatMap(index => parts[index].labels)));
  for (const index of filled) {
    const last = index > 0 ? ends[index - 1] : at;
    numbering.add(parts[index], froms[index], pairs[index], lines[index], last);
  }
  return { ...numbering.finished(ends.at(-1) ?? at, allPairs(blocks)), blocks };
}

function allPairs({ parts, pairs, pairsBefore }: Blocks): number {
  const last = parts.length - 1;
  return last < 0 ? pairsBefore : pairs[last] + parts[last].pairs;
}

interface OpenHeading {
  readonly index: number;
  readonly level: number;
}

/** Gives ids in the order of the text: slugs, numbers of tasks, and which name is met again. */
class Numbering {
  private readonly entries: Mutable<OutlineEntry>[] = [];
  private readonly boxes: number[] = [];
  private readonly slugs = new Set<string>();
  /** For each slug the number up to which its followers are taken. */
  private readonly followers = new Map<string, number>();
  private readonly names = new Set<string>();
  private readonly open: OpenHeading[] = [];

  constructor(private readonly reader: KnownReader) {}

  /**
   * Adds what is in a part that begins at `at`, in line `line`, after so many surrogate pairs. `last`: where the last
   * line before it ends that is not blank.
   */
  add({ entries }: Part, at: number, pairs: number, line: number, last: number): void {
    for (const each of entries) {
      const { place } = each;
      const before = place.before === null ? last : at + place.before;
      if (each.kind === 'part') {
        this.add(each.part, at + each.from, pairs + place.pairs, line + place.line, before);
      } else {
        this.addFound(each, at, pairs + place.pairs, line + place.line, before);
      }
    }
  }

  finished(last: number, pairs: number): Omit<Outline, 'blocks'> {
    this.close(1, last, pairs);
    return { entries: this.entries, boxes: this.boxes };
  }

  private addFound(found: Found, at: number, pairs: number, line: number, last: number): void {
    const { level, box } = found;
    const called = this.reader.nameOf(found);
    if (found.kind === 'heading') {
      this.close(level, last, pairs);
    }
    if (box) {
      this.boxes.push(at + box.at);
    }
    if (found.kind !== 'heading' && called.name === null && !box) {
      return;
    }
    const [from, to] = [at + found.from, at + found.to];
    const entry: Mutable<OutlineEntry> = {
      kind: 'task',
      id: '',
      title: called.title,
      level,
      line,
      start: from - pairs,
      end: to - pairs - found.pairs,
      from,
      to
    };
    if (called.name !== null && !called.isSlug) {
      entry.kind = 'requirement';
      entry.id = called.name;
      if (this.names.has(called.name)) {
        entry.duplicate = true;
      }
      this.names.add(called.name);
    } else if (found.kind === 'heading') {
      entry.kind = called.isSlug ? 'requirement' : 'heading';
      entry.id = this.headingId(called);
    } else {
      entry.id = `task:${this.boxes.length}`;
    }
    if (box) {
      entry.done = box.isDone;
    }
    if (found.kind === 'heading') {
      this.open.push({ index: this.entries.length, level });
    }
    this.entries.push(entry);
  }

  /** Ends the headings of `level` and below, before a heading of that level. */
  private close(level: number, last: number, pairs: number): void {
    for (let open = this.open.at(-1); open && open.level >= level; open = this.open.at(-1)) {
      this.open.pop();
      const entry = this.entries[open.index];
      entry.to = last;
      entry.end = last - pairs;
    }
  }

  private headingId({ explicit, slug }: EntryName): string {
    let id = explicit ?? slug;
    if (explicit === null && this.slugs.has(slug)) {
      let number = this.followers.get(slug) ?? 1;
      while (this.slugs.has(`${slug}-${number}`)) {
        number++;
      }
      this.followers.set(slug, number);
      id = `${slug}-${number}`;
    }
    this.slugs.add(id);
    return id;
  }
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** Reads visible texts. What it reads is kept with what was found; what depends on the definitions, for this reader. */
class KnownReader {
  private readonly reader: TextReader;
  private hasAsked = false;

  constructor(
    readonly key: string,
    labels: ReadonlySet<string>
  ) {
    const has = (label: string) => {
      this.hasAsked = true;
      return labels.has(label);
    };
    this.reader = new TextReader({ has });
  }

  nameOf(found: Found): EntryName {
    const { read } = found;
    if (read && (read.reader === null || read.reader === this)) {
      return read.name;
    }
    this.hasAsked = false;
    const visible = this.visible(found.sources);
    const name =
      found.kind === 'heading' ? headingName(visible) : itemName(visible, found.box !== null);
    found.read = { name, reader: this.hasAsked ? this : null };
    return name;
  }

  private visible(sources: readonly string[]): VisibleText {
    const read = sources.map(source => this.reader.read(source));
    return read.length === 1 ? read[0] : joined(read);
  }
}

/** The texts of cells, with a space between them. */
function joined(texts: readonly VisibleText[]): VisibleText {
  let text = '';
  const code: [number, number][] = [];
  for (const each of texts) {
    const begun = text ? `${text} ` : '';
    code.push(
      ...each.code.map(([from, to]) => [begun.length + from, begun.length + to] as [number, number])
    );
    text = begun + each.text;
  }
  return { text: text.replace(/[ \t\n]+$/, ''), code };
}

let latest = new KnownReader('', new Set());

/** The reader for a text with these link definitions; the one of the last text if it had the same. */
function readerFor(definitions: readonly string[]): KnownReader {
  const key = definitions.join('\n');
  if (latest.key !== key) {
    const labels = definitions.flatMap(each => LABEL.exec(each)?.[1] ?? []).map(labelKey);
    latest = new KnownReader(key, new Set(labels));
  }
  return latest;
}

const LABEL = /^\[((?:[^\\[\]]|\\[^])*)\]/;
