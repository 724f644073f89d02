import { codePointLength } from '../text';
import { countUpTo } from './ascending';
import { type ChunkEntries, hasSlug, NO_LEVEL } from './chunkEntries';
import type { Numbers } from './numbering';
import type { ParsedText } from './parsedText';

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

/** What an outline has without places: which entries there are, and in which order. */
export class Structure {
  private indexes: ReadonlyMap<string, number> | null = null;

  /** The index of the first entry with this id; -1 if there is none. `ids`: those of all entries. */
  indexOf(id: string, ids: () => readonly string[]): number {
    // Of equal ids the first one is meant.
    this.indexes ??= new Map(
      ids()
        .map((each, index) => [each, index] as const)
        .reverse()
    );
    return this.indexes.get(id) ?? -1;
  }
}

/** The outline of a text. Entries are made when they are asked for; what is kept of them is in their chunks. */
export class Outline {
  /** The index of each chunk's first entry, and how many entries there are. */
  private readonly firsts: readonly number[];
  private made: readonly OutlineEntry[] | null = null;
  private places: Places | null = null;

  /** `structure`: the same object for two outlines whose entries differ in nothing but their places. */
  constructor(
    private readonly text: ParsedText,
    private readonly chunks: readonly ChunkEntries[],
    private readonly numbers: readonly Numbers[],
    readonly structure: Structure
  ) {
    const firsts = [0];
    chunks.forEach(({ entries }, index) => firsts.push(firsts[index] + entries.length));
    this.firsts = firsts;
  }

  get count(): number {
    return this.firsts[this.chunks.length];
  }

  /** All entries, in the order of the text. */
  get entries(): readonly OutlineEntry[] {
    return (this.made ??= this.chunks.flatMap(({ entries }, chunk) =>
      entries.map((_, index) => this.make(chunk, index))
    ));
  }

  /** The indexes of the headings. */
  get headings(): readonly number[] {
    return this.chunks.flatMap(({ entries, level }, chunk) =>
      level === NO_LEVEL
        ? []
        : entries.flatMap(({ found }, index) => (found.level > 0 ? this.firsts[chunk] + index : []))
    );
  }

  /** Where the boxes of tasks begin, in UTF-16 units. */
  get boxes(): readonly number[] {
    return this.chunks.flatMap(({ entries }, chunk) =>
      entries.flatMap(({ found: { box } }) => (box ? this.text.starts[chunk] + box.at : []))
    );
  }

  entry(index: number): OutlineEntry {
    const chunk = this.chunkOf(index);
    return this.made?.[index] ?? this.make(chunk, index - this.firsts[chunk]);
  }

  /** Where an entry begins, in UTF-16 units. */
  fromOf(index: number): number {
    const chunk = this.chunkOf(index);
    const { found } = this.chunks[chunk].entries[index - this.firsts[chunk]];
    return this.text.starts[chunk] + found.from;
  }

  /** The level of a heading; 0 for another entry. */
  levelOf(index: number): number {
    const chunk = this.chunkOf(index);
    return this.chunks[chunk].entries[index - this.firsts[chunk]].found.level;
  }

  /** The first entry with this id; `null` if there is none. */
  find(id: string): OutlineEntry | null {
    const index = this.structure.indexOf(id, () => this.entries.map(entry => entry.id));
    return index < 0 ? null : this.entry(index);
  }

  /** The index of the last entry that begins at `position` or before it; -1 if there is none. */
  indexAt(position: number): number {
    const chunk = countUpTo(this.text.starts, position) - 1;
    if (chunk < 0) {
      return -1;
    }
    const within = position - this.text.starts[chunk];
    const { entries } = this.chunks[chunk];
    let count = 0;
    while (count < entries.length && entries[count].found.from <= within) {
      count++;
    }
    return this.firsts[chunk] + count - 1;
  }

  /** The heading that begins at `position`; `null` if there is none. */
  headingAt(position: number): OutlineEntry | null {
    const index = this.indexAt(position);
    const isThere = index >= 0 && this.levelOf(index) > 0 && this.fromOf(index) === position;
    return isThere ? this.entry(index) : null;
  }

