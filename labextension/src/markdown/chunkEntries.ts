import { type EntryName, headingName, itemName } from './entryName';
import type { Findings, Found } from './findings';
import { labelKey } from './linkTarget';
import { TextReader, type VisibleText } from './visibleText';

/** An entry of the outline, without what depends on the chunks before it. */
export interface ChunkEntry {
  readonly found: Found;
  readonly called: EntryName;
  /** Its number among the boxes of the chunk, from 1; 0 without a box. */
  readonly box: number;
}

/** The entries of a chunk. */
export interface ChunkEntries {
  readonly findings: Findings;
  readonly entries: readonly ChunkEntry[];
  readonly boxes: number;
  /** The least level of its headings; {@link NO_LEVEL} without one. */
  readonly level: number;
}

export const NO_LEVEL = 7;

/** Whether an entry has a slug: a heading, unless it begins with the name of a requirement. */
export function hasSlug({ found, called }: ChunkEntry): boolean {
  return found.kind === 'heading' && (called.name === null || called.isSlug);
}

/** Reads visible texts. What it reads is kept with what was found; what depends on the definitions, for this reader. */
export class NameReader {
  private readonly reader: TextReader;
  private readonly known = new WeakMap<Findings, ChunkEntries>();
  private hasAsked = false;

  /** `labels`: those of the link definitions of a text, as written. */
  constructor(readonly labels: readonly (readonly string[])[]) {
    const keys = new Set(labels.flat().map(labelKey));
    const has = (label: string) => {
      this.hasAsked = true;
      return keys.has(label);
    };
    this.reader = new TextReader({ has });
  }

  knows(findings: Findings): boolean {
    return this.known.has(findings);
  }

  /** The entries of a chunk; the same ones each time. */
  entriesOf(findings: Findings): ChunkEntries {
    let entries = this.known.get(findings);
    if (!entries) {
      entries = this.read(findings);
      this.known.set(findings, entries);
    }
    return entries;
  }

  private read(findings: Findings): ChunkEntries {
    const entries: ChunkEntry[] = [];
    let boxes = 0;
    let level = NO_LEVEL;
    for (const found of findings.found) {
      const called = this.nameOf(found);
      boxes += found.box ? 1 : 0;
      if (found.kind === 'heading' || called.name !== null || found.box) {
        entries.push({ found, called, box: found.box ? boxes : 0 });
        level = Math.min(level, found.level || NO_LEVEL);
      }
    }
    return { findings, entries, boxes, level };
  }

  private nameOf(found: Found): EntryName {
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
