/** Compares two lists of tokens within a bounded effort: what `diff` rests on. */
import { diffArrays } from 'diff';

/** What stands from `start` to `end` on the old side becomes what stands from `newStart` to `newEnd`. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Equal numbers are equal tokens. */
export type Tokens = readonly number[];

const EDITS_AT_ONCE = 600;

/** The effort that may still be made: it bounds the time without looking at a clock. */
export class Budget {
  /** What comparisons may still cost; one that finds `n` edits costs `n` squared. */
  private effort = 10_000_000;
  /** UTF-16 units, of both texts together, that may still be compared by words. */
  private units = 1_500_000;

  /** How many edits a comparison of these tokens may look for; none where it must be left. */
  editsFor(region: Change): number {
    const edits = Math.floor(Math.min(EDITS_AT_ONCE, Math.sqrt(this.effort)));
    const { start, end, newStart, newEnd } = region;
    return Math.abs(end - start - (newEnd - newStart)) > edits ? 0 : edits;
  }

  /** Take the cost of a comparison that found so many edits. */
  spend(edits: number): void {
    this.effort -= edits * edits;
  }

  /** Whether the text in `region` may be compared by words; then that is spent. */
  refine(region: Change): boolean {
    const units = region.end - region.start + region.newEnd - region.newStart;
    const granted = units <= this.units;
    this.units -= granted ? units : 0;
    return granted;
  }
}

/**
 * The changes that lead from `a` to `b`, from left to right. They leave a longest common subsequence standing
 * where there are not too many, else one between each two of the tokens that both lists hold just once.
 */
export function changesBetween(a: Tokens, b: Tokens, budget: Budget): Change[] {
  const whole = differing(a, b);
  return (
    compared(a, b, whole, budget) ??
    gaps(a, b, whole).flatMap(gap => compared(a, b, gap, budget) ?? [gap])
  );
}

function differing(a: Tokens, b: Tokens): Change {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) {
    start++;
  }
  let [end, newEnd] = [a.length, b.length];
  while (end > start && newEnd > start && a[end - 1] === b[newEnd - 1]) {
    end--;
    newEnd--;
  }
  return { start, end, newStart: start, newEnd };
}

/** The changes inside `region`; undefined where there are too many to find. */
function compared(a: Tokens, b: Tokens, region: Change, budget: Budget): Change[] | undefined {
  const { start, end, newStart, newEnd } = region;
  if (start === end || newStart === newEnd) {
    return start < end || newStart < newEnd ? [region] : [];
  }
  const maxEditLength = budget.editsFor(region);
  if (!maxEditLength) {
    return undefined;
  }
  const runs = diffArrays(a.slice(start, end), b.slice(newStart, newEnd), { maxEditLength });
  if (!runs) {
    budget.spend(maxEditLength);
    return undefined;
  }
  const changes: Change[] = [];
  let [at, newAt] = [start, newStart];
  for (const { added, removed, count } of runs) {
    const [next, newNext] = [added ? at : at + count, removed ? newAt : newAt + count];
    if (added || removed) {
      changes.push({ start: at, end: next, newStart: newAt, newEnd: newNext });
    }
    [at, newAt] = [next, newNext];
  }
  budget.spend(changes.reduce((sum, change) => sum + sizeOf(change), 0));
  return changes;
}

function sizeOf({ start, end, newStart, newEnd }: Change): number {
  return end - start + newEnd - newStart;
}

/** The parts of `region` between the tokens that each side holds just once, in one order (patience). */
function gaps(a: Tokens, b: Tokens, region: Change): Change[] {
  const { start, end, newStart, newEnd } = region;
  const places = placesHeldOnce(a, start, end);
  const newPlaces = placesHeldOnce(b, newStart, newEnd);
  const pairs: [number, number][] = [];
  for (const [token, place] of places) {
    const newPlace = newPlaces.get(token);
    if (newPlace !== undefined) {
      pairs.push([place, newPlace]);
    }
  }
  const result: Change[] = [];
  let [at, newAt] = [start, newStart];
  for (const [place, newPlace] of [...rising(pairs), [end, newEnd]]) {
    result.push({ start: at, end: place, newStart: newAt, newEnd: newPlace });
    [at, newAt] = [place + 1, newPlace + 1];
  }
  return result;
}

/** The place of each token that stands just once from `start` to `end`, in order. */
function placesHeldOnce(tokens: Tokens, start: number, end: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let place = start; place < end; place++) {
    counts.set(tokens[place], (counts.get(tokens[place]) ?? 0) + 1);
  }
  const places = new Map<number, number>();
  for (let place = start; place < end; place++) {
    if (counts.get(tokens[place]) === 1) {
      places.set(tokens[place], place);
    }
  }
  return places;
}

/** The longest part of `pairs` in which the second members rise; the first ones do anyway. */
function rising(pairs: [number, number][]): [number, number][] {
  const leastEnds: number[] = [];
  const lastPairs: number[] = [];
  const before: number[] = [];
  pairs.forEach(([, place], index) => {
    const length = firstAtLeast(leastEnds, place);
    before.push(length ? lastPairs[length - 1] : -1);
    leastEnds[length] = place;
    lastPairs[length] = index;
  });
  const result: [number, number][] = [];
  for (let index = lastPairs[lastPairs.length - 1] ?? -1; index >= 0; index = before[index]) {
    result.push(pairs[index]);
  }
  return result.reverse();
}

function firstAtLeast(sorted: number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
