import type { Tree } from '@lezer/common';

import { codePointLength } from '../text';
import { type EntryName, headingName, itemName } from './entryName';
import { labelKey } from './linkTarget';
import { contentEnd, type Found, type Lines, type Part, partOf } from './outlineParts';
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
}

/**
 * The outline of a text, of which `tree` is the tree that `blockParser` made of what follows the front matter; it
 * begins at `at`. What it finds in a subtree is kept with it: of a text that has changed only new subtrees are read.
 *
 * Law (`outline.test.ts`, "the server's parser finds the same"): the server finds the same.
 */
export function outlineOf(tree: Tree, text: Lines, at = 0): Outline {
  const part = partOf(tree, at, text, true);
  const pairsBefore = at - codePointLength(text.sliceString(0, at));
  const numbering = new Numbering(readerFor(part.labels));
  numbering.add(part, { at, pairs: pairsBefore, line: text.lineAt(at).number - 1, last: at });
  return numbering.finished(contentEnd(text, text.length), pairsBefore + part.pairs);
}

/** The place of a part in the text. `last`: where the last line before it ends that is not blank. */
interface Place {
  readonly at: number;
  readonly pairs: number;
  readonly line: number;
  readonly last: number;
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

  add({ entries }: Part, { at, pairs, line, last }: Place): void {
    for (const each of entries) {
      const { place } = each;
      const inside = {
        at: at + each.from,
        pairs: pairs + place.pairs,
        line: line + place.line,
        last: place.before === null ? last : at + place.before
      };
      if (each.kind === 'part') {
        this.add(each.part, inside);
      } else {
        this.addFound(each, at, inside);
      }
    }
  }

  finished(last: number, pairs: number): Outline {
    this.close(1, last, pairs);
    return { entries: this.entries, boxes: this.boxes };
  }

  private addFound(found: Found, at: number, { at: from, pairs, line, last }: Place): void {
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
    const to = at + found.to;
    const entry: Mutable<OutlineEntry> = {
      kind: 'task',
      id: `task:${this.boxes.length}`,
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

/** Reads visible texts, and keeps what it read for as long as the subtree is there. */
class KnownReader {
  private readonly names = new WeakMap<Found, EntryName>();
  private readonly reader: TextReader;
  private hasAsked = false;

  constructor(
    readonly key: string,
    labels: ReadonlySet<string>,
    /** What doesn't depend on the definitions. */
    private readonly independent: WeakMap<Found, EntryName>
  ) {
    const has = (label: string) => {
      this.hasAsked = true;
      return labels.has(label);
    };
    this.reader = new TextReader({ has });
  }

  nameOf(found: Found): EntryName {
    const known = this.independent.get(found) ?? this.names.get(found);
    if (known) {
      return known;
    }
    this.hasAsked = false;
    const visible = this.visible(found.sources);
    const name =
      found.kind === 'heading' ? headingName(visible) : itemName(visible, found.box !== null);
    (this.hasAsked ? this.names : this.independent).set(found, name);
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

const independent = new WeakMap<Found, EntryName>();
let latest = new KnownReader('', new Set(), independent);

/** The reader for a text with these link definitions; the one of the last text if it had the same. */
function readerFor(definitions: readonly string[]): KnownReader {
  const key = definitions.join('\n');
  if (latest.key !== key) {
    const labels = definitions.flatMap(each => LABEL.exec(each)?.[1] ?? []).map(labelKey);
    latest = new KnownReader(key, new Set(labels), independent);
  }
  return latest;
}

const LABEL = /^\[((?:[^\\[\]]|\\[^])*)\]/;
