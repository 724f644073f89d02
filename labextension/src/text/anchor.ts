/**
 * Anchors: ranges of a text that move with every operation.
 *
 * An anchor keeps to its letters. After an operation it runs from the first to the last of those that stay:
 *
 *     before:   The [quick] fox          "ck" is deleted, "et" inserted
 *     after:    The [qui]et fox          what a gap at the edge inserts does not belong to it
 *
 * A _gap_ is a place between letters that stay: there the operation deletes some letters, inserts some, or both. When
 * the last letters of an anchor go, it becomes an _orphan_: it lies in the gap, and remembers its letters. An operation
 * that inserts them again in that gap brings it back to them. An anchor that is made empty is a _place_, such as that
 * of a suggested insertion; it has no letters and is never orphaned.
 *
 * Anchors are moved over operations in turn, never over a composition. The same design, under the same names, as the
 * server's `jupyter_speccollab/text/anchor.py`, which reads the deleted letters in the stored form of an operation;
 * here they are read in the text before it.
 */
import { codePointLength, unitIndex } from './codePoints';
import { normalise, type Operation } from './operation';
import type { Text } from './rope';

/** How many letters an orphan remembers, in code points. No more of a quote is looked for either. */
export const MOST_LETTERS = 1_000;

/** An anchor that held fewer letters than this looks for its quote instead. */
export const FEWEST_LETTERS = 3;

/** The range from `start` to `end` of a text, in code points. Immutable. An orphan is empty. */
export interface Anchor {
  readonly start: number;
  readonly end: number;
  /** What an orphan held; `null` of any other anchor. */
  readonly letters: string | null;
}

/** An anchor, and the text that it had in the beginning; of a place it is not read. */
export type Quoted = readonly [anchor: Anchor, quote: string];

/** A text of which letters are read only where an anchor loses its last ones. A `Text` is one. */
export interface Letters {
  /** The text from `start` to `end`, in code points. */
  slice(start: number, end: number): string;
}

/** An operation, and the text before it, which it applies to. */
export interface Applied {
  readonly operation: Operation;
  readonly before: Letters;
}

/**
 * Where anchors of a committed text are in the shown one: moved over the operations that the server has not
 * acknowledged, which are the one in flight and the buffer. `committed` is the text that the anchors lie in.
 */
export function shown(
  anchors: readonly Quoted[],
  committed: Text,
  operations: readonly Operation[]
): Anchor[] {
  let places = anchors.map(([anchor]) => anchor);
  for (const applied of inTurn(committed, operations)) {
    const gaps = new Gaps(applied);
    places = places.map((anchor, index) => gaps.moved(anchor, anchors[index][1]));
  }
  return places;
}

/** Operations that follow each other, with the text before each; that of the later ones is made when a letter of it is read. */
export function inTurn(text: Text, operations: readonly Operation[]): Applied[] {
  let before: () => Text = () => text;
  return operations.map(operation => {
    const textBefore = before;
    before = once(() => textBefore().apply(operation));
    return { operation, before: { slice: (start, end) => textBefore().slice(start, end) } };
  });
}

function once<Value>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= make());
}

/**
 * The gaps of an operation from left to right, to move anchors over it.
 *
 * Laws (`anchor.test.ts`) of {@link moved}: it is never reversed and stays within the text; it is what following each
 * letter by itself finds; its text consists of its letters that stay and of what is inserted between them, if any stay;
 * an orphan is back on its letters after the operation is undone. Moving it over two operations in turn gives the same
 * as moving it over their composition, where it is never orphaned and no gap of the composition that inserts also
 * deletes its first or last letter (of a place: no such gap that deletes anything holds it).
 */
export class Gaps {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly added: string[] = [];
  /** By how much a letter moves that has so many gaps before it. */
  private readonly shifts = [0];
  private readonly before: Letters;

  constructor({ operation, before }: Applied) {
    this.before = before;
    let position = 0;
    let added = '';
    for (const component of normalise(operation).components) {
      if (typeof component === 'string') {
        added = component;
        continue;
      }
      if (component < 0 || added) {
        this.add(position, Math.max(0, -component), added);
      }
      position += Math.abs(component);
      added = '';
    }
    if (added) {
      this.add(position, 0, added);
    }
  }

  private add(start: number, removed: number, added: string): void {
    this.shifts.push(this.shifts[this.starts.length] + codePointLength(added) - removed);
    this.starts.push(start);
    this.ends.push(start + removed);
    this.added.push(added);
  }

  /**
   * The anchor after the operation; itself, if it does not change. The cost is that of finding its gap, and of a search
   * for the letters in what is inserted where an orphan lies. `quote` is the text that it had in the beginning.
   */
  moved(anchor: Anchor, quote: string): Anchor {
    let { start, end } = anchor;
    if (start === end) {
      return this.emptyMoved(anchor);
    }
    let before = this.countUpTo(start);
    if (before && this.ends[before - 1] > start) {
      start = this.ends[before - 1];
      if (start >= end) {
        return this.orphaned(anchor, before - 1, quote);
      }
    }
    start += this.shifts[before];
    before = this.countUpTo(end - 1);
    if (before && this.ends[before - 1] >= end) {
      before--;
      end = this.starts[before];
    }
    end += this.shifts[before];
    return start === anchor.start && end === anchor.end ? anchor : { start, end, letters: null };
  }

  /** A place or an orphan: it goes to the left end of a gap that holds it. */
  private emptyMoved(anchor: Anchor): Anchor {
    const { start, letters } = anchor;
    const before = this.countUpTo(start);
    if (before && this.ends[before - 1] >= start) {
      return this.inGap(anchor, before - 1, letters);
    }
    const shift = this.shifts[before];
    return shift ? { start: start + shift, end: start + shift, letters } : anchor;
  }

  /** An anchor all of whose letters go in this gap. */
  private orphaned(anchor: Anchor, gap: number, quote: string): Anchor {
    const { start, end } = anchor;
    const letters =
      end - start >= FEWEST_LETTERS
        ? this.before.slice(start, Math.min(end, start + MOST_LETTERS))
        : quote.slice(0, unitIndex(quote, MOST_LETTERS));
    return this.inGap(anchor, gap, letters);
  }

  /** Back on its letters where the gap inserts them, else empty at the left end of the gap. */
  private inGap(anchor: Anchor, gap: number, letters: string | null): Anchor {
    const start = this.starts[gap] + this.shifts[gap];
    const index = letters ? this.added[gap].indexOf(letters) : -1;
    if (letters && index >= 0) {
      const found = start + codePointLength(this.added[gap].slice(0, index));
      return { start: found, end: found + codePointLength(letters), letters: null };
    }
    const stays = start === anchor.start && start === anchor.end && letters === anchor.letters;
    return stays ? anchor : { start, end: start, letters };
  }

  /** How many gaps start at this position or before it. */
  private countUpTo(position: number): number {
    let [low, high] = [0, this.starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
