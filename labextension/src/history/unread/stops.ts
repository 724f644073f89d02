/** A piece of a text, in any unit. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** New pieces with so few letters between them are one place to go to. */
const NEAR = 160;

/** The places to go to, one by one: pieces that are near each other are one. */
export function stopsOf(pieces: readonly Stretch[]): readonly Stretch[] {
  const stops: Stretch[] = [];
  for (const { from, to } of pieces) {
    const last = stops.at(-1);
    if (last && from - last.to <= NEAR) {
      stops[stops.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    } else {
      stops.push({ from, to });
    }
  }
  return stops;
}

/** The index of the next stop behind a position, or before it; from the end on to the beginning. -1: none. */
export function nextStop(stops: readonly Stretch[], position: number, direction: 1 | -1): number {
  if (stops.length === 0) {
    return -1;
  }
  if (direction > 0) {
    const next = stops.findIndex(({ from }) => from > position);
    return next < 0 ? 0 : next;
  }
  const before = stops.findLastIndex(({ from }) => from < position);
  return before < 0 ? stops.length - 1 : before;
}
