import type { Text as EditorText } from '@codemirror/state';
import type { Tree } from '@lezer/common';

import type { Steps } from '../text';
import { isCostly } from './cost';
import {
  definitionsBy,
  type Footnote,
  footnotesOf,
  labelsIn,
  type LinkDefinition,
  notesIn,
  numbersOf
} from './definitions';
import { grouped } from './grouping';
import { blocksOf, type Facts, type Piece, Pieces } from './pieces';
import { partsOf } from './splitting';

/** What a block is rendered from. Blocks with equal keys look the same. */
export interface Content {
  readonly key: string;
  /** Markdown with the link definitions that it refers to; for `plain` a text to be shown as it is. */
  readonly source: string;
  readonly form: 'markdown' | 'plain';
  /** Whether it goes on with a list or table of the block before. */
  readonly isContinued: boolean;
  /** The footnotes that it refers to, with their numbers. */
  readonly notes: ReadonlyMap<string, number>;
  /** The names of the footnotes whose texts it consists of. */
  readonly footnotes: readonly string[];
}

/** A block of a text that is rendered by itself. Positions are UTF-16 units in the text that was parsed. */
export interface Block {
  readonly content: Content;
  readonly from: number;
  readonly to: number;
  /** Where its task boxes begin, from `from`. */
  readonly tasks: readonly number[];
}

/** After so many blocks the reader rests. */
const STEP = 500;
const NO_NOTES: ReadonlyMap<string, number> = new Map();

/**
 * Reads the blocks of a text from its syntax tree.
 *
 * Laws (`blocks.test.ts`): the blocks ascend and don't overlap; an edit changes the keys of the blocks that it touches
 * and of those that refer to a definition that it changes, and of no others.
 */
export class BlockReader {
  private readonly pieces = new Pieces();
  private readonly contents = new WeakMap<Facts, Content>();

  /** `from`: where the tree begins in the text. */
  *read(tree: Tree, doc: EditorText, from = 0): Steps<readonly Block[]> {
    const pieces: Piece[] = [];
    const nodes = new Map<Piece, Tree>();
    for (const node of blocksOf(tree, from)) {
      const piece = this.pieces.of(node, doc);
      if (piece) {
        pieces.push(piece);
        nodes.set(piece, node.tree);
      }
      if (pieces.length % STEP === STEP - 1) {
        yield;
      }
    }
    const shared = sharedBy(pieces, this.contents);
    const blocks: Block[] = [];
    let count = 0;
    for (const group of grouped(pieces)) {
      const [first] = group;
      const node = group.length === 1 ? nodes.get(first!)! : null;
      const parts = node && partsOf(node, first!.from, first!.to, doc);
      if (parts) {
        const tasks = first!.facts.tasks.map(task => first!.from + task);
        for (const { from, to, source, form, isContinued } of parts) {
          const own = tasks.filter(task => task >= from && task < to).map(task => task - from);
          const text = { source, labels: labelsIn(source), notes: notesIn(source) };
          const shownAs = isCostly(source, false) ? 'plain' : form;
          const content = shared.contentOf(text, shownAs, isContinued);
          blocks.push({ content, from, to, tasks: own });
          yield;
        }
      } else {
        blocks.push(...blockOf(group, doc, shared));
      }
      if (++count % STEP === 0) {
        yield;
      }
    }
    return blocks;
  }
}

function blockOf(group: readonly Piece[], doc: EditorText, shared: Shared): Block[] {
  const [{ from, name, facts }] = group as [Piece];
  const { to } = group.at(-1)!;
  if (facts.footnotes) {
    const goesOn = group.length > 1 && footnotesOf(doc.sliceString(from, to));
    const content = shared.footnotes(goesOn || facts.footnotes);
    return [{ content, from, to, tasks: [] }];
  }
  if (group.length === 1) {
    const isDefinition = name === 'LinkReference';
    const { tasks } = facts;
    const content = isDefinition ? null : shared.contentFrom(facts);
    return content ? [{ content, from, to, tasks }] : [];
  }
  const text = {
    source: doc.sliceString(from, to),
    labels: group.flatMap(piece => piece.facts.labels),
    notes: group.flatMap(piece => piece.facts.notes)
  };
  const content = shared.contentOf(text, isCostly(text.source, false) ? 'plain' : 'markdown');
  const tasks = group.flatMap(piece => piece.facts.tasks.map(task => piece.from - from + task));
  return [{ content, from, to, tasks }];
}

