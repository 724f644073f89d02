/** A card, and where it would stand by itself: beside the first line of its passage. Pixels in the scrolled text. */
export interface WantedCard {
  readonly id: string;
  readonly top: number;
  readonly height: number;
}

export type PlacedCard = WantedCard;

/** Pixels between two cards. */
export const GAP = 8;

/**
 * Where cards stand that are given in the order of their passages: each beside its passage, or below the card before
 * it where that is lower. The selected card stands beside its passage, and those before it give way upwards.
 *
 * Laws (`placement.test.ts`): the order stays; no two cards are nearer than {@link GAP}; the selected one is where it
 * wants to be; where no wanted place and no height changes by more than some pixels, no card of `n` moves by more than
 * `n` times these; each card is looked at a fixed number of times.
 */
export function placed(
  cards: readonly WantedCard[],
  selected: string | null = null
): readonly PlacedCard[] {
  const tops: number[] = [];
  let free = -Infinity;
  for (const { id, top, height } of cards) {
    const own = id === selected ? top : Math.max(top, free);
    tops.push(own);
    free = own + height + GAP;
  }
  const at = selected === null ? -1 : cards.findIndex(({ id }) => id === selected);
  for (let index = at - 1; index >= 0; index--) {
    const highest = tops[index + 1]! - GAP - cards[index]!.height;
    if (tops[index]! <= highest) {
      break;
    }
    tops[index] = highest;
  }
  return cards.map(({ id, height }, index) => ({ id, top: tops[index]!, height }));
}

/** Those of placed cards that reach into the pixels from `top` to `bottom`, and the one that is kept in any case. */
export function near(
  cards: readonly PlacedCard[],
  top: number,
  bottom: number,
  kept: string | null = null
): readonly PlacedCard[] {
  return cards.filter(
    card => card.id === kept || (card.top + card.height >= top && card.top <= bottom)
  );
}

/** A sign for one or more threads in the narrow margin, and where it stands. */
export interface Marker {
  readonly ids: readonly string[];
  readonly top: number;
}

/**
 * Signs for threads that are given in the order of their passages: one for those that are less than `size` pixels
 * below the first of them.
 *
 * Laws (`placement.test.ts`): each thread has one sign, in the same order; no two signs are nearer than `size`, where
 * the places are in order.
 */
export function gathered(
  passages: readonly Pick<WantedCard, 'id' | 'top'>[],
  size: number
): readonly Marker[] {
  const markers: { ids: string[]; top: number }[] = [];
  for (const { id, top } of passages) {
    const last = markers.at(-1);
    if (last && top < last.top + size) {
      last.ids.push(id);
    } else {
      markers.push({ ids: [id], top });
    }
  }
  return markers;
}
