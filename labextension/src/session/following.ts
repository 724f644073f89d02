import { compose, EMPTY, normalise, type Operation } from '../text';

/**
 * Operations that follow each other, of which only the composition is wanted: a value.
 *
 * Each part is the composition of so many operations, and has fewer than the one before it. Parts of about the same
 * number are composed when one more comes, as digits are carried when a number is counted up. So an operation takes
 * part in few compositions, however many there are; composed with the sum of all others each time, thousands of them
 * would take minutes.
 *
 * Law (`following.test.ts`): {@link composed} is the composition of all operations, one after the other.
 */
export type Following = readonly Part[];

interface Part {
  readonly count: number;
  readonly operation: Operation;
}

export const NOTHING: Following = [];

/** One more operation, behind all others. */
export function followedBy(before: Following, operation: Operation): Following {
  const parts = [...before];
  let [count, last] = [1, normalise(operation)];
  for (let part = parts.at(-1); part && part.count <= count; part = parts.at(-1)) {
    parts.pop();
    last = normalise(compose(part.operation, last));
    count += part.count;
  }
  return [...parts, { count, operation: last }];
}

/** All operations as one, in normal form. */
export function composed(following: Following): Operation {
  return following.reduceRight(
    (after, { operation }) => (after.isEmpty ? operation : normalise(compose(operation, after))),
    EMPTY
  );
}
