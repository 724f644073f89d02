import {
  apply,
  codePointLength,
  merge,
  Operation,
  replacement as replaced,
  transform
} from '../text';

/** How many code points may differ for two texts to be compared letter by letter. */
const MOST_COMPARED = 4_000;

/**
 * What a suggestion for `words` is to put in their place when others have made `present` of them: `replacement` with
 * the changes of the others, so that accepting it takes back nothing that they wrote.
 *
 * Laws (`rewording.test.ts`): what others inserted is in it; it is `replacement` where they changed nothing, and
 * `present` where nothing was suggested.
 */
export function reworded(words: string, replacement: string, present: string): string {
  if (present === words) {
    return replacement;
  }
  const [own, others] = [whole(words, replacement), whole(words, present)];
  return Math.max(differing(own), differing(others)) <= MOST_COMPARED
    ? merge(words, replacement, present)
    : apply(transform(own, others, 'left'), present);
}

/** All that differs between two texts as one change. */
function whole(before: string, after: string): Operation {
  const { from, to, insert } = replaced(before, after);
  const lengths = [before.slice(0, from), before.slice(from, to), before.slice(to)];
  const [start, gone, kept] = lengths.map(codePointLength) as [number, number, number];
  return Operation.of(
    ...[start, insert, -gone, kept].filter(component => component !== 0 && component !== '')
  );
}

/** The code points that an operation inserts and deletes. */
function differing({ components }: Operation): number {
  return components.reduce<number>(
    (sum, component) =>
      sum + (typeof component === 'string' ? codePointLength(component) : Math.max(0, -component)),
    0
  );
}