interface Text {
  readonly source: string;
  readonly labels: readonly string[];
  readonly notes: readonly string[];
}

/** What all blocks of a text have in common: its link definitions, and the numbers of its footnotes. */
class Shared {
  constructor(
    private readonly definitions: ReadonlyMap<string, LinkDefinition>,
    private readonly numbers: ReadonlyMap<string, number>,
    private readonly contents: WeakMap<Facts, Content>
  ) {}

  /** That of a block which refers to nothing is kept for as long as the block is as it is. */
  contentFrom(facts: Facts): Content {
    const { text: source, labels, notes } = facts;
    const form = facts.isCostly ? 'plain' : 'markdown';
    const refers =
      notes.some(name => this.numbers.has(name)) ||
      (this.definitions.size > 0 && labels.some(label => this.definitions.has(label)));
    const known = refers ? undefined : this.contents.get(facts);
    const content = known ?? this.contentOf({ source, labels, notes }, form);
    if (!refers) {
      this.contents.set(facts, content);
    }
    return content;
  }

  contentOf(text: Text, form: Content['form'] = 'markdown', isContinued = false): Content {
    const isPlain = form === 'plain';
    const { definitions, numbers } = this;
    const used = isPlain || definitions.size === 0 ? [] : this.definitionsFor(text.labels);
    const source = used.length ? `${text.source}\n\n${used.join('\n')}\n` : text.source;
    const notes = new Map(
      isPlain
        ? []
        : text.notes.filter(name => numbers.has(name)).map(name => [name, numbers.get(name)!])
    );
    // A spec has no NUL, so that a key with one is no text of a block.
    const marks = `${isPlain ? 'p' : ''}${isContinued ? 'c' : ''}${toldOf(notes)}`;
    const key = marks ? `${marks}\0${source}` : source;
    return { key, source, form, isContinued, notes: notes.size ? notes : NO_NOTES, footnotes: [] };
  }

  footnotes(footnotes: readonly Footnote[]): Content {
    const names = footnotes.map(({ name }) => name);
    const notes = new Map(names.map(name => [name, this.numbers.get(name) ?? 0]));
    const text = footnotes.map(note => note.text).join('\n\n');
    const content = this.contentOf({ source: text, labels: labelsIn(text), notes: notesIn(text) });
    const all = new Map([...content.notes, ...notes]);
    const key = `f${toldOf(all)}\0${names.join(' ')}\0${content.key}`;
    return { ...content, key, notes: all, footnotes: names };
  }

  private definitionsFor(labels: readonly string[]): string[] {
    const found = labels.flatMap(label => this.definitions.get(label)?.line ?? []);
    return [...new Set(found)];
  }
}

function toldOf(notes: ReadonlyMap<string, number>): string {
  return notes.size ? JSON.stringify([...notes]) : '';
}

function sharedBy(pieces: readonly Piece[], contents: WeakMap<Facts, Content>): Shared {
  const definitions = definitionsBy(definitionsIn(pieces));
  const defined = pieces.flatMap(({ facts }) => facts.footnotes?.map(({ name }) => name) ?? []);
  const numbers = defined.length ? numbersOf(referencesIn(pieces), defined) : NO_NOTES;
  return new Shared(definitions, numbers, contents);
}

function* definitionsIn(pieces: readonly Piece[]): Generator<LinkDefinition> {
  for (const { facts } of pieces) {
    yield* facts.definitions;
  }
}

function* referencesIn(pieces: readonly Piece[]): Generator<string> {
  for (const { facts } of pieces) {
    yield* facts.notes;
  }
}
