import type { Tree } from '@lezer/common';

import { isCostly } from './cost';
import { labelsIn, notesIn } from './definitions';
import type { Fragment, Piece } from './pieces';

/** A part of a long block. Positions are UTF-16 units. */
export interface Part {
  readonly from: number;
  readonly to: number;
  /** The same object as long as the part is the same. */
  readonly text: PartText;
}

/** A text that is rendered by itself. */
export interface PartText {
  readonly text: string;
  readonly form: 'markdown' | 'plain';
  /** Whether the part before belongs to the same block. */
  readonly isContinued: boolean;
  readonly labels: readonly string[];
  readonly notes: readonly string[];
}

/** A part of the text that the positions are from. */
export type Slice = (from: number, to: number) => string;

/** A list or table that is longer is rendered in parts. */
const LONG = 6_000;
/** Other blocks that are longer are shown as they were written: in one turn they would take too long. */
const LONGEST = 12_000;
const LONGEST_CODE = 40_000;
/** The length of the parts of a text that is shown as it was written. */
const PLAIN = 16_000;
/** How many rows or items a part has about; a hash of the text decides, so that an edit changes one part. */
const ABOUT = 16;

/** Whether a block is too long to be rendered in one turn. */
export function isLong(name: string, length: number): boolean {
  switch (name) {
    case 'BulletList':
    case 'OrderedList':
    case 'Table':
      return length > LONG;
    case 'FencedCode':
    case 'CodeBlock':
      return length > LONGEST_CODE;
    default:
      return length > LONGEST;
  }
}

/** The parts of a block that is long. Positions are those of the piece, whose text `slice` has. */
export function* partsOf(piece: Piece, slice: Slice): Generator<Part> {
  switch (piece.name) {
    case 'BulletList':
    case 'OrderedList':
      yield* listParts(piece, slice);
      break;
    case 'Table':
      yield* tableParts(piece, slice);
      break;
    default:
      yield* plainParts(piece.from, piece.to, slice);
  }
}

function* listParts({ name, fragments }: Piece, slice: Slice): Generator<Part> {
  let number: number | null = null;
  let isContinued = false;
  for (const run of runsOf(fragments, 'ListItem', slice)) {
    if (name === 'OrderedList' && !isContinued) {
      number = Number(/^\s*(\d{1,9})/.exec(slice(run.from, run.from + 16))?.[1] ?? 1);
    }
    if (run.to - run.from > LONGEST) {
      yield* plainParts(run.from, run.to, slice, isContinued);
    } else {
      const begin = number === null ? '' : String(number);
      yield partOf(run, begin, isContinued, slice, text =>
        begin ? text.replace(/\d+/, begin) : text
      );
    }
    number = number === null ? null : number + run.count;
    isContinued = true;
  }
}

function* tableParts({ from, to, fragments }: Piece, slice: Slice): Generator<Part> {
  let head: string | null = null;
  for (const run of runsOf(fragments, 'TableRow', slice)) {
    const isContinued = head !== null;
    head ??= slice(from, run.from);
    const first = isContinued ? run.from : from;
    if (head.length > LONGEST || run.to - run.from > LONGEST) {
      yield* plainParts(first, run.to, slice, isContinued);
    } else {
      const begin = head;
      const part = partOf(run, begin, isContinued, slice, text => begin + text);
      yield { ...part, from: first };
    }
  }
  if (head === null) {
    yield* plainParts(from, to, slice);
  }
}

