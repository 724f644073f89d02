/** A place that is at `source` in one text and at `preview` in the other; in pixels. */
export interface Knot {
  readonly source: number;
  readonly preview: number;
}

type Side = keyof Knot;

/**
 * Where a place of one side is on the other: between two knots in proportion, beyond the first and the last one as far
 * from it.
 *
 * `knots` ascend on both sides. Laws (`scrollMap.test.ts`): the map ascends, and both directions agree where no two
 * knots are at the same place of a side.
 */
export function acrossFrom(knots: readonly Knot[], from: Side, place: number): number {
  const to = from === 'source' ? 'preview' : 'source';
  const next = knots.findIndex(knot => knot[from] > place);
  const below = knots[next < 0 ? knots.length - 1 : next - 1];
  const above = next < 0 ? undefined : knots[next];
  if (!below || !above) {
    const edge = below ?? above;
    return edge ? edge[to] + place - edge[from] : place;
  }
  const share = (place - below[from]) / (above[from] - below[from]);
  return below[to] + share * (above[to] - below[to]);
}

/** How a side is scrolled: in pixels. */
export interface Scroll {
  readonly top: number;
  /** Of what is scrolled, and of the part that is seen. */
  readonly height: number;
  readonly seen: number;
}

/**
 * The place of a side that is shown at the same height of the view on both sides: at its top where the text begins, at
 * its bottom where it ends, so that both ends come together.
 */
export function focusOf({ top, height, seen }: Scroll): number {
  const room = height - seen;
  return room <= 0 ? 0 : Math.min(Math.max(top / room, 0), 1) * height;
}

/** How far to scroll for {@link focusOf} to be `place`. */
export function scrollFor(place: number, { height, seen }: Omit<Scroll, 'top'>): number {
  const room = Math.max(0, height - seen);
  return height <= 0 ? 0 : Math.min(Math.max((place / height) * room, 0), room);
}
