/**
 * A long computation that rests after each step of about a millisecond, so that whoever runs it can do something else
 * in between. It returns the result.
 */
export type Steps<Result> = Generator<undefined, Result>;

/** How many tokens, or something as small, are dealt with in one step. */
export const STEP = 5_000;

/** The result, computed at once. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) {
      return value;
    }
  }
}

/** What `make` makes of each item. */
export function* mapInSteps<Item, Result>(
  items: readonly Item[],
  make: (item: Item, index: number) => Result
): Steps<Result[]> {
  const results: Result[] = [];
  for (let index = 0; index < items.length; index++) {
    results.push(make(items[index], index));
    if (index % STEP === STEP - 1) {
      yield;
    }
  }
  return results;
}