/** Items or rows that make a part. */
interface Run {
  readonly fragments: readonly Fragment[];
  /** Which of the first fragment's it begins with, and how many it has. */
  readonly first: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The items or rows of a block in runs. Where a run ends depends on the text of its last one alone, as far as its length
 * allows.
 */
function* runsOf(fragments: readonly Fragment[], name: string, slice: Slice): Generator<Run> {
  let [begun, first, count, from, to] = [0, 0, 0, 0, 0];
  const run = (end: number): Run => {
    const own = fragments.slice(begun, end + 1);
    return { fragments: own, first, count, from, to };
  };
  for (const [index, fragment] of fragments.entries()) {
    const { at } = fragment;
    const { froms, ends, cuts } = rangesOf(fragment, name, slice);
    let cut = 0;
    for (let row = 0; row < froms.length;) {
      if (count === 0) {
        [begun, first, from] = [index, row, at + froms[row]!];
      }
      let last = cuts[cut] ?? froms.length - 1;
      const isLong = at + ends[last]! - from >= LONG;
      if (isLong) {
        last = row;
        while (at + ends[last]! - from < LONG) {
          last++;
        }
      }
      count += last + 1 - row;
      to = at + ends[last]!;
      row = last + 1;
      if (last === cuts[cut]) {
        cut++;
      } else if (!isLong) {
        continue; // goes on in the next fragment
      }
      yield run(index);
      count = 0;
    }
  }
  if (count > 0) {
    yield run(fragments.length - 1);
  }
}

/** Where the items or rows of a fragment begin and end, from its own beginning; `cuts`: the last ones of runs. */
interface Ranges {
  readonly froms: readonly number[];
  readonly ends: readonly number[];
  readonly cuts: readonly number[];
}

const ranges = new WeakMap<Tree, Ranges>();

function rangesOf({ tree, at }: Fragment, name: string, slice: Slice): Ranges {
  const known = ranges.get(tree);
  if (known) {
    return known;
  }
  const froms: number[] = [];
  const ends: number[] = [];
  const cuts: number[] = [];
  for (const { from, to } of tree.topNode.getChildren(name)) {
    const indent = /[ \t]*$/.exec(slice(Math.max(0, at + from - 4), at + from))![0].length;
    if (hashOf(slice(at + from - indent, at + to)) % ABOUT === 0) {
      cuts.push(froms.length);
    }
    froms.push(from - indent);
    ends.push(to);
  }
  const found = { froms, ends, cuts };
  ranges.set(tree, found);
  return found;
}

/** What a part was made of, and with what its text was begun. */
interface Known {
  readonly trees: readonly Tree[];
  readonly count: number;
  readonly begin: string;
  readonly text: PartText;
}

/** By the first tree and the first item or row in it. */
const parts = new WeakMap<Tree, Map<number, Known>>();

function partOf(
  run: Run,
  begin: string,
  isContinued: boolean,
  slice: Slice,
  make: (text: string) => string
): Part {
  const { fragments, first, count, from, to } = run;
  const [{ tree }] = fragments as [Fragment];
  const byFirst = parts.get(tree) ?? new Map<number, Known>();
  const known = byFirst.get(first);
  const isSame =
    known?.count === count &&
    known.begin === begin &&
    known.text.isContinued === isContinued &&
    known.trees.length === fragments.length &&
    known.trees.every((each, index) => each === fragments[index]!.tree);
  if (isSame) {
    return { from, to, text: known.text };
  }
  const text = partText(make(slice(from, to)), 'markdown', isContinued);
  byFirst.set(first, { trees: fragments.map(fragment => fragment.tree), count, begin, text });
  parts.set(tree, byFirst);
  return { from, to, text };
}

function partText(source: string, form: PartText['form'], isContinued: boolean): PartText {
  const isPlain = form === 'plain' || isCostly(source, false);
  return {
    text: source,
    form: isPlain ? 'plain' : form,
    isContinued,
    labels: isPlain ? [] : labelsIn(source),
    notes: isPlain ? [] : notesIn(source)
  };
}

function hashOf(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) {
    hash = (hash * 31 + text.charCodeAt(index)) >>> 0;
  }
  return hash;
}

/** A text as it was written, in parts that end with a line where there is one. */
function* plainParts(from: number, to: number, slice: Slice, isContinued = false): Generator<Part> {
  for (let start = from; start < to;) {
    const limit = Math.min(to, start + PLAIN);
    const text = slice(start, limit);
    const line = limit < to ? text.lastIndexOf('\n') + 1 : text.length;
    const source = line > 0 ? text.slice(0, line) : text;
    yield {
      from: start,
      to: start + source.length,
      text: partText(source, 'plain', isContinued || start > from)
    };
    start += source.length;
  }
}
