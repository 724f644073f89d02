/** How many of the items at the beginning, and of the others at the end, are the same ones in both lists. */
export function sameEnds<Item>(
  before: readonly Item[],
  after: readonly Item[]
): { readonly start: number; readonly end: number } {
  const shorter = Math.min(before.length, after.length);
  let [start, end] = [0, 0];
  while (start < shorter && before[start] === after[start]) {
    start++;
  }
  while (
    end < shorter - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++;
  }
  return { start, end };
}
