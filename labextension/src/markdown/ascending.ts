/** How many of the ascending `places` are at `position` or before it. */
export function countUpTo(places: readonly number[], position: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] <= position) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
