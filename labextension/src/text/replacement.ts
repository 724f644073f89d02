/** A piece of a text, in UTF-16 units, and what comes in its place. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

const [HIGH, LOW, END] = [0xd800, 0xdc00, 0xe000];

/**
 * The shortest single piece of `before` that has to be replaced so that it becomes `after`. It splits no surrogate
 * pair.
 *
 * Laws (`replacement.test.ts`): with it the one text is the other; no shorter one does it without splitting a pair.
 */
export function replacement(before: string, after: string): Replacement {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before.charCodeAt(from) === after.charCodeAt(from)) {
    from++;
  }
  if (isIn(before.charCodeAt(from - 1), HIGH, LOW)) {
    from--;
  }
  let same = 0;
  while (
    same < shorter - from &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  ) {
    same++;
  }
  if (same > 0 && isIn(before.charCodeAt(before.length - same), LOW, END)) {
    same--;
  }
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}

function isIn(unit: number, first: number, end: number): boolean {
  return first <= unit && unit < end;
}
