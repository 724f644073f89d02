/** Which block of a text takes the place of which block of the text before. */
export interface Correspondence {
  /** For each block the one before that it continues, or -1. */
  readonly from: Int32Array;
}

/**
 * Compares two lists of keys. A block continues one with the same key; one that changed continues what came after the
 * one that the block before it continues, if that is not there any more.
 *
 * Laws (`correspondence.test.ts`): no block is continued twice; equal lists correspond one to one; blocks at both ends
 * that are as before continue themselves.
 */
export function correspondence(
  before: readonly string[],
  after: readonly string[]
): Correspondence {
  const from = new Int32Array(after.length).fill(-1);
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) {
    from[start] = start;
    start++;
  }
  let end = 0;
  while (
    end < shorter - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    from[after.length - 1 - end] = before.length - 1 - end;
    end++;
  }
  const places = new Map<string, number[]>();
  for (let index = before.length - end - 1; index >= start; index--) {
    const same = places.get(before[index]!);
    if (same) {
      same.push(index);
    } else {
      places.set(before[index]!, [index]);
    }
  }
  for (let index = start; index < after.length - end; index++) {
    from[index] = places.get(after[index]!)?.pop() ?? -1;
  }
  const gone = new Set([...places.values()].flat());
  for (let index = start; index < after.length - end; index++) {
    const next = index === 0 ? 0 : from[index - 1]! + 1;
    if (from[index]! < 0 && (index === 0 || next > 0) && gone.delete(next)) {
      from[index] = next;
    }
  }
  return { from };
}
