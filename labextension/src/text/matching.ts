/** Compares two lists of tokens within a bounded effort; `diff` is built on it. */
import { STEP, type Steps } from './steps';
import { differing, longestCommonSubsequence, type Change, type Tokens } from './subsequence';

const PAIRS_AT_ONCE = 50_000_000;

/** The remaining effort. It bounds the time without a clock, so that every run gives the same result. */
export class Budget {
  /**
   * `pairs` of tokens may be compared, and `characters` code points of both texts together may be compared by
   * words.
   */
  constructor(
    private pairs = 1_000_000_000,
    private characters = 1_500_000
  ) {}

  /** Whether all pairs of tokens in `region` may be compared. If so, spends that effort. */
  compare({ start, end, newStart, newEnd }: Change): boolean {
    const pairs = (end - start) * (newEnd - newStart);
    const granted = pairs <= Math.min(this.pairs, PAIRS_AT_ONCE);
    this.pairs -= granted ? pairs : 0;
    return granted;
  }

  /** Whether this many code points may be compared by words. If so, spends that effort. */
  refine(characters: number): boolean {
    const granted = characters <= this.characters;
    this.characters -= granted ? characters : 0;
    return granted;
  }
}

/**
 * The changes that turn `a` into `b`, from left to right. They keep a longest common subsequence if the budget
 * allows to find one. Otherwise they keep tokens that occur exactly once in each list, as many as have the same
 * order in both, and compare the parts between them.
 */
export function* changesBetween(a: Tokens, b: Tokens, budget: Budget): Steps<Change[]> {
  const whole = differing(a, b);
  if (budget.compare(whole)) {
    return compared(a, b, whole);
  }
  const changes: Change[] = [];
  for (const gap of yield* gaps(a, b, whole)) {
    changes.push(...(budget.compare(gap) ? compared(a, b, gap) : [gap]));
    yield;
  }
  return changes;
}

function compared(a: Tokens, b: Tokens, { start, end, newStart, newEnd }: Change): Change[] {
  const matches = longestCommonSubsequence(a.slice(start, end), b.slice(newStart, newEnd));
  const changes: Change[] = [];
  let [at, newAt] = [0, 0];
  for (const [place, newPlace] of [...matches, [end - start, newEnd - newStart]]) {
    if (at < place || newAt < newPlace) {
      changes.push({
        start: start + at,
        end: start + place,
        newStart: newStart + newAt,
        newEnd: newStart + newPlace
      });
    }
    [at, newAt] = [place + 1, newPlace + 1];
  }
  return changes;
}

/**
 * The parts of `region` between the tokens that occur exactly once on each side, in the same order (patience
 * diff).
 */
function* gaps(a: Tokens, b: Tokens, region: Change): Steps<Change[]> {
  const { start, end, newStart, newEnd } = region;
  const places = yield* placesHeldOnce(a, start, end);
  const newPlaces = yield* placesHeldOnce(b, newStart, newEnd);
  const pairs: [number, number][] = [];
  for (const [token, place] of places) {
    const newPlace = newPlaces.get(token);
    if (newPlace !== undefined) {
      pairs.push([place, newPlace]);
    }
  }
  const result: Change[] = [];
  let [at, newAt] = [start, newStart];
  for (const [place, newPlace] of [...(yield* rising(pairs)), [end, newEnd]]) {
    result.push({ start: at, end: place, newStart: newAt, newEnd: newPlace });
    [at, newAt] = [place + 1, newPlace + 1];
  }
  return result;
}

/** The place of each token that occurs exactly once from `start` to `end`, in order. */
function* placesHeldOnce(tokens: Tokens, start: number, end: number): Steps<Map<number, number>> {
  const counts = new Map<number, number>();
  for (let place = start; place < end; place++) {
    counts.set(tokens[place], (counts.get(tokens[place]) ?? 0) + 1);
    if (place % STEP === 0) {
      yield;
    }
  }
  const places = new Map<number, number>();
  for (let place = start; place < end; place++) {
    if (counts.get(tokens[place]) === 1) {
      places.set(tokens[place], place);
    }
    if (place % STEP === 0) {
      yield;
    }
  }
  return places;
}

/** The longest subsequence of `pairs` whose second members rise; the first members rise anyway. */
function* rising(pairs: readonly [number, number][]): Steps<[number, number][]> {
  const leastEnds: number[] = [];
  const lastPairs: number[] = [];
  const before: number[] = [];
  for (const [index, [, place]] of pairs.entries()) {
    const length = firstAtLeast(leastEnds, place);
    before.push(length ? lastPairs[length - 1] : -1);
    leastEnds[length] = place;
    lastPairs[length] = index;
    if (index % STEP === 0) {
      yield;
    }
  }
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
