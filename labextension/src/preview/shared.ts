import { sameEnds } from '../markdown/sameEnds';
import type { Content } from './blocks';
import { type Footnote, labelsIn, type LinkDefinition, notesIn, numbersOf } from './definitions';
import { estimated } from './heights';
import type { ChunkPieces } from './pieces';

/** A text that is rendered by itself, and what it may refer to. */
export interface BlockText {
  readonly text: string;
  readonly labels: readonly string[];
  readonly notes: readonly string[];
}

const NO_NOTES: ReadonlyMap<string, number> = new Map();

/** What all blocks of a text have in common: its link definitions, and the numbers of its footnotes. */
export class Shared {
  private told: readonly ChunkPieces[] = [];
  private definitions: ReadonlyMap<string, LinkDefinition> = new Map();
  private numbers: ReadonlyMap<string, number> = NO_NOTES;
  /** Which labels may have another definition than in the version before. */
  private changed: ReadonlySet<string> = new Set();
  private version = 0;

  /** `contents`: what texts that refer to nothing look like, in whatever text they are. */
  constructor(private readonly contents = new WeakMap<BlockText, Content>()) {}

  /** What these chunks have in common; this object if they tell the same. */
  after(chunks: readonly ChunkPieces[]): Shared {
    const told = chunks.filter(tells);
    const { start, end } = sameEnds(this.told, told);
    const before = this.told.slice(start, this.told.length - end);
    const now = told.slice(start, told.length - end);
    if (toldBy(before) === toldBy(now)) {
      return this;
    }
    const later = new Shared(this.contents);
    const footnotes = told.flatMap(each => each.footnotes);
    const notes = footnotes.length > 0 ? told.flatMap(each => each.notes) : [];
    const labels = [...before, ...now].flatMap(each => each.definitions.map(({ label }) => label));
    later.told = told;
    later.version = this.version + 1;
    later.changed = new Set(labels);
    later.definitions = withDefinitions(this.definitions, later.changed, told);
    later.numbers = footnotes.length > 0 ? numbersOf(notes, footnotes) : NO_NOTES;
    return later;
  }

  /** Whether a text that refers to these looks as it did with `before`. */
  isAlikeFor({ labels, notes }: Pick<BlockText, 'labels' | 'notes'>, before: Shared): boolean {
    const areDefined =
      before.version === this.version - 1
        ? !labels.some(label => this.changed.has(label))
        : labels.every(
            label => this.definitions.get(label)?.line === before.definitions.get(label)?.line
          );
    return areDefined && notes.every(name => this.numbers.get(name) === before.numbers.get(name));
  }

  /** That of a text which refers to nothing is kept for as long as the text is. */
  contentFrom(text: BlockText, form: Content['form'], isContinued = false): Content {
    const refers = this.isReferredToBy(text);
    const known = refers ? undefined : this.contents.get(text);
    const content = known ?? this.contentOf(text, form, isContinued);
    if (!refers) {
      this.contents.set(text, content);
    }
    return content;
  }

  contentOf(text: BlockText, form: Content['form'] = 'markdown', isContinued = false): Content {
    const isPlain = form === 'plain';
    const { definitions, numbers } = this;
    const used = isPlain || definitions.size === 0 ? [] : this.definitionsFor(text.labels);
    const source = used.length ? `${text.text}\n\n${used.join('\n')}\n` : text.text;
    const notes = new Map(
      isPlain
        ? []
        : text.notes.filter(name => numbers.has(name)).map(name => [name, numbers.get(name)!])
    );
    // A spec has no NUL, so that a key with one is no text of a block.
    const marks = `${isPlain ? 'p' : ''}${isContinued ? 'c' : ''}${toldOf(notes)}`;
    const key = marks ? `${marks}\0${source}` : source;
    return {
      key,
      source,
      form,
      isContinued,
      notes: notes.size ? notes : NO_NOTES,
      height: estimated(source),
      footnotes: []
    };
  }

  footnotes(footnotes: readonly Footnote[]): Content {
    const names = footnotes.map(({ name }) => name);
    const notes = new Map(names.map(name => [name, this.numbers.get(name) ?? 0]));
    const text = footnotes.map(note => note.text).join('\n\n');
    const content = this.contentOf({ text, labels: labelsIn(text), notes: notesIn(text) });
    const all = new Map([...content.notes, ...notes]);
    const key = `f${toldOf(all)}\0${names.join(' ')}\0${content.key}`;
    return { ...content, key, notes: all, footnotes: names };
  }

  private isReferredToBy({ labels, notes }: BlockText): boolean {
    return (
      notes.some(name => this.numbers.has(name)) ||
      (this.definitions.size > 0 && labels.some(label => this.definitions.has(label)))
    );
  }

  private definitionsFor(labels: readonly string[]): string[] {
    const found = labels.flatMap(label => this.definitions.get(label)?.line ?? []);
    return [...new Set(found)];
  }
}

/** Whether a chunk has something that others refer to, or that counts for the numbers of footnotes. */
function tells({ definitions, notes, footnotes }: ChunkPieces): boolean {
  return definitions.length > 0 || notes.length > 0 || footnotes.length > 0;
}

function toldBy(chunks: readonly ChunkPieces[]): string {
  return JSON.stringify([
    chunks.flatMap(each => each.definitions),
    chunks.flatMap(each => each.notes),
    chunks.flatMap(each => each.footnotes)
  ]);
}

/** The first definition of each label; those of labels that are not `changed` are known. */
function withDefinitions(
  known: ReadonlyMap<string, LinkDefinition>,
  changed: ReadonlySet<string>,
  told: readonly ChunkPieces[]
): ReadonlyMap<string, LinkDefinition> {
  if (changed.size === 0) {
    return known;
  }
  const found = new Map<string, LinkDefinition>();
  for (const { definitions } of told) {
    for (const definition of definitions) {
      if (changed.has(definition.label) && !found.has(definition.label)) {
        found.set(definition.label, definition);
      }
    }
  }
  const all = new Map(known);
  changed.forEach(label => all.delete(label));
  found.forEach((definition, label) => all.set(label, definition));
  return all;
}

function toldOf(notes: ReadonlyMap<string, number>): string {
  return notes.size ? JSON.stringify([...notes]) : '';
}