  /** The last heading before the entry at `index` that has a lower level than `level`; -1 if there is none. */
  headingBefore(index: number, level: number): number {
    for (let chunk = this.chunkOf(index); chunk >= 0; chunk--) {
      const { entries, level: least } = this.chunks[chunk];
      const first = this.firsts[chunk];
      for (
        let at = least < level ? Math.min(entries.length, index - first) - 1 : -1;
        at >= 0;
        at--
      ) {
        const { found } = entries[at];
        if (found.level > 0 && found.level < level) {
          return first + at;
        }
      }
    }
    return -1;
  }

  private chunkOf(index: number): number {
    return Math.min(countUpTo(this.firsts, index), this.chunks.length) - 1;
  }

  private make(chunk: number, index: number): OutlineEntry {
    const { text } = this;
    const { findings, entries } = this.chunks[chunk];
    const entry = entries[index];
    const { found, called, box } = entry;
    const { ids, duplicates } = this.numbers[chunk];
    const { lines, pairs, boxes } = (this.places ??= new Places(text, this.chunks));
    const at = text.starts[chunk];
    const from = at + found.from;
    const isRequirement = called.name !== null;
    const pairsBefore = pairs[chunk] + countUpTo(findings.pairs, found.from - 1);
    const end = found.level > 0 ? this.sectionEnd(chunk, index) : null;
    const to = end?.at ?? at + found.to;
    const pairsWithin = end?.pairs ?? pairs[chunk] + countUpTo(findings.pairs, found.to - 1);
    return {
      kind: isRequirement ? 'requirement' : found.level > 0 ? 'heading' : 'task',
      id: ids[index] || `task:${boxes[chunk] + box}`,
      title: called.title,
      level: found.level,
      line: lines[chunk] + found.line,
      start: from - pairsBefore,
      end: to - pairsWithin,
      from,
      to,
      ...(duplicates[index] && !hasSlug(entry) && { duplicate: true }),
      ...(found.box && { done: found.box.isDone })
    };
  }

  /** Where the section of a heading ends, and how many surrogate pairs are before that. */
  private sectionEnd(chunk: number, index: number): { at: number; pairs: number } {
    const { level } = this.chunks[chunk].entries[index].found;
    for (let next = chunk; next < this.chunks.length; next++) {
      const { entries, level: least } = this.chunks[next];
      if (least <= level) {
        const first = next === chunk ? index + 1 : 0;
        for (let at = first; at < entries.length; at++) {
          const { found } = entries[at];
          if (found.level > 0 && found.level <= level) {
            return this.endBefore(next, found.before);
          }
        }
      }
    }
    return this.endBefore(this.chunks.length, null);
  }

  /** Where the last line ends that is not blank, before a place in a chunk or, for `null`, before the chunk. */
  private endBefore(chunk: number, place: number | null): { at: number; pairs: number } {
    const { text, chunks } = this;
    const { pairs } = (this.places ??= new Places(text, chunks));
    for (
      let [index, end] = [chunk, place];
      index >= 0;
      end = chunks[--index]?.findings.end ?? null
    ) {
      if (end !== null) {
        const within = countUpTo(chunks[index].findings.pairs, end - 1);
        return { at: text.starts[index] + end, pairs: pairs[index] + within };
      }
    }
    return { at: text.bodyFrom, pairs: pairs[0] };
  }
}

/** How many lines, surrogate pairs and boxes are before each chunk. */
class Places {
  readonly lines: readonly number[];
  readonly pairs: readonly number[];
  readonly boxes: readonly number[];

  constructor({ doc, bodyFrom }: ParsedText, chunks: readonly ChunkEntries[]) {
    const head = doc.sliceString(0, bodyFrom);
    const lines = [doc.lineAt(bodyFrom).number - 1];
    const pairs = [head.length - codePointLength(head)];
    const boxes = [0];
    chunks.forEach(({ findings, boxes: own }, index) => {
      lines.push(lines[index] + findings.lines);
      pairs.push(pairs[index] + findings.pairs.length);
      boxes.push(boxes[index] + own);
    });
    [this.lines, this.pairs, this.boxes] = [lines, pairs, boxes];
  }
}
