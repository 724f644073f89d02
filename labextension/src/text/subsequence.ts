/** Finds a longest common subsequence of two lists of tokens. */

/** Equal numbers are equal tokens. */
export type Tokens = readonly number[];

/** Replaces the tokens from `start` to `end` of the old list with those from `newStart` to `newEnd` of the new one. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** The places of one token in both lists. */
export type Match = [place: number, newPlace: number];

const BITS = 32;

/**
 * The matches of a longest common subsequence of `a` and `b`, from left to right.
 *
 * If several are equally long, tokens at the common beginning match, then those at the common end. The rest is
 * decided from right to left: the last token of `a` is dropped if that costs no match, otherwise the last token
 * of `b` if that costs no match, otherwise both match. The server's rapidfuzz makes the same choice.
 *
 * The time is `a.length * b.length / 32` steps. Follows Hyyrö, "Bit-parallel LCS-length computation revisited"
 * (2004).
 *
 * Law (`subsequence.test.ts`): equal to the result of this rule on the plain table of lengths.
 */
export function longestCommonSubsequence(a: Tokens, b: Tokens): Match[] {
  const { start, end, newStart, newEnd } = differing(a, b);
  const matches: Match[] = [];
  for (let place = 0; place < start; place++) {
    matches.push([place, place]);
  }
  for (const [place, newPlace] of between(a.slice(start, end), b.slice(newStart, newEnd))) {
    matches.push([place + start, newPlace + newStart]);
  }
  for (let place = end; place < a.length; place++) {
    matches.push([place, newEnd + place - end]);
  }
  return matches;
}

/** The region without the common beginning of both lists, and then without their common end. */
export function differing(a: Tokens, b: Tokens): Change {
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

function between(a: Tokens, b: Tokens): Match[] {
  if (!a.length || !b.length) {
    return [];
  }
  const words = Math.ceil(a.length / BITS);
  const rows = rowsOf(a, b, words);
  const isSet = (row: number, column: number) =>
    (rows[row * words + (column >>> 5)] >>> (column & 31)) & 1;
  const matches: Match[] = [];
  let [column, row] = [a.length - 1, b.length - 1];
  while (column >= 0 && row >= 0) {
    if (isSet(row, column)) {
      column--;
    } else if (row > 0 && !isSet(row - 1, column)) {
      row--;
    } else {
      matches.push([column--, row--]);
    }
  }
  return matches.reverse();
}

/**
 * The table of lengths as bits, one row of 32-bit `words` for each token of `b`: bit `column` of a `row` is set
 * where `a` up to `column` has no longer subsequence in common with `b` up to `row` than `a` before `column` has.
 */
function rowsOf(a: Tokens, b: Tokens, words: number): Int32Array {
  const places = placesOf(a, b, words);
  const rows = new Int32Array(words * b.length);
  const row = new Int32Array(words).fill(-1);
  b.forEach((token, index) => {
    const equal = places.get(token)!;
    let carry = 0;
    for (let word = 0; word < words; word++) {
      const old = row[word];
      const matching = old & equal[word];
      const sum = (old + matching + carry) | 0;
      carry = (matching | (old & ~sum)) >>> 31;
      row[word] = sum | (old ^ matching);
    }
    rows.set(row, index * words);
  });
  return rows;
}

/** For each token of `b`, the places at which `a` holds it, as bits. */
function placesOf(a: Tokens, b: Tokens, words: number): Map<number, Int32Array> {
  const places = new Map<number, Int32Array>();
  for (const token of b) {
    if (!places.has(token)) {
      places.set(token, new Int32Array(words));
    }
  }
  a.forEach((token, place) => {
    const bits = places.get(token);
    if (bits) {
      bits[place >>> 5] |= 1 << (place & 31);
    }
  });
  return places;
}
