/** A rectangle in window coordinates, in pixels. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The place of a flag relative to the upper left corner of its caret, in pixels. */
export interface FlagPlace {
  readonly x: number;
  readonly y: number;
  readonly isOverText: boolean;
}

/** What is on the screen around the carets. */
export interface Surroundings {
  /** Where text can be seen. */
  readonly bounds: Box;
  /** The right end of the text in the row at height `y`; `-Infinity` if there is no row. */
  rowEnd(y: number): number;
}

/** Pixels; equals the height in the theme. */
export const FLAG_HEIGHT = 14;
/** Pixels between a flag and the text left of it, or another flag. */
const GAP = 6;
/** Rows beside text to try: above, below, the caret's own, and one further up or down. */
const BESIDE_TEXT = [-1, 1, 0, -2, 2];
/** Rows that a flag may cover, where all rows are full; never the caret's own. */
const OVER_TEXT = [-1, 1, -2, 2, -3, 3, -4, 4];
/** Pixels; a flag further to the right of its caret would not be recognised as its own. */
const FARTHEST = 240;

/**
 * Places flags one after the other, so that none covers another one.
 *
 * A flag goes to the nearest place without text near its caret. In dense prose, where there is none, it goes over the
 * text of another row than its caret's; whoever draws it has to remove it soon.
 *
 * Law (`flagPlacement.test.ts`): ten flags always find places, which do not overlap, and lie where text can be seen.
 */
export class FlagPlaces {
  /** What a flag must not cover. */
  private readonly taken: Box[] = [];

  constructor(private readonly around: Surroundings) {}

  /** Keeps flags away from `box`. */
  reserve(box: Box): void {
    this.taken.push(box);
  }

  /** A place for a flag of `width` pixels; `null` if there is none. */
  place(caret: Box, width: number): FlagPlace | null {
    const place =
      nearest(
        BESIDE_TEXT.map(row => this.inRow(caret, width, row, false)),
        FARTHEST
      ) ??
      nearest(
        OVER_TEXT.map(row => this.inRow(caret, width, row, true)),
        Infinity
      );
    if (place) {
      const [left, top] = [caret.left + place.x, caret.top + place.y];
      this.reserve({ left, top, right: left + width, bottom: top + FLAG_HEIGHT });
    }
    return place;
  }

  private inRow(caret: Box, width: number, row: number, isOverText: boolean): FlagPlace | null {
    const { bounds } = this.around;
    const middle = caret.top + (row + 0.5) * (caret.bottom - caret.top);
    const top = middle - FLAG_HEIGHT / 2;
    if (top < bounds.top || top + FLAG_HEIGHT > bounds.bottom) {
      return null;
    }
    const textEnd = isOverText ? bounds.left : this.around.rowEnd(middle) + GAP;
    const wanted = caret.left + (row === 0 ? GAP : -1);
    const from = Math.max(bounds.left, isOverText ? textEnd : Math.max(textEnd, wanted));
    const left = this.free(from, bounds.right - width, wanted, width, top);
    return left === null ? null : { x: left - caret.left, y: top - caret.top, isOverText };
  }

  /** The left end between `from` and `to`, nearest to `wanted`, of a free space of `width`. */
  private free(
    from: number,
    to: number,
    wanted: number,
    width: number,
    top: number
  ): number | null {
    const inRow = this.taken.filter(box => box.top < top + FLAG_HEIGHT && top < box.bottom);
    const isFree = (left: number) =>
      left >= from &&
      left <= to &&
      inRow.every(box => left + width <= box.left || box.right <= left);
    const candidates = [
      Math.min(Math.max(wanted, from), to),
      ...inRow.flatMap(box => [box.right + GAP, box.left - GAP - width])
    ].filter(isFree);
    const distance = (left: number) => Math.abs(left - wanted);
    return candidates.reduce<number | null>(
      (best, left) => (best !== null && distance(best) <= distance(left) ? best : left),
      null
    );
  }
}

function nearest(places: readonly (FlagPlace | null)[], farthest: number): FlagPlace | null {
  const distance = ({ x, y }: FlagPlace) => Math.abs(x) + Math.abs(y);
  return places.reduce<FlagPlace | null>(
    (best, place) =>
      !place || Math.abs(place.x) > farthest || (best && distance(best) <= distance(place))
        ? best
        : place,
    null
  );
}
