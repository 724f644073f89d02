import { looksSame } from '../card/threadCard';
import type { ShownThread } from '../specThreads';
import type { Marker } from './placement';

/** What stands in the margin. */
export interface MarginState {
  /** Cards near the view, in the order of their passages; none in the narrow margin. */
  readonly cards: readonly ShownThread[];
  /** Whether a comment is written there. */
  readonly hasNew: boolean;
  /** Signs near the view in the narrow margin. */
  readonly markers: readonly Marker[];
}

export const NOTHING: MarginState = { cards: [], hasNew: false, markers: [] };

/** Whether both look the same: where the passages of cards are is not shown in them. */
export function sameState(one: MarginState, other: MarginState): boolean {
  return (
    one.hasNew === other.hasNew &&
    sameItems(one.cards, other.cards, looksSame) &&
    sameItems(one.markers, other.markers, sameMarker)
  );
}

function sameMarker(one: Marker, other: Marker): boolean {
  return one.top === other.top && sameItems(one.ids, other.ids, (id, each) => id === each);
}

function sameItems<Item>(
  one: readonly Item[],
  other: readonly Item[],
  same: (item: Item, each: Item) => boolean
): boolean {
  return one.length === other.length && one.every((item, index) => same(item, other[index]!));
}
