/** Anchors letter by letter: each letter has a number, and an anchor is found by the numbers of its letters. */
import type { Operation } from '../../src/text';
import { type Anchor, type Applied, Gaps } from '../../src/text/anchor';
import { meaningOf } from './arbitraries';

/** The anchor after one operation. */
export function moved(anchor: Anchor, applied: Applied, quote: string): Anchor {
  return new Gaps(applied).moved(anchor, quote);
}

/** The anchor after operations that follow each other. */
export function broughtOn(anchor: Anchor, operations: readonly Applied[], quote: string): Anchor {
  return operations.reduce((before, applied) => moved(before, applied, quote), anchor);
}

export interface NumberedLetter {
  readonly number: number;
  readonly letter: string;
}

/** A text in which each letter has a number, which it keeps while it is there. */
export class NumberedText {
  letters: readonly NumberedLetter[];
  private next: number;

  constructor(text: string) {
    this.letters = [...text].map((letter, number) => ({ number, letter }));
    this.next = this.letters.length;
  }

  toString(): string {
    return textOf(this.letters);
  }

  /** Changes the text; returns the letters as they were before. */
  apply(operation: Operation): readonly NumberedLetter[] {
    const before = this.letters;
    const { inserted, deleted } = meaningOf(operation);
    const after: NumberedLetter[] = [];
    for (let position = 0; position <= before.length; position++) {
      for (const letter of inserted.get(position) ?? '') {
        after.push({ number: this.next++, letter });
      }
      if (position < before.length && !deleted.has(position)) {
        after.push(before[position]);
      }
    }
    this.letters = after;
    return before;
  }
}

/** The anchor after an operation between these two states of a text. */
export function followed(
  anchor: Anchor,
  quote: string,
  before: readonly NumberedLetter[],
  after: readonly NumberedLetter[]
): Anchor {
  const places = new Map(after.map(({ number }, place) => [number, place]));
  const placesOf = (letters: readonly NumberedLetter[]) =>
    letters.map(({ number }) => places.get(number)).filter(place => place !== undefined);
  const held = before.slice(anchor.start, anchor.end);
  const stays = placesOf(held);
  if (stays.length) {
    return { start: stays[0], end: stays[stays.length - 1] + 1, letters: null };
  }
  const remembered = held.length >= 3 ? textOf(held) : quote;
  const letters = held.length ? [...remembered].slice(0, 1000).join('') : anchor.letters;
  const start = (placesOf(before.slice(0, anchor.start)).at(-1) ?? -1) + 1;
  const end = placesOf(before.slice(anchor.start))[0] ?? after.length;
  for (let found = start; letters && found < end; found++) {
    const foundEnd = found + [...letters].length;
    if (foundEnd <= end && textOf(after.slice(found, foundEnd)) === letters) {
      return { start: found, end: foundEnd, letters: null };
    }
  }
  return { start, end: start, letters };
}

export function textOf(letters: readonly NumberedLetter[]): string {
  return letters.map(({ letter }) => letter).join('');
}
